"""The other open documents: as the index has them, and what was edited since.

Most of what is open was not changed, or in a few places, since it was indexed. The index has all the rest of
it, in order, and finds in it by the same few searches as in everything else. So there an open document only
weighs more; what is no longer in it is hidden, and what is new is read as it is now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pilotfish.engine.buffers import Lexed
from pilotfish.index.hidden import names_below
from pilotfish.index.segment import Ids, Segment, path_id
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps
from pilotfish.text.document import Document

MOST_NEW_TOKENS = 2000
"""So many tokens of an open document that the index does not have are near: those at both ends, where there
are more, since there somebody was at work."""

ALL_NEW_TOKENS = 6000
"""No more documents' are near once so many of others are: a thousand take a tenth of a millisecond."""

JOINT_TOKENS = 48
"""So many tokens that the index does have are near with them on each side."""


class Indexed(NamedTuple):
    """A file of an open document in the index, and what of it is no longer in the document.

    Attributes:
        segment: its place in the view.
        number: of the file there.
        first, last: from where to where in the segment's tokens the document has others, or none.
    """

    segment: int
    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tab:
    """An open document, besides the one that is completed in.

    Attributes:
        document: what it is now.
        lexed: what is known of its tokens, of whatever version.
        indexed: what the index has of it; None if nothing.
        new: what the index does not have.
    """

    document: Document
    lexed: Lexed | None
    indexed: Indexed | None
    new: list[Ids]


class Tabs:
    """Finds open documents in the index. What was found for one holds until it changes, or the index."""

    def __init__(self) -> None:
        self._index: IndexView | None = None
        self._found: dict[str, Tab] = {}

    def find(
        self, documents: Sequence[Document], lexed: Sequence[Lexed | None], index: IndexView
    ) -> Steps[list[Tab]]:
        """What the index has of each; `lexed` is what is known of their tokens. Yields between them."""
        known = self._found if self._index is index else {}
        found: dict[str, Tab] = {}
        for document, tokens in zip(documents, lexed, strict=True):
            tab = known.get(document.uri)
            if tab is None or tab.document is not document or tab.lexed is not tokens:
                tab = _compared(document, tokens, index)
                yield
            found[document.uri] = tab
        self._index, self._found = index, found
        return list(found.values())


def new_in(tabs: Iterable[Tab]) -> list[Ids]:
    """What the index does not have of the documents, the most recently used of which come first."""
    found: list[Ids] = []
    for tab in tabs:
        if sum(map(len, found)) < ALL_NEW_TOKENS:
            found += tab.new
    return found


def relative(path: Path | None, root: Path) -> str | None:
    """The path as the index names it, also where one of the two goes through a symbolic link."""
    if path is None:
        return None
    name = next(names_below(root, [path]), None)
    return name or next(names_below(root.resolve(), [path.resolve()]), None)


def _compared(document: Document, lexed: Lexed | None, index: IndexView) -> Tab:
    """The document against the index. Where its tokens are not all known yet, nothing there counts."""
    tokens = np.zeros(0, np.uint64) if lexed is None else lexed.ids
    is_known = lexed is not None and lexed.is_whole and lexed.document.lines is document.lines
    found = _place(document.path, index)
    if found is None:
        return Tab(document, lexed, None, _ends(tokens, 0, len(tokens)))
    at, number = found
    segment = index.segments[at].segment
    first, last = segment.starts[number : number + 2].tolist()
    head = tail = 0
    if is_known:
        before = segment.vocabulary.take(segment.stream[first:last], mode="clip")
        head = _equal(before, tokens)
        tail = _equal(before[head:][::-1], tokens[head:][::-1])
    indexed = Indexed(at, number, first + head, last - tail)
    return Tab(document, lexed, indexed, _ends(tokens, head, len(tokens) - tail))


def _place(path: Path | None, index: IndexView) -> tuple[int, int] | None:
    """Which segment has a file that counts, and its number there."""
    names = {root: relative(path, root) for root in {view.root for view in index.segments}}
    for at, view in enumerate(index.segments):
        name = names[view.root]
        if name is not None:
            for number in numbers(view.segment, name):
                if number not in view.dead:
                    return at, number
    return None


def numbers(segment: Segment, name: str) -> list[int]:
    """The numbers of the files of this name in a segment."""
    found: list[int] = np.flatnonzero(segment.path_ids == np.uint64(path_id(name))).tolist()
    return found


def _equal(one: Ids, other: Ids) -> int:
    """How many tokens at the start of both are equal."""
    shorter = min(len(one), len(other))
    differs = np.flatnonzero(one[:shorter] != other[:shorter])
    return int(differs[0]) if len(differs) else shorter


def _ends(tokens: Ids, first: int, last: int) -> list[Ids]:
    """The tokens from `first` up to `last`, or those at both ends, with what stands next to them."""
    if first == last:
        return []
    start, end = max(0, first - JOINT_TOKENS), min(len(tokens), last + JOINT_TOKENS)
    if last - first <= MOST_NEW_TOKENS:
        return [tokens[start:end]]
    half = MOST_NEW_TOKENS // 2
    return [tokens[start : first + half], tokens[last - half : end]]
