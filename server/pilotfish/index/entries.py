"""What the catalog keeps of a text: its outline as rows for the tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

from pilotfish.index.used_names import ChunkedText
from pilotfish.syntax.chunks import Chunk
from pilotfish.syntax.languages import Language
from pilotfish.syntax.outline import Outline, outline_of
from pilotfish.syntax.source import Source
from pilotfish.text.lines import split_lines

Row: TypeAlias = tuple[Any, ...]

_MAX_DOC_CHARS = 400
_MODULE_PARTS = re.compile(r"[\w$-]+")


@dataclass(frozen=True, slots=True)
class Entries:
    """Rows in the order of the file, without the columns that the database gives: `content`, `number`, `id`.

    Attributes:
        lines: how many the text has.
        symbols: name, owner, and the rest: kind, container, start, end, line of the name, signature, doc,
            bases.
        chunks: start, end, kind, symbol, hash; what is used in them is found for many texts at once.
        text: where the chunks are.
        imports: module, name, alias, known_as, line.
    """

    lines: int
    symbols: Sequence[tuple[str, str | None, Row]]
    chunks: Sequence[Row]
    text: ChunkedText
    imports: Sequence[Row]


def entries_of(text: str, language: Language) -> Entries:
    """The rows of a text; any text has some."""
    source = Source.of(text)
    outline = outline_of(text, language, source)
    symbols = [
        (
            name,
            container.rpartition(".")[2] or None,
            (kind, container, start, end, name_line, signature, doc[:_MAX_DOC_CHARS], ",".join(bases)),
        )
        for name, kind, container, start, end, name_line, signature, bases, doc in outline.symbols
    ]
    chunks = [
        (*chunk, digest)
        for chunk, digest in zip(outline.chunks, _hashes(text, source, outline.chunks), strict=True)
    ]
    imports = []
    for each in outline.imports:
        known_as = each.alias or each.name or module_tail(each.module)
        imports.append((each.module, each.name, each.alias, known_as, each.line))
    return Entries(len(source.lines), symbols, chunks, _chunked(source, outline), imports)


def _chunked(source: Source, outline: Outline) -> ChunkedText:
    lines = [chunk.start_line for chunk in outline.chunks]
    defined = [(symbol.name, bisect_right(lines, symbol.name_line) - 1) for symbol in outline.symbols]
    return ChunkedText(source.data, [source.starts[line] for line in lines], defined, outline.keywords)


def _hashes(text: str, source: Source, chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """The identity of each chunk's text as it stands in the file, whatever its lines end in."""
    if "\r" in text:
        lines = split_lines(text)
        return (chunk_hash("".join(lines[chunk.start_line : chunk.end_line])) for chunk in chunks)
    data, starts = source.data, source.starts
    return (_hash(data[starts[chunk.start_line] : starts[chunk.end_line]]) for chunk in chunks)


def chunk_hash(text: str) -> bytes:
    """The identity of a chunk's text, wherever it stands."""
    return _hash(text.encode("utf-8", "surrogatepass"))


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def module_tail(module: str) -> str:
    """The last name of a module as it is written: `b` of `a.b`, `./b.js`, `a::b`, `<a/b.h>`."""
    without_ending = re.sub(r"\.(?:[cm]?[jt]sx?|h|hh|hpp|hxx|rb|php|lua|sh)\W*$", "", module)
    parts = _MODULE_PARTS.findall(without_ending)
    return parts[-1] if parts else module
