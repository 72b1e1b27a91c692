"""The open documents, the most recently used first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pilotfish.text.document import Document
from pilotfish.text.mirror import Change, Mirror
from pilotfish.text.positions import Encoding


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

    def open(self, uri: str, path: Path | None, language_id: str, version: int, text: str) -> Document:
        """The editor opened a document, or opened it once more with another text."""
        self.epoch += 1  # Its text may lack what its file has.
        self._mirrors.pop(uri, None)
        self._edited.discard(uri)
        mirror = self._mirrors[uri] = Mirror(uri, path, language_id, version, text, self._encoding)
        return mirror.snapshot()

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> Document | None:
        """The editor edited a document; None if it never opened it."""
        mirror = self._mirrors.get(uri)
        if mirror is None:
            return None
        self.epoch += any(change.start is None or change.start != change.end for change in changes)
        self.use(uri)
        self._edited.add(uri)
        return mirror.apply(version, changes)

    def close(self, uri: str) -> tuple[Document | None, bool]:
        """The editor closed a document: what it was last, None if it was not open; whether it was edited."""
        mirror = self._mirrors.pop(uri, None)
        self.epoch += mirror is not None
        was_edited = uri in self._edited
        self._edited.discard(uri)
        return mirror.snapshot() if mirror else None, was_edited

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
