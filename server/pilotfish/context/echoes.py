"""Where else the words before the cursor stand, and what comes next there: the engine's index, read as text.

The engine keeps the order of all places by the words before them, so that those most like the cursor are
neighbours and are found in microseconds, however large the code base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pilotfish.engine.places import DEPTH, SegmentSource
from pilotfish.index.hidden import without
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView
from pilotfish.syntax.lexer import BREAK_BIT, lex, spell, token_id

MOST_LINE_TOKENS = 60
"""A line of more tokens is cut: on both sides of the place so many are read at most."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One place with the same words before it.

    Attributes:
        root, path: of the file.
        next: the token that comes next there, with the space before it.
        length: how many tokens before it are the same.
        segment, position: where it is in the index.
    """

    root: Path
    path: str
    next: str
    length: int
    segment: Segment
    position: int

    def line(self) -> str:
        """The line it is on, with the indentation that the line before it leaves it, without its end."""
        first, last = _line_bounds(self.segment, self.position)
        return spell(_texts(self.segment, first, last)).strip()

    def line_number(self) -> int:
        """The number of its line, from 0; blank lines after the second in a row are not counted."""
        segment = self.segment
        start = int(segment.starts[int(segment.file_of(np.array([self.position]))[0])])
        numbers = segment.stream[start + 1 : self.position]
        breaks = numbers[numbers >= np.searchsorted(segment.vocabulary, np.uint64(BREAK_BIT))]
        kinds, counts = np.unique(breaks, return_counts=True)
        ends = (segment.texts[int(kind)].count("\n") for kind in kinds)
        return sum(lines * int(count) for lines, count in zip(ends, counts, strict=True))


class Echoes:
    """The index without the files that do not count."""

    def __init__(self, view: IndexView, hidden: Collection[Path]) -> None:
        self._parts = []
        for each in without(view, hidden).segments:
            alive = np.ones(len(each.segment.paths))
            alive[list(each.dead)] = 0
            if each.segment.tokens:
                self._parts.append((each.root, each.segment, SegmentSource(each.segment, alive)))

    def after(self, words: Sequence[str], *, width: int, least: int) -> Iterator[Echo]:
        """About `width` places before which the last of these tokens stand too, at least `least` of them."""
        context = np.zeros((1, DEPTH), np.uint64)
        ids = [token_id(word) for word in words[-DEPTH:][::-1]]
        context[0, : len(ids)] = ids
        for root, segment, source in self._parts:
            found = source.places(context, max(width // len(self._parts), least))
            kept = found.length >= least
            places = zip(
                found.position[kept].tolist(), found.length[kept].tolist(), found.token[kept], strict=True
            )
            files = segment.file_of(found.position[kept] - 1).tolist()
            for (position, length, token), file in zip(places, files, strict=True):
                spelling = segment.spelling(int(token))
                if spelling is not None:
                    yield Echo(root, segment.paths[file], spelling, length, segment, position)


def words_before(text: str) -> list[str]:
    """The tokens of a text whose end may be in the middle of a line; a break at its end counts."""
    return lex(text + "x")[1:-1]


def _line_bounds(segment: Segment, position: int) -> tuple[int, int]:
    """Where the line of a position starts and ends in the stream."""
    first = max(0, position - MOST_LINE_TOKENS)
    numbers = segment.stream[first : position + MOST_LINE_TOKENS]
    breaks = np.flatnonzero(numbers >= np.searchsorted(segment.vocabulary, np.uint64(BREAK_BIT))) + first
    before, after = breaks[breaks < position], breaks[breaks >= position]
    start = int(before[-1]) + 1 if len(before) else first
    return start, int(after[0]) if len(after) else first + len(numbers)


def _texts(segment: Segment, first: int, last: int) -> list[str]:
    return [segment.texts[int(number)] for number in segment.stream[first:last]]
