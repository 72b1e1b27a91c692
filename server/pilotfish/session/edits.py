"""Where the user edited lately, in documents that are still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pilotfish.text.mirror import Change

MOST_EDITS = 12
MERGED_LINES = 8
"""Edits of a document that are at most so many lines apart are one."""


@dataclass(frozen=True, slots=True)
class EditedLines:
    """Lines of a document, from `first` up to and with `last`, as it is now."""

    uri: str
    first: int
    last: int


class Edits:
    """The last edits, the newest first; each moves along with what is edited above it."""

    def __init__(self) -> None:
        self._edits: list[EditedLines] = []

    def __iter__(self) -> Iterator[EditedLines]:
        return iter(self._edits)

    def changed(self, uri: str, changes: Sequence[Change]) -> None:
        """The editor changed a document; a whole text that was put in its place is no edit."""
        for change in changes:
            if change.start is None or change.end is None:
                self.forget(uri)
                continue
            (first, _), (end, _) = sorted((change.start, change.end))
            last = first + change.text.count("\n")
            kept = [_moved(edit, uri, end, last - end) for edit in self._edits]
            near = [edit for edit in kept if edit.uri == uri and _is_near(edit, first, last)]
            merged = EditedLines(
                uri,
                min(first, *(edit.first for edit in near)) if near else first,
                max(last, *(edit.last for edit in near)) if near else last,
            )
            self._edits = [merged, *(edit for edit in kept if edit not in near)][:MOST_EDITS]

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._edits = [edit for edit in self._edits if edit.uri != uri]


def _moved(edit: EditedLines, uri: str, line: int, by: int) -> EditedLines:
    """Where the lines are after `by` lines were added at `line` of a document."""
    if edit.uri != uri or edit.last < line:
        return edit
    if edit.first <= line:
        return replace(edit, last=max(edit.first, edit.last + by))
    return replace(edit, first=max(0, edit.first + by), last=max(0, edit.last + by))


def _is_near(edit: EditedLines, first: int, last: int) -> bool:
    return edit.first <= last + MERGED_LINES and first <= edit.last + MERGED_LINES
