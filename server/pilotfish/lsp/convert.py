"""The protocol's types to ours and back. Positions change their unit here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pilotfish.completion.request import Completion, CompletionRequest, Trigger
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding, Place, column_of, units_of

if TYPE_CHECKING:
    from cattrs import Converter


def position_from(document: Document, position: types.Position, encoding: Encoding) -> Position:
    """The nearest place in the document, its column in code points."""
    column = column_of(document.line(position.line), position.character, encoding)
    return document.clamp(Position(position.line, column))


def range_from(document: Document, span: types.Range, encoding: Encoding) -> Range:
    """Both ends as `position_from`."""
    return Range(position_from(document, span.start, encoding), position_from(document, span.end, encoding))


def range_to(document: Document, span: Range, encoding: Encoding) -> types.Range:
    """The range in the client's units."""

    def position_to(position: Position) -> types.Position:
        units = units_of(document.line(position.line), position.column, encoding)
        return types.Position(position.line, units)

    return types.Range(position_to(span.start), position_to(span.end))


def change_from(change: types.TextDocumentContentChangeEvent) -> Change:
    """An edit, still in the client's units: only the document at that moment can tell its columns."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return Change(change.text)
    start, end = change.range.start, change.range.end
    return Change(change.text, Place(start.line, start.character), Place(end.line, end.character))


def trigger_from(kind: types.InlineCompletionTriggerKind) -> Trigger:
    """Whether the user asked."""
    return Trigger.INVOKED if kind is types.InlineCompletionTriggerKind.Invoked else Trigger.AUTOMATIC


def item_to(
    completion: Completion, document: Document, encoding: Encoding, trace_id: str
) -> types.InlineCompletionItem:
    """One ghost text: plain text, always with its range. Accepting it tells us so."""
    return types.InlineCompletionItem(
        insert_text=completion.text,
        range=range_to(document, completion.range, encoding),
        command=types.Command(title="Accepted", command="pilotfish.accepted", arguments=[{"id": trace_id}]),
    )


def menu_item_to(
    completion: Completion, request: CompletionRequest, number: int, encoding: Encoding, trace_id: str
) -> types.CompletionItem:
    """One completion as an entry of the editor's ordinary menu, for editors without ghost text."""
    text, document = completion.text, request.document
    first, _, more = text.partition("\n")
    sure = "" if completion.confidence is None else f", {100 * completion.confidence:.0f} %"
    return types.CompletionItem(
        label=f"{first.strip()[:80]}{' …' if more else ''}",
        kind=types.CompletionItemKind.Snippet if more else types.CompletionItemKind.Text,
        detail=f"pilotfish: {completion.source}{sure}",
        documentation=types.MarkupContent(types.MarkupKind.PlainText, text) if more else None,
        # Editors filter by what stands in the range; the text itself begins with it.
        filter_text=first,
        sort_text=f"\uffff{number}",
        text_edit=types.TextEdit(range_to(document, completion.range, encoding), text),
        insert_text_format=types.InsertTextFormat.PlainText,
        command=types.Command(title="Accepted", command="pilotfish.accepted", arguments=[{"id": trace_id}]),
    )


def register_strict_hooks(converter: Converter) -> Converter:
    """Make the converter refuse what is no string and no number; its own hooks turn anything into one."""
    # A hook for a class serves its subclasses as well: enumerations are strings or numbers, booleans numbers.
    converter.register_structure_hook(str, _string)
    converter.register_structure_hook(int, _integer)
    converter.register_structure_hook(bool, _boolean)
    return converter


def _string(value: Any, wanted: type[str]) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return wanted(value)


def _integer(value: Any, wanted: type[int]) -> int:
    # Lua's and some other JSON writers say 3.0 for 3.
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError("not an integer")
    return wanted(int(value))


def _boolean(value: Any, _: type[bool]) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a boolean")
    return value
