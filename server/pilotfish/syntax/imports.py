"""Imports: what a file takes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotfish.syntax.definitions import Captures
from pilotfish.syntax.source import Source

if TYPE_CHECKING:
    import tree_sitter

_MAX_TREE_CHARS = 4000
_WORDS_BEFORE = re.compile(r"^(?:pub(?:\([^)]*\))?\s+)?(?:(?:import|use|static|function|const)\s+)*")
_SEPARATOR = re.compile(r"::|\\|\.")
_ALIAS = re.compile(r"\s+as\s+")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, or one whole module.

    Attributes:
        module: as written: `a.b`, `..x`, `./util`, `stdio.h`, `std::collections`.
        name: the name taken from the module; empty where the module itself is imported, `*` for all of them,
            `default` for what it exports as such.
        alias: what it is called in this file where that is another name, else empty.
        line: where it stands, from 0.
    """

    module: str
    name: str
    alias: str
    line: int


def imports_of(
    source: Source, query: tree_sitter.Query, matches: Sequence[tuple[int, Captures]]
) -> list[Import]:
    """The imports that the query found: `@import` with `@module`, `@name` and `@alias`, or with a `@tree`.

    A tree is one import in the language's own spelling, such as `a::{b, c as d}`. A name or a module that is
    not spelled out is set in the pattern (`#set! name "*"`).
    """
    found: list[Import] = []
    for pattern, captures in matches:
        if "import" not in captures:
            continue
        start = captures["import"][0].start_byte
        line = source.line_of(start)
        if "tree" in captures:
            node = captures["tree"][0]
            text = source.text(node.start_byte, min(node.end_byte, node.start_byte + _MAX_TREE_CHARS))
            found += [Import(module, name, alias, line) for module, name, alias in _branches(text)]
        else:
            given = query.pattern_settings(pattern)
            module, name, alias = (
                _text(source, captures, part) or given.get(part) or "" for part in ("module", "name", "alias")
            )
            found.append(Import(module, name, alias, line))
    found.sort(key=lambda one: one.line)
    return found


def _text(source: Source, captures: Captures, part: str) -> str:
    if part not in captures:
        return ""
    node = captures[part][0]
    return source.text(node.start_byte, node.end_byte).strip("\"'`<> ")


def _branches(text: str) -> Iterator[tuple[str, str, str]]:
    """`use a::{b, c as d, e::*};` → module, name and alias of each: `a b`, `a c d`, `a::e *`."""
    text = _WORDS_BEFORE.sub("", text.strip().rstrip(";"))
    prefixes = [""]
    for piece in re.split(r"([{},])", text):
        if piece == "{":
            continue
        if piece == "}":
            prefixes = prefixes[:-1] or [""]
        elif piece != "," and (path := piece.strip()):
            if _SEPARATOR.search(path[-2:]) and path[-1] in ":\\.":
                prefixes.append(prefixes[-1] + path)
            else:
                yield _branch(prefixes[-1] + _WORDS_BEFORE.sub("", path))


def _branch(path: str) -> tuple[str, str, str]:
    path, *alias = _ALIAS.split(path, maxsplit=1)
    path = "".join(path.split())
    last = None
    for last in _SEPARATOR.finditer(path):  # noqa: B007  (the last one is what is looked for)
        pass
    module, name = (path[: last.start()], path[last.end() :]) if last else (path, "")
    return (
        (module, "", alias[0] if alias else "")
        if name == "self"
        else (module, name, alias[0] if alias else "")
    )
