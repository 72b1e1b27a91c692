"""Completing together with the editor's popup menu: what it has selected counts as written.

An editor shows ghost text beside an open menu only if it continues the selected entry, so the question is
asked as if that entry had been accepted, and the answer is given back with the entry in front.
"""

from __future__ import annotations

from dataclasses import replace

from pilotfish.completion.request import Completion, CompletionRequest
from pilotfish.text.document import Position


def as_if_accepted(request: CompletionRequest) -> CompletionRequest:
    """The request with the selected entry written into the document; as it is where none can be."""
    if request.selected is None:
        return request
    span, text = request.selected
    document, line = request.document, request.position.line
    if span.start.line != line or span.end.line != line or "\n" in text or "\r" in text:
        return replace(request, selected=None)
    whole = document.lines[line]
    written = f"{whole[: span.start.column]}{text}{whole[span.end.column :]}"
    lines = [*document.lines[:line], written, *document.lines[line + 1 :]]
    position = Position(line, span.start.column + len(text))
    return replace(request, document=replace(document, lines=lines), position=position)


def with_entry(completion: Completion, accepted: CompletionRequest) -> Completion:
    """A completion of an `accepted` request as the editor wants it: the entry first, in the entry's range."""
    if accepted.selected is None:
        return completion
    span, entry = accepted.selected
    repeated = accepted.position.column - completion.range.start.column
    return replace(completion, text=entry + completion.text[repeated:], range=span)
