"""Chunks: a file cut into pieces that can be found and shown on their own.

A definition that fits into a chunk is never cut. One that does not is taken apart: its head, its members,
what stands between them; and where no definition is left to go by, statements are kept whole as far as they
fit. Small neighbours in the same definition then share a chunk.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pilotfish.syntax.borders import Borders
from pilotfish.syntax.definitions import CLASS_LIKE, FUNCTION_LIKE
from pilotfish.syntax.source import Source
from pilotfish.syntax.symbols import Symbol

if TYPE_CHECKING:
    import tree_sitter

MAX_LINES, MAX_BYTES = 60, 2400
"""A chunk is no longer than this, but for single lines and blank ones at its end."""

_SHARED_LINES, _SHARED_BYTES, _SMALL_LINES = 40, 1600, 12
"""Neighbours are put together up to here, if one of them is small."""

_BLOCKS = (
    (CLASS_LIKE - {"namespace"})
    | FUNCTION_LIKE
    | {"property", "variable", "constant", "macro", "event", "enumMember"}
)


class Chunk(NamedTuple):
    """Some lines of a file. Each line of a file is in exactly one chunk.

    Attributes:
        start_line: its first line, from 0.
        end_line: the line after its last one.
        kind: the kind of the symbol that it is or is part of; `lines` where it belongs to none.
        symbol: that symbol's path (`Class.method`); empty where it belongs to none.
    """

    start_line: int
    end_line: int
    kind: str
    symbol: str


@dataclass(slots=True)
class _Piece:
    """Lines that stay together: `owned` of them are the symbol `owner`'s, which stands in `around`."""

    start: int
    end: int
    owner: Symbol | None
    around: Symbol | None
    owned: int


def chunks_of(source: Source, symbols: Sequence[Symbol], root: tree_sitter.Node | None) -> list[Chunk]:
    """Cut a file along its symbols, which are in the order of the text, outer ones first."""
    return [
        Chunk(
            piece.start, piece.end, *((piece.owner.kind, piece.owner.path) if piece.owner else ("lines", ""))
        )
        for piece in _shared(source, _pieces(source, symbols, Borders(source, root)))
    ]


def _fits(source: Source, start: int, end: int, max_lines: int, max_bytes: int) -> bool:
    return end - start <= max_lines and source.starts[end] - source.starts[start] <= max_bytes


def _is_whole(source: Source, symbol: Symbol) -> bool:
    return _fits(source, symbol.start_line, symbol.end_line, MAX_LINES, MAX_BYTES)


def _pieces(source: Source, symbols: Sequence[Symbol], borders: Borders) -> Iterator[_Piece]:
    """The whole file in pieces, in order, none longer than a chunk may be."""
    line = 0
    opened: list[Symbol] = []  # blocks that are too long for one chunk, around the line
    for symbol in symbols:
        if symbol.start_line < line or symbol.kind not in _BLOCKS or symbol.end_line - symbol.start_line < 2:
            continue
        while opened and opened[-1].end_line <= symbol.start_line:
            yield from _cut(source, borders, line, opened[-1].end_line, opened[-1])
            line = max(line, opened.pop().end_line)
        around = opened[-1] if opened else None
        yield from _cut(source, borders, line, symbol.start_line, around)
        line = symbol.start_line
        if _is_whole(source, symbol):
            yield _Piece(line, symbol.end_line, symbol, around, symbol.end_line - line)
            line = symbol.end_line
        else:
            opened.append(symbol)
    while opened:
        yield from _cut(source, borders, line, opened[-1].end_line, opened[-1])
        line = max(line, opened.pop().end_line)
    yield from _cut(source, borders, line, len(source.lines), None)


def _cut(source: Source, borders: Borders, start: int, end: int, owner: Symbol | None) -> Iterator[_Piece]:
    """Lines between the definitions of a block, in pieces that fit."""
    while start < end:
        cut = end
        if not _fits(source, start, end, MAX_LINES, MAX_BYTES):
            full = bisect_right(source.starts, source.starts[start] + MAX_BYTES) - 1
            limit = max(start + 1, min(start + MAX_LINES, full))
            cut = borders.last(start, limit)
        yield _Piece(start, cut, owner, owner, cut - start)
        start = cut


def _shared(source: Source, pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """The pieces, with small neighbours in the same block put together."""
    last: _Piece | None = None
    for piece in pieces:
        if last is not None and _belongs(source, last, piece):
            longer = max(last, piece, key=lambda one: one.owned)
            is_most = 3 * longer.owned >= 2 * (piece.end - last.start)
            owner = longer.owner if is_most else last.around
            last = _Piece(last.start, piece.end, owner, last.around, longer.owned)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _belongs(source: Source, last: _Piece, piece: _Piece) -> bool:
    if source.data[source.starts[piece.start] : source.starts[piece.end]].isspace():
        return True
    is_small = min(last.end - last.start, piece.end - piece.start) <= _SMALL_LINES
    return (
        is_small
        and last.around is piece.around
        and _fits(source, last.start, piece.end, _SHARED_LINES, _SHARED_BYTES)
    )
