"""What a reader of the index holds: an immutable set of segments at one generation.

A segment never changes once it is written. A file that was changed, deleted or is open in the editor is
*hidden*: its spans in older segments do not count, whatever the segment says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotfish.index.segment import Segment


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file on its way into the index: `path` is relative to the root, with `/`."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment and the numbers of its files that no longer count (tombstones)."""

    root: Path
    segment: Segment
    dead: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class IndexView:
    """All segments of all workspace folders at one moment. Cheap to hold; safe while newer ones appear."""

    generation: int = 0
    segments: tuple[SegmentView, ...] = ()
    files: int = 0
    tokens: int = 0
    roots: tuple[Path, ...] = field(default=())
