"""Blocks from the other open documents."""

from __future__ import annotations

from collections.abc import Sequence

from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.context.windows import names_around, windows
from pilotfish.platform.steps import Steps
from pilotfish.text.document import Document

SOURCE = "open_tabs"
MOST_BLOCKS = 8
MOST_TABS, MOST_LINES = 5, 1_000
"""So many documents, and lines of each, can be compared in time; what is on disk is found elsewhere too."""

WORTH = 1.5
"""What the user has open tells more than as similar a block elsewhere."""


def open_tabs(place: Place, others: Sequence[tuple[str, Document]]) -> Steps[list[Snippet]]:
    """The windows of the other documents that are most like the cursor's surroundings, best first.

    Args:
        place: where the cursor is.
        others: the documents, each with its path as it is shown.
    """
    here = names_around(place)
    found: list[Snippet] = []
    for path, document in others[:MOST_TABS]:
        for window in windows(document.lines[:MOST_LINES], here):
            if window is None:
                yield
            else:
                found.append(Snippet(path, window.start_line, window.text, SOURCE, WORTH * window.similarity))
        yield
    found.sort(key=lambda snippet: (-snippet.score, snippet.path, snippet.start_line))
    return found[:MOST_BLOCKS]
