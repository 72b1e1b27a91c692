"""Documents for tests: the cursor is where `$0` stands in the text."""

from __future__ import annotations

import re
from pathlib import Path

from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.text.document import Document, Position

CURSOR = "$0"


def lines_of(text: str) -> tuple[str, ...]:
    """The text's lines with their ends, as a `Document` holds them."""
    return tuple(re.split(r"(?<=\n)|(?<=\r)(?!\n)", text))


def document_of(text: str, *, name: str = "a.py", language: str = "python", version: int = 1) -> Document:
    """A document at a path that need not exist."""
    path = Path("/workspace") / name
    return Document(path.as_uri(), path, language, version, lines_of(text))


def marked(text: str, *, name: str = "a.py", language: str = "python") -> tuple[Document, Position]:
    """The document without its mark, and where the mark stood."""
    assert text.count(CURSOR) == 1, "one cursor, please"
    before, after = text.split(CURSOR)
    above = lines_of(before)
    position = Position(len(above) - 1, len(above[-1]))
    return document_of(before + after, name=name, language=language), position


def request_of(
    text: str, *, trigger: Trigger = Trigger.AUTOMATIC, name: str = "a.py", language: str = "python"
) -> CompletionRequest:
    """A request at the mark."""
    document, position = marked(text, name=name, language=language)
    return CompletionRequest(document, position, trigger)
