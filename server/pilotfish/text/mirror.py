"""One open document, kept equal to the editor's copy by the edits that the editor sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pilotfish.text.document import Document
from pilotfish.text.lines import split_lines
from pilotfish.text.positions import Encoding, Place, cut, mend


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of the editor: `text` in place of what is from `start` to `end`, or of everything (None)."""

    text: str
    start: Place | None = None
    end: Place | None = None


class Mirror:
    """Lines edited in place, copied only when a snapshot that somebody may hold would change.

    An edit costs the lines that it touches plus a move of the list's tail: a hundred edits of a 1 MB document
    take a few milliseconds, and a snapshot nothing.
    """

    def __init__(
        self, uri: str, path: Path | None, language_id: str, version: int, text: str, encoding: Encoding
    ) -> None:
        self.encoding = encoding
        self._lines = split_lines(mend(text))
        self._shared = True
        self._snapshot = Document(uri, path, language_id.lower(), version, self._lines)

    def snapshot(self) -> Document:
        """The document as it is now; the same object until the next `apply`."""
        return self._snapshot

    def apply(self, version: int, changes: Iterable[Change]) -> Document:
        """Make the edits one after another, each in what the former left, and return the new snapshot."""
        for change in changes:
            if change.start is None or change.end is None:
                self._lines, self._shared = split_lines(mend(change.text)), False
            else:
                self._replace(min(change.start, change.end), max(change.start, change.end), change.text)
        old = self._snapshot
        self._shared = True
        self._snapshot = Document(old.uri, old.path, old.language_id, version, self._lines)
        return self._snapshot

    def _replace(self, start: Place, end: Place, text: str) -> None:
        first, head, _ = self._cut(start)
        last, _, tail = self._cut(end)
        if not head and first > 0 and self._lines[first - 1].endswith("\r"):
            # What follows may begin with \n and so join the \r above to one line end.
            first -= 1
            head = self._lines[first]
        lines = split_lines(mend(head + text + tail))
        if last < len(self._lines) - 1:
            lines.pop()  # The piece ends with a line's own end: the empty line after it is the next one.
        if self._shared:
            self._lines, self._shared = self._lines.copy(), False
        self._lines[first : last + 1] = lines

    def _cut(self, place: Place) -> tuple[int, str, str]:
        """The line of a place, and its text before and after it; the after part has the line's end.

        Places outside the document are the nearest ones inside; none is within a line end.
        """
        number, units = place
        if number >= len(self._lines):
            number, units = len(self._lines) - 1, len(self._lines[-1].encode())
        line = self._lines[number]
        body = line.rstrip("\r\n")
        head, tail = cut(body, units, self.encoding)
        return number, head, tail + line[len(body) :]
