"""What the user has just changed elsewhere: the best hint of what comes next.

A name that was changed in one file is going to be changed in the next, and a function that was just written
is going to be called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pilotfish.context.place import NAME, Place
from pilotfish.context.snippet import Snippet
from pilotfish.platform.steps import Steps

SOURCE = "recent_edits"
MOST_BLOCKS = 4
FRESH = 0.5
"""What the newest edit is worth beside its similarity; the one before it half as much, and so on."""


@dataclass(frozen=True, slots=True)
class RecentEdit:
    """Lines of an open document that were changed, as they are now.

    Attributes:
        path: of the file as it is shown.
        start_line: of the first, from 0.
        text: the lines, with some around them.
    """

    path: str
    start_line: int
    text: str


def recent_edits(place: Place, edits: Sequence[RecentEdit]) -> Steps[list[Snippet]]:
    """The newest edits of other files; `edits` has the newest first."""
    found: list[Snippet] = []
    for age, edit in enumerate(edits[:MOST_BLOCKS]):
        there = frozenset(NAME.findall(edit.text))
        similarity = len(place.around & there) / max(1, len(place.around | there))
        found.append(Snippet(edit.path, edit.start_line, edit.text, SOURCE, similarity + FRESH / 2**age))
        yield
    return found
