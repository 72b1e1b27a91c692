"""The cursor and its surroundings, in the decoder's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.between import FURTHER, Between
from pilotfish.engine.brackets import STEPS, owed
from pilotfish.engine.buffers import Buffers, break_before
from pilotfish.engine.judge import Judge, Network
from pilotfish.engine.near import Near, Trace
from pilotfish.engine.places import DEPTH, Corpus, SegmentSource
from pilotfish.engine.query import Query
from pilotfish.engine.regions import common_words, regions
from pilotfish.errors import IndexFault
from pilotfish.index.segment import Ids, Segment, folder_of, path_id
from pilotfish.index.view import IndexView, SegmentView
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import (
    BREAK_BIT,
    SPACE_BIT,
    line_break,
    split_line,
    split_open_line,
    split_rest,
)
from pilotfish.text.document import Document

OWN_WEIGHT = 6.0
"""What a vote in the cursor's own document counts; one in a file of the index counts 1."""

OTHERS_WEIGHT = 4.0
"""The same for the other open documents."""

FOLDER_WEIGHT = 3.0
"""The same for files of the index in the cursor's folder."""


OWN_BEFORE, OWN_AFTER, OTHER_TOKENS = 12000, 6000, 2000
"""So many tokens of the own document before and after the cursor are near, and of each other document."""

REPEAT_LINES = 3
"""So many lines above and below, of those that are not blank, are not expected to come again."""

AROUND_BEFORE, AROUND_AFTER = 70, 45
"""So many tokens before and after the cursor tell which regions of the index are like it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the decoder knows of one question.

    Attributes:
        context: uint64[DEPTH], the finished tokens before the cursor, the nearest first; 0 beyond the start.
        indent: the indentation of the cursor's line.
        partial: the start of the token at the cursor, which the first token must begin with.
        lead: the finished tokens before the cursor on its line.
        rest: what stands after the cursor on the line.
        repeats: the lines next to the cursor's, which nobody would write again: see `_repeats`.
        below: the line that follows, its break first; empty where nothing follows.
        below_text: the same as text, without indentation.
        owed: how many more brackets the line must close than it opens; None where nothing tells.
        near: the open documents and the regions of the index that are like what surrounds the cursor.
        trace: what stands before the cursor against `near`.
        between: lines that stand elsewhere before the line below.
        judge: weighs what speaks for each token.
        index: where places are looked for token by token.
        spell: gives the text of a token.
    """

    context: Ids
    indent: str
    partial: str
    lead: tuple[int, ...]
    rest: tuple[int, ...]
    repeats: frozenset[tuple[int, ...]]
    below: tuple[int, ...]
    below_text: str
    owed: int | None
    near: Near
    trace: Trace
    between: Between
    judge: Judge
    index: Corpus
    spell: Speller


class Speller:
    """Token texts by identity, from the open documents and the index."""

    def __init__(self, buffers: Buffers, segments: Sequence[Segment]) -> None:
        self._buffers = buffers
        self._segments = segments
        self._found: dict[int, str] = {}

    def __call__(self, token: int) -> str:
        """The text of a token that some source gave; IndexFault where damage has left it none."""
        text = self._found.get(token)
        if text is None:
            text = self._find(token)
            if text is None:  # A word that was renamed may never have stood after a space, or without one.
                other = self._find(token ^ SPACE_BIT)
                if other is None:
                    raise IndexFault("The index is damaged: a token has no spelling.")
                text = f" {other}" if token & SPACE_BIT else other.removeprefix(" ")
            self._found[token] = text
        return text

    def _find(self, token: int) -> str | None:
        text = self._buffers.spelling(token)
        if text is None:
            text = next((found for one in self._segments if (found := one.spelling(token)) is not None), None)
        return text

    def starting(self, tokens: Ids, start: str) -> NDArray[np.bool_]:
        """Which of the tokens begin with this text."""
        return np.array(
            [token < BREAK_BIT and self(token).startswith(start) for token in tokens.tolist()], np.bool_
        )


