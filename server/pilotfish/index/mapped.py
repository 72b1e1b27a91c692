"""How much of an index is mapped at most: it counts as this process's memory, though it could be taken away.

Only Linux says at once how many there are, in `/proc/self/statm`. Elsewhere it is done by the clock.
"""

from __future__ import annotations

import mmap
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotfish.index.view import IndexView

LARGE_TOKENS = 10_000_000
"""An index is bounded from this size on: a smaller one is no larger than the bound, or a little."""

MOST_MAPPED_MB = 80
"""So much may be mapped anew before it is given back. That takes a millisecond, to map it again one or two. A
question to an index of 60 million tokens maps 30 MB."""

RELEASE_EVERY_S = 0.5
"""Where the system does not say how much is mapped, pages are given back so often while questions go on."""

_STATM = Path("/proc/self/statm")
_FILE_PAGES = 2
_MB = 1 << 20


class MappedPages:
    """Bounds what one process has mapped of an index."""

    def __init__(self) -> None:
        self._floor_mb = mapped_mb() or 0.0
        self._released_at_s = 0.0

    def bound(self, view: IndexView) -> None:
        """Give pages back if too many are mapped: to be called often, it takes microseconds if not."""
        if view.tokens < LARGE_TOKENS:
            return
        now_mb = mapped_mb()
        if now_mb is None:
            is_much = time.monotonic() > self._released_at_s + RELEASE_EVERY_S
        else:
            self._floor_mb = min(self._floor_mb, now_mb)  # Segments that were merged have gone.
            is_much = now_mb > self._floor_mb + MOST_MAPPED_MB
        if is_much:
            self.release(view, only_large=True)

    def release(self, view: IndexView, *, only_large: bool = False) -> None:
        """Give pages back; the page cache keeps them, and a question maps what it needs again."""
        for each in view.segments:
            each.segment.release(only_large=only_large)
        self._floor_mb = mapped_mb() or 0.0  # libraries, and what is not given back
        self._released_at_s = time.monotonic()


def mapped_mb() -> float | None:
    """Megabytes of files that this process has mapped and read; None where the system does not say."""
    try:
        pages = _STATM.read_bytes().split()[_FILE_PAGES]
    except OSError:
        return None
    return int(pages) * mmap.PAGESIZE / _MB
