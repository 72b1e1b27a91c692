"""The head of a definition as a line of an outline."""

from __future__ import annotations

from pilotfish.context.snippet import Heading, Snippet
from pilotfish.index.found import FoundSymbol

MOST_CHARS = 400
"""A longer head is not shown: it would take the room of ten others."""

INDENT = "    "


def head(symbol: FoundSymbol, source: str, score: float, within: FoundSymbol | None = None) -> Snippet | None:
    """The definition's head in one line, under that of what it stands in; None if it is too long or empty."""
    if not 0 < len(symbol.signature) <= MOST_CHARS:
        return None
    # A method may stand outside of its type, as in Go.
    is_inside = within is not None and within.start_line < symbol.start_line < within.end_line
    heading = Heading(within.name_line, within.signature + "\n") if within and is_inside else None
    text = f"{INDENT if heading else ''}{symbol.signature}\n"
    return Snippet(symbol.path, symbol.name_line, text, source, score, symbol.name, heading)
