"""What the writer holds in memory of the segments and of the files in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pilotfish.index.manifest import SegmentEntry
from pilotfish.index.stamps import Stamp
from pilotfish.index.tiers import Weight


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

    @property
    def weight(self) -> Weight:
        """How much of it still counts."""
        size = sum(stamp.size for stamp in self.stamps)
        dead = sum(self.stamps[number].size for number in self.dead)
        return Weight(self.entry.name, self.entry.tokens * (size - dead) // max(size, 1), self.entry.tokens)
