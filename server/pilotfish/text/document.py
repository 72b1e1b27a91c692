"""An immutable snapshot of one text document, and places in it.

Positions inside pilotfish count Unicode code points; the protocol's utf-8, utf-16 and utf-32 columns are
converted at the edge (`lsp/convert.py`) and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between two characters: both numbers from 0, `column` in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Range:
    """From `start` up to but not including `end`."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    r"""A document as it was at one version. Nothing in it ever changes.

    Attributes:
        uri: as the client wrote it.
        path: the file's path where the uri is a `file:` one, else None (untitled, virtual).
        language_id: the client's language id, lower case, for example `python`.
        version: the client's version number.
        lines: each line with its own end (`\n`, `\r\n` or `\r`, nothing else ends a line); the last line
            has none and may be empty, so there is always at least one.
    """

    uri: str
    path: Path | None
    language_id: str
    version: int
    lines: Sequence[str]

    def line(self, number: int) -> str:
        """The text of a line without its end; empty outside the document."""
        return self.lines[number].rstrip("\r\n") if 0 <= number < len(self.lines) else ""

    def clamp(self, position: Position) -> Position:
        """The nearest position that exists in this document."""
        line = min(max(position.line, 0), len(self.lines) - 1)
        if line != position.line:
            return Position(line, 0 if position.line < 0 else len(self.line(line)))
        return Position(line, min(max(position.column, 0), len(self.line(line))))

    def before(self, position: Position) -> str:
        """The cursor's line up to the cursor."""
        return self.line(position.line)[: position.column]

    def after(self, position: Position) -> str:
        """The cursor's line from the cursor to its end, without the line end."""
        return self.line(position.line)[position.column :]

    @property
    def text(self) -> str:
        """The whole text; builds a new string each time."""
        return "".join(self.lines)
