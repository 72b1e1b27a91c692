"""Edits of a document: values, what they do to a text and to the ranges around them, and the fewest of them.

Positions count code points, as everywhere inside. Several edits of one list all speak of the text before any
of them, and do not overlap, as in the protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pilotfish.text.document import Document, Position, Range
from pilotfish.text.lines import split_lines
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding, column_of
from pilotfish.text.prefix import common_length


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of what is in `range`."""

    range: Range
    text: str


def insertion(line: int, text: str, column: int = 0) -> Edit:
    """`text` put at a place."""
    here = Position(line, column)
    return Edit(Range(here, here), text)


def text_in(lines: Sequence[str], span: Range) -> str:
    """What stands in a range of a document's lines."""
    first, last = span.start.line, span.end.line
    if first == last:
        return lines[first][span.start.column : span.end.column]
    return "".join(
        (lines[first][span.start.column :], *lines[first + 1 : last], lines[last][: span.end.column])
    )


def applied(lines: Sequence[str], edits: Iterable[Edit]) -> str:
    """The text with all edits made."""
    pieces: list[str] = []
    here = Position(0, 0)
    for edit in sorted(edits, key=lambda edit: (edit.range.start, edit.range.end)):
        pieces += text_in(lines, Range(here, edit.range.start)), edit.text
        here = edit.range.end
    pieces.append(text_in(lines, Range(here, Position(len(lines) - 1, len(lines[-1])))))
    return "".join(pieces)


def end_of(start: Position, text: str) -> Position:
    """Where `text` ends if it begins at `start`."""
    lines = split_lines(text)
    column = len(lines[-1]) + (start.column if len(lines) == 1 else 0)
    return Position(start.line + len(lines) - 1, column)


def shifted(place: Position, edit: Edit) -> Position:
    """Where a place that is not before the edit's end lies after it."""
    old, new = edit.range.end, end_of(edit.range.start, edit.text)
    if place.line == old.line:
        return Position(new.line, new.column + place.column - old.column)
    return Position(place.line + new.line - old.line, place.column)


def edit_of(document: Document, change: Change, encoding: Encoding) -> Edit:
    """What an editor's change does to this document; of a whole new text, the one stretch that differs."""
    if change.start is None or change.end is None:
        return changed_stretch(document.text, change.text)
    places = sorted((change.start, change.end))
    start, end = (
        document.clamp(Position(line, column_of(document.line(line), units, encoding)))
        for line, units in places
    )
    return Edit(Range(start, end), change.text)


def changed_stretch(before: str, after: str) -> Edit:
    """The shortest single edit that makes one text the other."""
    head, tail = _common_ends(before, after)
    start = end_of(Position(0, 0), before[:head])
    end = end_of(start, before[head : len(before) - tail])
    return Edit(Range(start, end), after[head : len(after) - tail])


def minimal_edits(start: Position, old: str, new: str) -> list[Edit]:
    """The edits that make `new` of `old`, which stands at `start`: only what differs, line by line."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - no edit is made before `initialize` is answered

    old_lines, new_lines = split_lines(old), split_lines(new)
    edits: list[Edit] = []
    for tag, a, b, c, d in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        here = end_of(start, "".join(old_lines[:a]))
        removed, added = "".join(old_lines[a:b]), "".join(new_lines[c:d])
        head, tail = _common_ends(removed, added)
        first = end_of(here, removed[:head])
        last = end_of(first, removed[head : len(removed) - tail])
        edits.append(Edit(Range(first, last), added[head : len(added) - tail]))
    return edits


def _common_ends(one: str, other: str) -> tuple[int, int]:
    """How many characters both begin with, and how many of the rest both end with; no line end is split."""
    head = common_length(one, other)
    if head and one[head - 1] == "\r":
        head -= 1
    rest, other_rest = one[head:], other[head:]
    tail = common_length(rest[::-1], other_rest[::-1])
    if (
        tail
        and rest[len(rest) - tail] == "\n"
        and any(text[: len(text) - tail].endswith("\r") for text in (one, other))
    ):
        tail -= 1
    return head, tail
