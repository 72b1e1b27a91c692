"""Where else the words before the cursor stand, and what comes next there: the engine's index, read as text.

The engine keeps the order of all places by the words before them, so that those most like the cursor are
neighbours and are found in microseconds, however large the code base.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pilotfish.engine.places import DEPTH, SegmentSource
from pilotfish.index.hidden import without
from pilotfish.index.segment import Ids, Segment, Texts
from pilotfish.index.view import IndexView
from pilotfish.syntax.lexer import lex, spell, token_id

MOST_LINE_TOKENS = 60
"""A line of more tokens is cut: on both sides of the place so many are read at most."""

_AROUND = np.arange(-MOST_LINE_TOKENS, MOST_LINE_TOKENS)


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
            alive = np.ones(len(each.segment.path_ids))
            alive[list(each.dead)] = 0
            if each.segment.tokens:
                self._parts.append((each.root, each.segment, SegmentSource(each.segment, alive)))

    def after(self, texts: Sequence[Sequence[str]], *, width: int, least: int) -> Iterator[Echo]:
        """About `width` places for each text (tokens) before which at least its `least` last ones stand."""
        contexts = np.zeros((len(texts), DEPTH), np.uint64)
        for row, words in enumerate(texts):
            contexts[row, : len(words)] = [token_id(word) for word in words[-DEPTH:][::-1]]
        for root, segment, source in self._parts:
            if not _may_stand(segment, contexts[:, :least]):
                continue
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

    def lines(self, echoes: Sequence[Echo]) -> list[tuple[int, str]]:
        """The line that each place is on: its number, and its text without indentation and end.

        The number is from 0; blank lines after the second in a row are not counted.
        """
        by_segment: dict[Segment, list[int]] = defaultdict(list)
        for number, echo in enumerate(echoes):
            by_segment[echo.segment].append(number)
        found = [(0, "")] * len(echoes)
        for segment, numbers in by_segment.items():
            places = [(echoes[number].position, echoes[number].file) for number in numbers]
            for number, above, text in zip(
                numbers, _lines_above(segment, places), _texts(segment, places), strict=True
            ):
                found[number] = above, text
        return found


def _may_stand(segment: Segment, ends: Ids) -> bool:
    """Whether a segment has all words of one of the rows."""
    known = segment.numbers(ends.ravel()).reshape(ends.shape) < len(segment.vocabulary)
    return bool(known.all(axis=1).any())


def _texts(segment: Segment, places: Sequence[tuple[int, int]]) -> list[str]:
    """The text of the line of each place (position, file), all at once: a call costs more than its work."""
    at = np.array(places)
    around = at[:, :1] + _AROUND
    tokens = segment.stream.take(around, mode="clip")
    tokens[around <= segment.starts.take(at[:, 1:])] = segment.first_break  # what is before the file
    is_break = tokens >= segment.first_break
    left, right = is_break[:, MOST_LINE_TOKENS - 1 :: -1], is_break[:, MOST_LINE_TOKENS:]
    first = MOST_LINE_TOKENS - np.where(left.any(axis=1), left.argmax(axis=1), MOST_LINE_TOKENS)
    last = MOST_LINE_TOKENS + np.where(right.any(axis=1), right.argmax(axis=1), MOST_LINE_TOKENS)
    rows = [
        row[start:end] for row, start, end in zip(tokens.tolist(), first.tolist(), last.tolist(), strict=True)
    ]
    spellings = _spelled(segment.texts, [token for row in rows for token in row])
    return [spell([spellings[token] for token in row]).strip() for row in rows]


def _lines_above(segment: Segment, places: Sequence[tuple[int, int]]) -> list[int]:
    """How many lines of its file end before each place (position, file); each file is read once."""
    found: dict[int, int] = {}
    known_file, known_position, lines = -1, 0, 0
    for position, file in sorted(places):
        if file != known_file:
            known_file, known_position, lines = file, int(segment.starts[file]) + 1, 0
        between = segment.stream[known_position:position]
        breaks = between.take((between >= segment.first_break).nonzero()[0])  # a third of the time of a mask
        lines += int(segment.line_ends.take(breaks - segment.first_break).sum())
        found[position], known_position = lines, position
    return [found[position] for position, _ in places]


def _spelled(texts: Texts, numbers: Sequence[int]) -> dict[int, str]:
    """The text of each number that occurs."""
    different = list(set(numbers))
    return dict(zip(different, texts.some(different), strict=True))


def words_before(text: str) -> list[str]:
    """The tokens of a text whose end may be in the middle of a line; a break at its end counts."""
    return lex(text + "x")[1:-1]
