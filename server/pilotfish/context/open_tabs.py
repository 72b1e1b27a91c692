"""Blocks from the other open documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from heapq import nsmallest

from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.context.windows import Windows, WindowsSeen
from pilotfish.platform.steps import Steps
from pilotfish.text.document import Document

SOURCE = "open_tabs"
MOST_BLOCKS = 8
MOST_TABS, MOST_LINES = 5, 1_000
"""So many documents, and lines of each, can be compared in time; what is on disk is found elsewhere too."""

WORTH = 1.5
"""What the user has open tells more than as similar a block elsewhere."""


def open_tabs(
    place: Place, others: Sequence[tuple[str, Document]], seen: WindowsSeen
) -> Steps[list[Snippet]]:
    """The windows of the other documents that are most like the cursor's surroundings, best first.

    Args:
        place: where the cursor is.
        others: the documents, each with its path as it is shown.
        seen: the windows of those that have not changed since the last question.
    """
    found: list[tuple[float, str, int, Windows]] = []
    for path, document in others[:MOST_TABS]:
        identity = document.uri, document.version
        windows = seen.get(identity, partial(Windows, document.lines[:MOST_LINES]))
        found += ((-similarity, path, line, windows) for similarity, line in windows.like(place.around))
        yield
    best = nsmallest(MOST_BLOCKS, found, key=lambda each: each[:3])
    return [
        Snippet(path, line, windows.text(line), SOURCE, -WORTH * less) for less, path, line, windows in best
    ]
