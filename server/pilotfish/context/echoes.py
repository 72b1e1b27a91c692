"""Where else the words before the cursor stand, and what comes next there: the engine's index, read as text.

The engine keeps the order of all places by the words before them, so that those most like the cursor are
neighbours and are found in microseconds, however large the code base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pilotfish.engine.places import DEPTH, SegmentSource
from pilotfish.index.hidden import without
from pilotfish.index.segment import Segment, Texts
from pilotfish.index.view import IndexView
from pilotfish.syntax.lexer import lex, spell, token_id

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
            paths = _spelled(segment.paths, files)
            tokens = segment.stream.take(found.position).tolist()
            spellings = _spelled(segment.texts, tokens)
            for file, position, length, token in zip(
                files, found.position.tolist(), found.length.tolist(), tokens, strict=True
            ):
                yield Echo(root, paths[file], spellings[token], length, segment, file, position)

    def line(self, echo: Echo) -> tuple[int, str]:
        """The number of the line that a place is on, and its text without indentation and end.

        The number is from 0; blank lines after the second in a row are not counted.
        """
        segment, at = echo.segment, echo.position
        start = int(segment.starts[echo.file]) + 1
        above, below = segment.stream[start:at], segment.stream[at : at + MOST_LINE_TOKENS]
        breaks = above[above >= segment.first_break]
        lines = int(segment.line_ends.take(breaks - segment.first_break).sum())

        def is_inside(token: int) -> bool:
            return token < segment.first_break

        left = takewhile(is_inside, reversed(above[-MOST_LINE_TOKENS:].tolist()))
        line = [*reversed([*left]), *takewhile(is_inside, below.tolist())]
        return lines, spell(segment.texts.some(line)).strip()


def _spelled(texts: Texts, numbers: Sequence[int]) -> dict[int, str]:
    """The text of each number that occurs."""
    different = list(set(numbers))
    return dict(zip(different, texts.some(different), strict=True))


def words_before(text: str) -> list[str]:
    """The tokens of a text whose end may be in the middle of a line; a break at its end counts."""
    return lex(text + "x")[1:-1]
