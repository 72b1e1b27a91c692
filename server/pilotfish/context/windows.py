"""Blocks of code: the lines of a text that share most names with what surrounds the cursor.

Windows ranked by Jaccard similarity, as in RepoCoder (Zhang et al., 2023).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pilotfish.context.place import NAME, Place

WINDOW_LINES = 20
STRIDE_LINES = 10
WHOLE_LINES = 24
"""A piece of code of no more lines is not cut."""

_BATCH = 20


@dataclass(frozen=True, slots=True)
class Window:
    """Some lines of a text: the number of the first, from 0, and how similar they are, 0 to 1."""

    start_line: int
    text: str
    similarity: float


def names_around(place: Place) -> frozenset[str]:
    """The different names around a place.

    Those on the cursor's own line do not count: the answer stays the same from key to key, and with it the
    prompt, which a model server would have to read again from the first snippet that changes.
    """
    lines, first, last = place.document.lines, place.start.line, place.end.line
    around = [*lines[max(0, first - WINDOW_LINES) : first], *lines[last + 1 : last + 1 + WINDOW_LINES // 2]]
    if first < last:
        around += lines[first : last + 1]
    return frozenset(NAME.findall("".join(around)))


def windows(lines: Sequence[str], here: frozenset[str]) -> Iterator[Window | None]:
    """All windows that share a name with `here`; None now and then, for the caller to pause."""
    for number, start in enumerate(range(0, max(1, len(lines) - STRIDE_LINES), STRIDE_LINES)):
        window = _window(start, "".join(lines[start : start + WINDOW_LINES]), here)
        if window is not None:
            yield window
        if number % _BATCH == _BATCH - 1:
            yield None


def best_window(lines: Sequence[str], here: frozenset[str]) -> Window | None:
    """The most similar window, or all of it if that is hardly more; None if no name is shared."""
    if len(lines) <= WHOLE_LINES:
        return _window(0, "".join(lines), here)
    found = (window for window in windows(lines, here) if window is not None)
    return max(found, key=lambda window: window.similarity, default=None)


def _window(start: int, text: str, here: frozenset[str]) -> Window | None:
    there = frozenset(NAME.findall(text))
    shared = len(here & there)
    return Window(start, text, shared / len(here | there)) if shared else None
