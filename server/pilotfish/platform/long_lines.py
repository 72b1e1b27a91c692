"""Whether a text has lines that nobody writes by hand."""

from __future__ import annotations

from typing import AnyStr


def has_long_line(text: AnyStr, line_end: AnyStr, most: int) -> bool:
    """Whether more than so many characters, or bytes, stand between two line ends; hardly looks at any."""
    start = 0
    while len(text) - start > most:
        end = text.rfind(line_end, start, start + most + 1)
        if end < 0:
            return True
        start = end + 1
    return False
