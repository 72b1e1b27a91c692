"""What a completion is asked for and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pilotfish.text.document import Document, Position, Range


class Trigger(StrEnum):
    """Whether the user asked (`invoked`) or only typed (`automatic`)."""

    INVOKED = "invoked"
    AUTOMATIC = "automatic"


class Source(StrEnum):
    """Where a completion came from."""

    TYPED_THROUGH = "typed_through"
    CACHE = "cache"
    EMBEDDED = "embedded"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One question: what comes at `position` of `document`?

    Attributes:
        document: snapshot taken before anything is awaited.
        position: the cursor, within the document.
        trigger: whether the user asked for it.
        others: snapshots of the other open documents, the most recently used first.
        selected: what the editor's popup menu has selected and the range that it would replace.
        waited_ms: how long the editor has already waited since the last key.
        gaps_ms: the times between the user's last keys; none at the first key after a pause.
        epoch: grows whenever text vanished from what is known (deleted in a buffer, a document opened or
            closed, a new generation of the index): what the engine said in another epoch may quote text that
            is gone.
        deletions: the part of it that grows with what vanished from open documents.
        hidden: the files that do not count in the index, without links on the way: what is open in the editor
            is other text than the file's.
    """

    document: Document
    position: Position
    trigger: Trigger = Trigger.AUTOMATIC
    others: tuple[Document, ...] = ()
    selected: tuple[Range, str] | None = None
    waited_ms: float = 0.0
    gaps_ms: tuple[float, ...] = ()
    epoch: int = 0
    deletions: int = 0
    hidden: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing to show: `text` in place of `range`.

    Attributes:
        text: plain text, line ends as in the document.
        range: what it replaces; starts at or before the cursor on the cursor's line.
        source: where it came from.
        confidence: 0 to 1 where the engine knows it, else None.
        evidence: workspace-relative path of the file that speaks most for it.
    """

    text: str
    range: Range
    source: Source
    confidence: float | None = None
    evidence: str | None = None
