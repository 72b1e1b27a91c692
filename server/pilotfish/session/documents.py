"""The open documents, the most recently used first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from pilotfish.text.document import Document, Position
from pilotfish.text.edit import Edit, changed_stretch, edit_of
from pilotfish.text.lines import split_lines
from pilotfish.text.mirror import Change, Mirror
from pilotfish.text.positions import Encoding, Place, column_of, units_of

_PAIRS = ("()", "[]", "{}", '""', "''", "``", "<>")
_CLOSERS = tuple(")]}")


class Follower(Protocol):
    """Somebody who is told of each edit of one document, the moment it arrives."""

    document: Document

    def follow(self, document: Document, edits: Sequence[Edit]) -> None:
        """The document is now this one, by these edits, one after another."""
        ...

    def close(self) -> None:
        """The document was closed."""
        ...


class Documents:
    """Mirrors of what the editor has open.

    Attributes:
        epoch: grows whenever text vanished from what is open: what was offered in an earlier epoch may quote
            text that is gone.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.epoch = 0
        self._encoding = encoding
        self._mirrors: dict[str, Mirror] = {}  # The most recently used last.
        self._edited: set[str] = set()
        self._followers: list[Follower] = []

    def open(self, uri: str, path: Path | None, language_id: str, version: int, text: str) -> Document:
        """The editor opened a document, or opened it once more with another text."""
        self.epoch += 1  # Its text may lack what its file has.
        self._mirrors.pop(uri, None)
        self._edited.discard(uri)
        self._leave(uri)
        mirror = self._mirrors[uri] = Mirror(uri, path, language_id, version, text, self._encoding)
        return mirror.snapshot()

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> Document | None:
        """The editor edited a document; None if it never opened it."""
        mirror = self._mirrors.get(uri)
        if mirror is None:
            return None
        before = mirror.snapshot()
        self.use(uri)
        self._edited.add(uri)
        followers = [follower for follower in self._followers if follower.document.uri == uri]
        if followers:
            for change in changes:
                edit = edit_of(mirror.snapshot(), change, self._encoding)
                after = mirror.apply(version, [change])
                for follower in followers:
                    follower.follow(after, [edit])
        else:
            mirror.apply(version, changes)
        self.epoch += _has_lost(before, mirror.snapshot(), changes)
        return mirror.snapshot()

    def cursor_after(self, document: Document, changes: Sequence[Change]) -> Position | None:
        """Where the cursor most likely stands after one edit; None after any other change.

        That is its end, unless the editor has put something behind the cursor: the closing one of a pair, or
        that one on a line of its own.
        """
        if len(changes) != 1 or changes[0].start is None or changes[0].end is None:
            return None
        start, text = min(changes[0].start, changes[0].end), changes[0].text
        end = self._behind(start, text, document)
        if text in _PAIRS:
            return self._behind(start, text[0], document)
        *above, _ = split_lines(text)
        if len(above) == 2 and text.isspace() and document.after(end)[:1] in _CLOSERS:
            return self._behind(start, above[0] + above[1].rstrip("\r\n"), document)
        return end

    def _behind(self, start: Place, text: str, document: Document) -> Position:
        """The end of a text that was put in at a place, in what the document has become."""
        *above, last = split_lines(text)
        line = start.line + len(above)
        units = units_of(last, len(last), self._encoding) + (0 if above else start.units)
        return document.clamp(Position(line, column_of(document.line(line), units, self._encoding)))

    def close(self, uri: str) -> tuple[Document | None, bool]:
        """The editor closed a document: what it was last, None if it was not open; whether it was edited."""
        mirror = self._mirrors.pop(uri, None)
        self.epoch += mirror is not None
        was_edited = uri in self._edited
        self._edited.discard(uri)
        self._leave(uri)
        return mirror.snapshot() if mirror else None, was_edited

    @contextmanager
    def follow(self, follower: Follower) -> Iterator[None]:
        """Tell somebody of each edit of his document while the context is open, and of those before it."""
        self._followers.append(follower)
        known, now = follower.document, self.get(follower.document.uri)
        if now is None:
            follower.close()
        elif now is not known:
            follower.follow(now, [changed_stretch(known.text, now.text)])
        try:
            yield
        finally:
            self._followers.remove(follower)

    def use(self, uri: str) -> None:
        """This document is the one that the user is in."""
        self._mirrors[uri] = self._mirrors.pop(uri)

    def get(self, uri: str) -> Document | None:
        """The document as it is now, if it is open."""
        mirror = self._mirrors.get(uri)
        return mirror.snapshot() if mirror else None

    def all(self) -> tuple[Document, ...]:
        """All documents, the most recently used first."""
        return tuple(mirror.snapshot() for mirror in reversed(self._mirrors.values()))

    def files(self) -> list[Path]:
        """Where the documents lie that are files."""
        return [document.path for document in self.all() if document.path is not None]

    def others(self, uri: str) -> tuple[Document, ...]:
        """All documents but this one, the most recently used first."""
        return tuple(document for document in self.all() if document.uri != uri)

    def _leave(self, uri: str) -> None:
        for follower in self._followers:
            if follower.document.uri == uri:
                follower.close()


def _has_lost(before: Document, after: Document, changes: Sequence[Change]) -> bool:
    """Whether text is gone. A menu may take away the word at the cursor and put it back at once."""
    if all(change.start is not None and change.start == change.end for change in changes):
        return False
    lines = {place.line if place else -1 for change in changes for place in (change.start, change.end)}
    line = lines.pop()
    if lines or line < 0 or len(before.lines) != len(after.lines) or line >= len(after.lines):
        return True
    lost = changed_stretch(before.lines[line], after.lines[line]).range
    return lost.start != lost.end
