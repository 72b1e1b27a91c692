"""Blocks of code: the lines of a text that share most names with what surrounds the cursor.

Windows ranked by Jaccard similarity, as in RepoCoder (Zhang et al., 2023).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence, Set
from itertools import pairwise
from threading import Lock

from pilotfish.context.place import NAME

STRIDE_LINES = 10
"""A window begins at each tenth line and takes twice as many."""

WHOLE_LINES = 24
"""A piece of code of no more lines is not cut."""

_MOST_TEXTS = 48


class Windows:
    """A text cut into windows, ready to be compared again and again, in some 100 ns each.

    The names of a window are the bits of one number, so that those it shares with others are counted at once.

    Args:
        lines: of the text.
        is_piece: whether it is one piece of code, which is not cut if it is short.
    """

    def __init__(self, lines: Sequence[str], *, is_piece: bool = False) -> None:
        self._lines = lines
        self._stride = WHOLE_LINES if is_piece and len(lines) <= WHOLE_LINES else STRIDE_LINES
        self._bits: dict[str, int] = {}
        blocks = [
            self._names("".join(lines[start : start + self._stride]))
            for start in range(0, max(1, len(lines)), self._stride)
        ]
        masks = [one | next_one for one, next_one in pairwise(blocks)] or blocks
        self._masks = [(mask, mask.bit_count()) for mask in masks]

    def like(self, names: Set[str]) -> Iterator[tuple[float, int]]:
        """How similar each window is that shares any of these names, and the number of its first line."""
        asked = 0
        for bit in map(self._bits.get, names):
            if bit is not None:
                asked |= 1 << bit
        for number, (mask, count) in enumerate(self._masks):
            shared = (mask & asked).bit_count()
            if shared:
                yield shared / (len(names) + count - shared), number * self._stride

    def best(self, names: Set[str]) -> tuple[float, int] | None:
        """The most similar one, the first of several; None if none shares a name."""
        return max(self.like(names), key=lambda each: each[0], default=None)

    def text(self, start_line: int) -> str:
        """The text of the window that begins there."""
        return "".join(self._lines[start_line : start_line + 2 * self._stride])

    def _names(self, text: str) -> int:
        mask = 0
        for name in NAME.findall(text):
            mask |= 1 << self._bits.setdefault(name, len(self._bits))
        return mask


class WindowsSeen:
    """The windows of the texts that were compared lately, for the next question. Safe in several threads."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Windows] = {}
        self._lock = Lock()

    def get(self, identity: Hashable, make: Callable[[], Windows]) -> Windows:
        """Those of the text with this identity; made now if they are not known."""
        windows = self._known.get(identity) or make()
        with self._lock:
            self._known.pop(identity, None)
            self._known[identity] = windows
            if len(self._known) > _MOST_TEXTS:
                del self._known[next(iter(self._known))]
        return windows
