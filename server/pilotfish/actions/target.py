"""The text that an action works on, followed through what the user types meanwhile.

Edits around it move it; an edit inside it is the user's word, and the action gives way. An edit of our own
that was sent to the editor comes back as one of the editor's: while it is expected, the target grows with
what happens in it or at its ends, until its text is the one that was sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, applied, end_of, shifted, text_in
from pilotfish.text.lines import split_lines


class Target:
    """A range of an open document.

    Attributes:
        document: the document as it is now.
        span: where the target is in it.
        is_touched: whether something was edited inside it since it was last settled.
        is_gone: whether the document was closed.
        when_lost: called when the target is not the action's any more.
    """

    def __init__(self, document: Document, span: Range) -> None:
        self.document = document
        self.span = span
        self.is_touched = False
        self.is_gone = False
        self.when_lost: Callable[[], None] | None = None
        self._expected: Expected | None = None
        self._news = asyncio.Event()

    @property
    def text(self) -> str:
        """What stands there now."""
        return text_in(self.document.lines, self.span)

    def expect(self, text: str) -> None:
        """An edit of ours is on its way, after which the target's text is this."""
        lines = split_lines(applied(self.document.lines, [Edit(self.span, text)]))
        after = Range(self.span.start, end_of(self.span.start, text))
        is_telling = bool(text) and not self._stands_there(text) and not self.text.endswith(text)
        self._expected = Expected(text, after, lines, is_telling)

    def expect_nothing(self) -> None:
        """No edit of ours will come any more."""
        self._expected = None

    @property
    def is_settled(self) -> bool:
        """Whether the expected edit has come."""
        return self._expected is None

    def follow(self, document: Document, edits: Sequence[Edit]) -> None:
        """The document is now this one, by these edits, each made in what the former left."""
        self.document = document
        for edit in edits:
            if self._expected is not None:
                self._expected = self._expected.after_edit(edit, self.span)
            moved = moved_by(self.span, edit, at_ends=self._expected is not None)
            if moved is None:
                self.is_touched = True
                moved = _grown(self.span, edit)
            self.span = moved
        if self._expected is not None:
            self._settle(self._expected)
        elif self.is_touched:
            self._lose()
        self._news.set()

    def close(self) -> None:
        """The document was closed."""
        self.is_gone = True
        self._lose()
        self._news.set()

    async def wait(self) -> None:
        """Wait for the next change of the document, or its end."""
        self._news.clear()
        await self._news.wait()

    def _lose(self) -> None:
        if self.when_lost is not None:
            self.when_lost()

    def _settle(self, expected: Expected) -> None:
        """Recognise the sent edit by the text: editors cut their changes otherwise than we do."""
        new, start = expected.text, self.span.start
        found = next((span for whole, span in expected.ways if whole == self.document.lines), None)
        if found is None and expected.is_telling:  # The user typed beside it in one go.
            if self._stands_there(new):
                found = Range(start, end_of(start, new))
            elif (text := self.text).endswith(new):
                found = Range(end_of(start, text[: -len(new)]), self.span.end)
        if found is None and self.is_touched and self.text == new:
            found = self.span
        if found is not None:
            self.span, self._expected, self.is_touched = found, None, False

    def _stands_there(self, text: str) -> bool:
        """Whether the document has this text from the target's start on."""
        start, lines = self.span.start, self.document.lines
        last = Position(len(lines) - 1, len(lines[-1]))
        return text_in(lines, Range(start, max(start, min(end_of(start, text), last)))) == text


@dataclass(frozen=True, slots=True)
class Expected:
    """An edit of ours that was sent, and the documents that would show that it was made.

    Attributes:
        text: the target's text after it.
        span: where the target would be then.
        lines: the document's lines then, with what the user typed since, outside the target.
        is_telling: whether the text alone, standing there, tells that it was made.
        sent: both as they were when it was sent.
    """

    text: str
    span: Range
    lines: Sequence[str]
    is_telling: bool
    sent: tuple[Sequence[str], Range] | None = None

    @property
    def ways(self) -> tuple[tuple[Sequence[str], Range], ...]:
        """The documents to look out for, each with the place of the target."""
        now = (self.lines, self.span)
        return (now, self.sent) if self.sent else (now,)

    def after_edit(self, edit: Edit, target: Range) -> Expected:
        """The user, or a part of our own edit, changed the document, in which the target is the old one."""
        moved = moved_by(target, edit, at_ends=True)
        if moved is None:
            return self
        there = edit
        if edit.range.start >= target.end:
            own = Edit(target, self.text)
            there = Edit(Range(shifted(edit.range.start, own), shifted(edit.range.end, own)), edit.text)
        lines = split_lines(applied(self.lines, [there]))
        span = Range(moved.start, end_of(moved.start, self.text))
        return Expected(self.text, span, lines, self.is_telling, self.sent or (self.lines, self.span))


def moved_by(span: Range, edit: Edit, *, at_ends: bool = False) -> Range | None:
    """Where the range lies after an edit; None if the edit is inside it.

    What is typed right before or after a range is outside, but with `at_ends`, or where the range is empty.
    """
    at_ends = at_ends or span.start == span.end
    start, end = edit.range.start, edit.range.end
    if end < span.start or (end == span.start and not at_ends):
        return Range(shifted(span.start, edit), shifted(span.end, edit))
    if start > span.end or (start == span.end and not at_ends):
        return span
    return None


def _grown(span: Range, edit: Edit) -> Range:
    """The range with an edit that touches it."""
    start = min(span.start, edit.range.start)
    end = shifted(max(span.end, edit.range.end), edit)
    return Range(start, end)
