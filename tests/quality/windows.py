"""What context is compared with: windows of 20 lines, as RepoCoder and Cody choose them, and by BM25."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pilotfish.context.place import NAME
from pilotfish.text.document import Document, Position

WINDOW_LINES, STRIDE_LINES = 20, 10
MAX_BYTES = 1_000_000
TRIED = 300
"""So many of the best windows are looked at until the budget is spent."""


class Window(NamedTuple):
    """Lines of a file, from `start` on, and how often each name is in them."""

    path: str
    start: int
    text: str
    names: Counter[str]


class Windows:
    """All windows of a tree, by the ending of their file."""

    def __init__(self, root: Path, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._windows: dict[str, list[Window]] = defaultdict(list)
        for path in sorted(root.rglob("*")):
            if path.is_file() and ".git" not in path.parts and path.stat().st_size < MAX_BYTES:
                self._windows[path.suffix] += windows_of(path, path.relative_to(root).as_posix())
        self._spread = {
            suffix: Counter(name for window in windows for name in window.names)
            for suffix, windows in self._windows.items()
        }

    def chosen(self, document: Document, position: Position, own: str) -> dict[str, list[str]]:
        """What each baseline shows, with the lines before the cursor, or half as many on either side."""
        line, lines = position.line, document.lines
        half = WINDOW_LINES // 2
        left = names_in(lines[max(0, line - WINDOW_LINES) : line + 1])
        both = names_in(lines[max(0, line - half) : line + half + 1])
        return {
            "jaccard left": self._jaccard(left, own),
            "jaccard both": self._jaccard(both, own),
            "bm25 left": self._bm25(left, own),
            "bm25 both": self._bm25(both, own),
        }

    def _jaccard(self, query: set[str], own: str) -> list[str]:
        def score(names: Counter[str]) -> float:
            shared = len(query & names.keys())
            return shared / (len(query) + len(names) - shared)

        return self._best(score, own)

    def _bm25(self, query: set[str], own: str) -> list[str]:
        suffix = Path(own).suffix
        total, spread = len(self._windows[suffix]), self._spread[suffix]
        average = sum(window.names.total() for window in self._windows[suffix]) / total
        rarity = {
            name: math.log(1 + (total - spread[name] + 0.5) / (spread[name] + 0.5))
            for name in query
            if name in spread
        }

        def score(names: Counter[str]) -> float:
            length = 1.5 * (0.25 + 0.75 * names.total() / average)
            return sum(
                weight * names[name] * 2.5 / (names[name] + length)
                for name, weight in rarity.items()
                if name in names
            )

        return self._best(score, own)

    def _best(self, score: Callable[[Counter[str]], float], own: str) -> list[str]:
        """The texts of the best windows of other files that fit and do not overlap."""
        others = (window for window in self._windows[Path(own).suffix] if window.path != own)
        scored = sorted(((score(window.names), window) for window in others), key=lambda pair: -pair[0])
        chosen: list[Window] = []
        room = self._budget_bytes
        for value, window in scored[:TRIED]:
            size = len(window.text.encode())
            if value > 0 and size <= room and not any(overlap(window, other) for other in chosen):
                chosen.append(window)
                room -= size
        return [window.text for window in chosen]


def windows_of(path: Path, name: str) -> Iterator[Window]:
    """The windows of one file that have names."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines(keepends=True)
    for start in range(0, max(1, len(lines) - STRIDE_LINES), STRIDE_LINES):
        text = "".join(lines[start : start + WINDOW_LINES])
        if names := Counter(NAME.findall(text)):
            yield Window(name, start, text, names)


def overlap(one: Window, other: Window) -> bool:
    """Whether two windows share lines."""
    return one.path == other.path and abs(one.start - other.start) < WINDOW_LINES


def names_in(lines: Sequence[str]) -> set[str]:
    """All names of some lines."""
    return set(NAME.findall("".join(lines)))
