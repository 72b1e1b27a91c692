"""What a lookup in the catalog finds. A `path` is relative to its `root`, with `/`; lines count from 0."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A piece of a file, cut along syntax.

    Attributes:
        root: the workspace folder.
        path: of the file; one of them, where several files have the same content.
        start_line, end_line: the lines it takes; the end is exclusive.
        kind: of the symbol it is (`function`, `class`, …), or `lines`.
        symbol: name of that symbol with its container (`Class.method`), or empty.
        hash: blake2b-128 of its text: the same wherever the same text stands.
        number: of the chunk in its catalog, for paging; not kept across rebuilds.
    """

    root: Path
    path: str
    start_line: int
    end_line: int
    kind: str
    symbol: str
    hash: bytes
    number: int


class FoundSymbol(NamedTuple):
    """A definition.

    Attributes:
        root, path: where it stands, as in `FoundChunk`.
        name: its own.
        kind: as the language server protocol names it: `class`, `method`, `function`, `variable`, …
        container: the names of what it stands in, outermost first, joined with `.`; empty at the top.
        start_line, end_line: the whole definition with its decorators; the end is exclusive.
        name_line: where its name stands.
        signature: its head in one line, as it is written.
        doc: its doc comment, shortened; may be empty.
        bases: names of what a class derives from, as written.
    """

    root: Path
    path: str
    name: str
    kind: str
    container: str
    start_line: int
    end_line: int
    name_line: int
    signature: str
    doc: str
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundImport:
    """One imported name.

    Attributes:
        root, path: the importing file.
        module: as written: `..models`, `./api`, `java.util`, `stdio.h`.
        name: what is taken from the module; empty where it is the module itself.
        alias: under which it is known in the file, if that differs; else empty.
        line: where it stands, from 0.
    """

    root: Path
    path: str
    module: str
    name: str
    alias: str
    line: int
