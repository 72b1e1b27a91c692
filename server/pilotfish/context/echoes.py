"""Where else the words before the cursor stand, and what comes next there: the engine's index, read as text.

The engine keeps the order of all places by the words before them, so that those most like the cursor are
neighbours and are found in microseconds, however large the code base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pilotfish.engine.places import DEPTH, SegmentSource
from pilotfish.index.hidden import without
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView
from pilotfish.syntax.lexer import BREAK_BIT, lex, spell, token_id

MOST_LINE_TOKENS = 60
"""A line of more tokens is cut: on both sides of the place so many are read at most."""


class Echo(NamedTuple):
    """One place with the same words before it.

    Attributes:
        root, path: of the file.
        next: the token that comes next there, with the space before it.
        length: how many tokens before it are the same.
        segment, file, position: where it is in the index.
    """

    root: Path
    path: str
    next: str
    length: int
    segment: Segment
    file: int
    position: int


class Echoes:
    """The index without the files that do not count."""

    def __init__(self, view: IndexView, hidden: Collection[Path]) -> None:
        self._parts: list[tuple[Path, Segment, SegmentSource]] = []
        self._texts: dict[int, dict[int, str]] = {}
        for each in without(view, hidden).segments:
            alive = np.ones(len(each.segment.paths))
            alive[list(each.dead)] = 0
            if each.segment.tokens:
                self._parts.append((each.root, each.segment, SegmentSource(each.segment, alive)))

    def after(self, texts: Sequence[Sequence[str]], *, width: int, least: int) -> Iterator[Echo]:
        """About `width` places for each text (tokens) before which at least its `least` last ones stand."""
        contexts = np.zeros((len(texts), DEPTH), np.uint64)
        for row, words in enumerate(texts):
            contexts[row, : len(words)] = [token_id(word) for word in words[-DEPTH:][::-1]]
        for root, segment, source in self._parts:
            found = source.places(contexts, max(width // len(self._parts), least))
            found = found[found.length >= least]
            files = segment.file_of(found.position - 1).tolist()
            paths = {file: segment.paths[file] for file in set(files)}
            spellings = {token: segment.spelling(token) for token in set(found.token.tolist())}
            places = zip(
                files, found.position.tolist(), found.length.tolist(), found.token.tolist(), strict=True
            )
            for file, position, length, token in places:
                if (spelling := spellings[token]) is not None:
                    yield Echo(root, paths[file], spelling, length, segment, file, position)

    def line(self, echo: Echo) -> tuple[int, str]:
        """The number of the line that a place is on, and its text without indentation and end.

        The number is from 0; blank lines after the second in a row are not counted.
        """
        segment, position = echo.segment, echo.position
        first_break = int(np.searchsorted(segment.vocabulary, np.uint64(BREAK_BIT)))
        start = int(segment.starts[echo.file])
        numbers = segment.stream[start + 1 : position + MOST_LINE_TOKENS]
        ends = np.flatnonzero(numbers >= first_break) + start + 1
        above, below = ends[ends < position], ends[ends >= position]
        line_start = int(above[-1]) + 1 if len(above) else start + 1
        line_end = int(below[0]) if len(below) else start + 1 + len(numbers)
        texts = self._texts.setdefault(id(segment), {})
        kinds, counts = np.unique(segment.stream[above], return_counts=True)
        lines = 0
        for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
            lines += _text(segment, kind, texts).count("\n") * count
        line_start = max(line_start, position - MOST_LINE_TOKENS)
        tokens = segment.stream[line_start:line_end].tolist()
        return lines, spell(_text(segment, number, texts) for number in tokens).strip()


def _text(segment: Segment, number: int, known: dict[int, str]) -> str:
    text = known.get(number)
    if text is None:
        text = known[number] = segment.texts[number]
    return text


def words_before(text: str) -> list[str]:
    """The tokens of a text whose end may be in the middle of a line; a break at its end counts."""
    return lex(text + "x")[1:-1]