def scene(query: Query, buffers: Buffers, index: IndexView) -> Steps[Scene]:
    """Look around the cursor. Its own line is hidden and so is, in the index, every open document."""
    document, position = query.document, query.document.clamp(query.position)
    lexed = yield from buffers.around(document, position)
    indent, words, partial = split_open_line(document.before(position))
    cut, following = lexed.start_of(position.line), lexed.start_of(position.line + 1)
    lead = np.array([buffers.id_of(word) for word in words], np.uint64)
    own_break = np.array([buffers.id_of(break_before(document, position.line, indent))], np.uint64)
    above = np.concatenate([lexed.ids[max(0, cut - OWN_BEFORE) : cut], own_break, lead])
    number = _next_filled(document, position.line + 1)
    below_indent, below_words = split_line(document.line(number))
    if below_words:
        below_words = [line_break(indent, below_indent, number - position.line - 1), *below_words]
    below = np.array([buffers.id_of(word) for word in below_words], np.uint64)
    after = lexed.ids[following : following + OWN_AFTER].copy()
    # What follows was read after a line that is now being written anew.
    after[: min(1, len(below))] = below[:1]
    views = [view for view in index.segments if view.segment.tokens]
    segments = [_indexed(view, query) for view in views]
    yield
    near = yield from _near(above, after, _others(query, buffers), segments)
    backwards = above[::-1]
    context = np.zeros(DEPTH, np.uint64)
    context[: min(DEPTH, len(backwards))] = backwards[:DEPTH]
    yield
    further = after[len(below) :][:FURTHER]
    between = Between(below, further, lead, backwards[len(lead) :], near, segments)
    yield
    rest = tuple(map(buffers.id_of, split_rest(document.after(position))))
    return Scene(
        context=context,
        indent=indent,
        partial=partial,
        lead=tuple(lead.tolist()),
        rest=rest,
        repeats=_repeats(document, position.line, buffers),
        below=tuple(below.tolist()),
        below_text=document.line(number).strip(),
        owed=_owed(above[: len(above) - len(lead)], rest, after),
        near=near,
        trace=near.trace(),
        between=between,
        judge=Judge(Network.load(), near, below[1:]),
        index=Corpus(segments),
        spell=Speller(buffers, [view.segment for view in views]),
    )


def _owed(above: Ids, rest: tuple[int, ...], after: Ids) -> int | None:
    """As `owed`, for what is written before `rest` on the line."""
    wanted = owed(above, after)
    return None if wanted is None else wanted + sum(STEPS.get(token, 0) for token in rest)


def _repeats(document: Document, line: int, buffers: Buffers) -> frozenset[tuple[int, ...]]:
    """The nearest lines above and below that are not blank, as tokens.

    On public tasks a candidate that equals the nearest line above was right in 0 of 73 cases, one that equals
    the second or third in 6 of 101. Lines without a word, such as brackets, do come again, and so do those of
    a single word, such as `break`, but not next to each other.
    """
    found: list[tuple[int, ...]] = []
    for step in (-1, 1):
        number, seen = line + step, 0
        while 0 <= number < len(document.lines) and seen < REPEAT_LINES:
            words = split_line(document.lines[number])[1]
            count = sum(word[-1].isalnum() for word in words)
            if count > (seen > 0):
                found.append(tuple(map(buffers.id_of, words)))
            seen += bool(words)
            number += step
    return frozenset(found)


def _near(above: Ids, after: Ids, others: Sequence[Ids], segments: Sequence[SegmentSource]) -> Steps[Near]:
    """The own document before and after the cursor, the other open ones, and what is like it in the index."""
    around = np.concatenate([above[-AROUND_BEFORE:], after[:AROUND_AFTER]])
    retrieved = yield from regions(around, segments)
    weights = [OWN_WEIGHT] * 2 + [OTHERS_WEIGHT] * len(others) + [0.0] * len(retrieved)
    common = common_words(np.unique(np.concatenate([above, after])), segments)
    yield
    return Near([above, after, *others, *retrieved], weights, common)


def _others(query: Query, buffers: Buffers) -> list[Ids]:
    """The tokens of the other open documents, as far as they are near."""
    known = [buffers.last(one.uri) for one in query.others if one.uri != query.document.uri]
    return [lexed.ids[:OTHER_TOKENS] for lexed in known if lexed is not None]


def _next_filled(document: Document, line: int) -> int:
    """The first line from `line` on that is not blank, or how many lines there are."""
    while line < len(document.lines) and not document.lines[line].strip():
        line += 1
    return line


def _indexed(view: SegmentView, query: Query) -> SegmentSource:
    """A segment of the index, weighed by how near its files are."""
    segment = view.segment
    weights = np.ones(len(segment.paths))
    own = _relative(query.document.path, view.root)
    if own is not None:
        weights[segment.folder_ids == np.uint64(path_id(folder_of(own)))] = FOLDER_WEIGHT
    for document in (query.document, *query.others):
        path = _relative(document.path, view.root)
        if path is not None:
            weights[segment.path_ids == np.uint64(path_id(path))] = 0
    if view.dead:
        weights[list(view.dead)] = 0
    return SegmentSource(segment, weights)


def _relative(path: Path | None, root: Path) -> str | None:
    """The path as the index names it, also where one of the two goes through a symbolic link."""
    if path is None:
        return None
    if not path.is_relative_to(root):
        path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None
