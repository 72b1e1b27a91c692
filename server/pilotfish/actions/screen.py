"""What an action may do to whoever called it: an editor, or the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pilotfish.text.document import Document
from pilotfish.text.edit import Edit


class Screen(Protocol):
    """The other end."""

    @property
    def has_preview(self) -> bool:
        """Whether changes are shown first, and made when the user accepts them."""
        ...

    def say(self, text: str) -> None:
        """How far it is, in one line; called as often as something has come."""
        ...

    async def apply(self, label: str, document: Document, edits: Sequence[Edit]) -> bool:
        """Make edits of a document at its version, as one step to undo; whether it says that it did."""
        ...

    async def create(self, label: str, document: Document) -> bool:
        """Make a new file with the document's text; whether it says that it did."""
        ...

    async def preview(self, label: str, document: Document, edits: Sequence[Edit], *, is_last: bool) -> None:
        """Show edits as they would be; each call replaces what the former showed."""
        ...

    async def decision(self) -> bool:
        """Whether the user accepts what was shown last."""
        ...

    async def show(self, name: str, markdown: str) -> None:
        """Show a document beside the code; called again as it grows."""
        ...

    async def ask(self, question: str) -> str:
        """Ask the user for a line of text; empty if there is none."""
        ...
