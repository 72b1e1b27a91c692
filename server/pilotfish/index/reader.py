"""The reader's side of an index: the newest committed generation, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.errors import IndexFault
from pilotfish.index import manifest as layout
from pilotfish.index.manifest import Manifest
from pilotfish.index.view import IndexView, SegmentView

if TYPE_CHECKING:
    from pilotfish.index.segment import Segment

_ATTEMPTS = 3


class IndexReader:
    """Reads the index of one workspace root; never writes, takes no lock.

    Attributes:
        fault: why the index, or a part of it, cannot be used now; None if all is well or there is none yet.
    """

    def __init__(self, root: Path, directory: Path) -> None:
        self.root = root
        self.directory = directory
        self.fault: str | None = None
        self._view = IndexView(roots=(root,))
        self._seen: tuple[int, ...] | None = None
        self._segments: dict[str, Segment] = {}

    def view(self) -> IndexView:
        """The newest generation. One `stat` if nothing has changed, else about a millisecond. Never raises.

        A view that was handed out stays whole for as long as somebody holds it.
        """
        for _ in range(_ATTEMPTS):
            seen = layout.status(self.directory)
            if seen == self._seen:
                return self._view
            self._seen = seen
            self._view = self._read()
            # The writer may have replaced the manifest, and dropped segments, while they were being opened.
            if self.fault is None:
                return self._view
        return self._view

    def close(self) -> None:
        """Let go of all segments; a view that is still held somewhere keeps its own mapped."""
        self._segments.clear()
        self._view = IndexView(roots=(self.root,))
        self._seen = None

    def _read(self) -> IndexView:
        self.fault = None
        try:
            manifest = layout.load(self.directory) or Manifest()
        except IndexFault as fault:
            self.fault = str(fault)
            manifest = Manifest()
        views = []
        opened: dict[str, Segment] = {}
        for entry in manifest.segments:
            segment = self._segments.get(entry.name) or self._open(entry.name)
            if segment is not None:
                opened[entry.name] = segment
                views.append(SegmentView(self.root, segment, frozenset(entry.dead)))
        self._segments = opened
        return IndexView(manifest.generation, tuple(views), manifest.files, manifest.tokens, (self.root,))

    def _open(self, name: str) -> Segment | None:
        from pilotfish.index.segment import Segment  # noqa: PLC0415 - brings numpy, which `initialize` cannot wait for

        try:
            return Segment.open(self.directory / layout.SEGMENTS / name)
        except IndexFault as fault:
            self.fault = str(fault)
            return None


def join_views(views: Iterable[IndexView]) -> IndexView:
    """The views of several workspace folders as one; its generation grows whenever one of theirs does."""
    views = tuple(views)
    return IndexView(
        generation=sum(view.generation for view in views),
        segments=tuple(segment for view in views for segment in view.segments),
        files=sum(view.files for view in views),
        tokens=sum(view.tokens for view in views),
        roots=tuple(root for view in views for root in view.roots),
    )
