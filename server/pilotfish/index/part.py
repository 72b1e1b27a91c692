"""What the writer holds in memory of the segments and of the files in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from pilotfish.errors import IndexFault
from pilotfish.index.manifest import SEGMENTS, STAMPS, SegmentEntry
from pilotfish.index.segment_header import read_paths
from pilotfish.index.stamps import Stamp, read_stamps
from pilotfish.index.tiers import Weight
from pilotfish.index.view import SegmentView

if TYPE_CHECKING:
    from pilotfish.index.segment import Segment


class Known(NamedTuple):
    """A file that counts: what it was like, and where its tokens are."""

    stamp: Stamp
    segment: str
    number: int


@dataclass(slots=True)
class Part:
    """A segment of the index, as the writer sees it.

    Attributes:
        entry: as the manifest names it.
        paths, stamps: of its files, by number.
        dead: numbers of the files that no longer count.
        stamps_changed: whether `stamps` is to be written anew.
    """

    entry: SegmentEntry
    paths: list[str]
    stamps: list[Stamp]
    dead: set[int]
    stamps_changed: bool = False

    @classmethod
    def read(cls, directory: Path, entry: SegmentEntry) -> Self:
        """What the index in `directory` holds of a segment.

        Raises:
            IndexFault: it is not there, or damaged.
        """
        paths = read_paths(directory / SEGMENTS / entry.name)
        stamps = read_stamps(directory / STAMPS / entry.stamps)
        if not len(paths) == len(stamps) == entry.files:
            raise IndexFault("the index's file table does not fit its segments")
        return cls(entry, paths, stamps, set(entry.dead))

    @property
    def name(self) -> str:
        """Of the segment's directory."""
        return self.entry.name

    @property
    def weight(self) -> Weight:
        """How much of it still counts."""
        size = sum(stamp.size for stamp in self.stamps)
        dead = sum(self.stamps[number].size for number in self.dead)
        return Weight(self.entry.name, self.entry.tokens * (size - dead) // max(size, 1), self.entry.tokens)

    @property
    def is_dead(self) -> bool:
        """Whether none of its files counts."""
        return len(self.dead) == self.entry.files

    def verify(self, directory: Path) -> None:
        """Read the segment through; raises IndexFault if it is damaged."""
        _open(directory, self.name).verify()

    def view(self, root: Path, directory: Path) -> SegmentView:
        """The segment, open, and what of it does not count; raises IndexFault."""
        return SegmentView(root, _open(directory, self.name), frozenset(self.dead))

    def living(self) -> list[int]:
        """Numbers of the files that count."""
        return [number for number in range(self.entry.files) if number not in self.dead]


def _open(directory: Path, name: str) -> Segment:
    from pilotfish.index.segment import Segment  # noqa: PLC0415 - see `Store.add`

    return Segment.open(directory / SEGMENTS / name)
