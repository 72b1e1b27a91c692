"""A text as the parser reads it: UTF-8 with single line feeds, and where its lines begin."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate


def encode(text: str) -> bytes:
    """The text as UTF-8, each line ended by a single line feed as in `text.lines`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Source:
    """A whole text with its lines.

    Attributes:
        data: the text as `encode` makes it.
        lines: each line with its end; the empty one after a last line end is none.
        starts: where each line begins in `data`, and at the end where the text ends.
    """

    data: bytes
    lines: list[bytes]
    starts: list[int]

    @staticmethod
    def of(text: str) -> Source:
        """Cut a text into its lines."""
        data = encode(text)
        lines = data.splitlines(keepends=True)
        return Source(data, lines, [0, *accumulate(map(len, lines))])

    def line_of(self, offset: int) -> int:
        """The line that a byte stands in."""
        return bisect_right(self.starts, offset) - 1

    def last_line_of(self, end: int) -> int:
        """The line after the last one of a piece that ends before the byte `end`."""
        return bisect_right(self.starts, end - 1)

    def text(self, start: int, end: int) -> str:
        """The text between two bytes."""
        return self.data[start:end].decode("utf-8", "replace")
