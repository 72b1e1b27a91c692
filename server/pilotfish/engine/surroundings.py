"""What surrounds the cursor's line, in the decoder's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilotfish.engine.between import FURTHER, Between
from pilotfish.engine.brackets import owed
from pilotfish.engine.buffers import Buffers, break_before
from pilotfish.engine.judge import Judge, Network
from pilotfish.engine.near import Near
from pilotfish.engine.node import Tree
from pilotfish.engine.places import Corpus, SegmentSource
from pilotfish.engine.query import Query
from pilotfish.engine.regions import common_words, regions
from pilotfish.engine.speller import Speller
from pilotfish.engine.tabs import Tab, new_in, numbers, relative
from pilotfish.index.segment import Ids, folder_of, path_id
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import (
    line_break,
    split_line,
    split_open_line,
)
from pilotfish.text.document import Document

OWN_WEIGHT = 6.0
"""What a vote in the cursor's own document counts; one in a file of the index counts 1."""

OTHERS_WEIGHT = 4.0
"""The same for the other open documents."""

FOLDER_WEIGHT = 3.0
"""The same for files of the index in the cursor's folder."""


OWN_BEFORE, OWN_AFTER = 12000, 6000
"""So many tokens of the own document before and after the cursor are near."""

REPEAT_LINES = 3
"""So many lines above and below, of those that are not blank, are not expected to come again."""

AROUND_BEFORE, AROUND_AFTER = 70, 45
"""So many tokens before and after the cursor tell which regions of the index are like it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a line whatever is written on it.

    Attributes:
        indent: its indentation.
        repeats: the lines next to it, which nobody would write again: see `_repeats`.
        below_text: the line that follows, without indentation; empty where nothing follows.
        owed: how many more brackets it must close than it opens; None where nothing tells.
        near: the open documents and the regions of the index that are like what surrounds the cursor.
        index: where places are looked for token by token.
        spell: gives the text of a token.
        tree: the beginnings of the line.
    """

    indent: str
    repeats: frozenset[tuple[int, ...]]
    below_text: str
    owed: int | None
    near: Near
    index: Corpus
    spell: Speller
    tree: Tree


def surroundings(
    query: Query, lead: tuple[int, ...], tabs: Sequence[Tab], buffers: Buffers, index: IndexView
) -> Steps[Surroundings]:
    """Look around the cursor's line. It is hidden itself, and so is its document in the index.

    Args:
        query: what is asked.
        lead: the tokens before the cursor on its line; they help to choose regions of the index.
        tabs: the other open documents.
        buffers: where the document is lexed.
        index: what else is known.
    """
    document, position = query.document, query.document.clamp(query.position)
    indent = split_open_line(document.before(position))[0]
    lexed = yield from buffers.around(document, position)
    cut, following = lexed.start_of(position.line), lexed.start_of(position.line + 1)
    own_break = np.array([buffers.id_of(break_before(document, position.line, indent))], np.uint64)
    above = np.concatenate([lexed.ids[max(0, cut - OWN_BEFORE) : cut], own_break])
    number = _next_filled(document, position.line + 1)
    below_indent, below_words = split_line(document.line(number))
    if below_words:
        below_words = [line_break(indent, below_indent, number - position.line - 1), *below_words]
    below = np.array([buffers.id_of(word) for word in below_words], np.uint64)
    after = lexed.ids[following : following + OWN_AFTER].copy()
    # What follows was read after a line that is now being written anew.
    after[: min(1, len(below))] = below[:1]
    segments = _sources(document, tabs, index)
    yield
    near = yield from _near(above, np.array(lead, np.uint64), after, tabs, segments)
    yield
    backwards = above[::-1]
    between = Between(below, after[len(below) :][:FURTHER], backwards, near, segments)
    yield
    corpus = Corpus(segments)
    return Surroundings(
        indent=indent,
        repeats=_repeats(document, position.line, buffers),
        below_text=document.line(number).strip(),
        owed=owed(above, after),
        near=near,
        index=corpus,
        spell=Speller(buffers, [view.segment for view in index.segments if view.segment.tokens]),
        tree=Tree(backwards, near, between, Judge(Network.load("judge.json"), near, below[1:]), corpus),
    )


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


def _near(
    above: Ids, lead: Ids, after: Ids, tabs: Sequence[Tab], segments: Sequence[SegmentSource]
) -> Steps[Near]:
    """The own document before and after the line, the other open ones, and what is like it in the index."""
    around = np.concatenate([above[-AROUND_BEFORE:], lead, after[:AROUND_AFTER]])
    retrieved = yield from regions(around, segments)
    others = new_in(tabs)
    weights = [OWN_WEIGHT] * 2 + [OTHERS_WEIGHT] * len(others) + [0.0] * len(retrieved)
    common = common_words(np.concatenate([above, lead, after]), segments)
    yield
    return Near([above, after, *others, *retrieved], weights, common)


def _next_filled(document: Document, line: int) -> int:
    """The first line from `line` on that is not blank, or how many lines there are."""
    while line < len(document.lines) and not document.lines[line].strip():
        line += 1
    return line


def _sources(document: Document, tabs: Sequence[Tab], index: IndexView) -> list[SegmentSource]:
    """The segments of the index, weighed by how near their files are; what is open counts as it is now."""
    sources = []
    opened = [tab.indexed for tab in tabs if tab.indexed is not None]
    names = {root: relative(document.path, root) for root in {view.root for view in index.segments}}
    for at, view in enumerate(index.segments):
        segment, name = view.segment, names[view.root]
        if not segment.tokens:
            continue
        here = [file for file in opened if file.segment == at]
        weights = np.ones(len(segment.paths))
        if name is not None:
            weights[segment.folder_ids == np.uint64(path_id(folder_of(name)))] = FOLDER_WEIGHT
        weights[[file.number for file in here]] = OTHERS_WEIGHT
        if name is not None:
            weights[numbers(segment, name)] = 0
        if view.dead:
            weights[list(view.dead)] = 0
        sources.append(SegmentSource(segment, weights, [(file.first, file.last) for file in here]))
    return sources
