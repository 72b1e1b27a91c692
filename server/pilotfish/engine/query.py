"""What the engine is asked."""

from __future__ import annotations

from dataclasses import dataclass

from pilotfish.text.document import Document, Position


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the engine.

    Attributes:
        document: the snapshot that is completed in.
        position: the cursor.
        others: the other open documents, the most recently used first.
        limit: how many candidates are wanted.
        max_lines: how many lines a candidate may have.
        least: the confidence below which none is wanted: then what was begun is given, with less than that.
            0 asks for the best guess, and lets the search be wider.
    """

    document: Document
    position: Position
    others: tuple[Document, ...] = ()
    limit: int = 3
    max_lines: int = 1
    least: float = 0.0
