"""The text that an action works on, followed through what the user types meanwhile.

Edits around it move it; an edit inside it is the user's word, and the action gives way. An edit of our own
that was sent to the editor comes back as one of the editor's: while it is expected, the target grows with
what happens in it or at its ends, until its text is the one that was sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pilotfish.text.document import Document, Range
from pilotfish.text.edit import Edit, end_of, shifted, text_in


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
        self._expected: str | None = None
        self._news = asyncio.Event()

    @property
    def text(self) -> str:
        """What stands there now."""
        return text_in(self.document.lines, self.span)

    def expect(self, text: str) -> None:
        """An edit of ours is on its way, after which the target's text is this."""
        self._expected = text

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

    def _settle(self, expected: str) -> None:
        text = self.text
        if text == expected:
            pass
        elif expected and text.startswith(expected):  # The user typed right after it.
            self.span = Range(self.span.start, end_of(self.span.start, expected))
        elif expected and text.endswith(expected):
            self.span = Range(end_of(self.span.start, text[: -len(expected)]), self.span.end)
        else:
            return
        self._expected, self.is_touched = None, False


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
