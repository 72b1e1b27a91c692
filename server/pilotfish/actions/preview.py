"""The change shown before it is made, for editors that can: it grows as the answer comes, and moves along."""

from __future__ import annotations

import asyncio

from pilotfish.actions.apply import check_untouched, replace_target
from pilotfish.actions.screen import Screen
from pilotfish.actions.streamed import text_so_far
from pilotfish.actions.target import Target
from pilotfish.errors import ActionDeclined
from pilotfish.text.edit import minimal_edits


class Previewed:
    """What is certain of an answer that is still coming, as the editor shows it."""

    def __init__(self, target: Target, screen: Screen, label: str) -> None:
        self._target = target
        self._screen = screen
        self._label = label
        self._shown: tuple[int, str] | None = None

    async def feed(self, answer: str) -> None:
        """The answer has come so far; what would look the same is not shown again."""
        target = self._target
        made = text_so_far(answer, target.text)
        if self._shown != (now := (target.document.version, made)):
            self._shown = now
            edits = minimal_edits(target.span.start, target.text, made)
            await self._screen.preview(self._label, target.document, edits, is_last=False)

    async def take_back(self) -> None:
        """Nothing was changed yet."""


async def decide(target: Target, new: str, screen: Screen, label: str) -> bool:
    """Show the whole change until the user takes it or not; edits around it move it.

    Returns whether it was seen to be made.

    Raises:
        ActionDeclined: the user does not want it.
        ActionStopped: the user edited inside it.
    """
    decision = asyncio.ensure_future(screen.decision())
    try:
        while not decision.done():
            check_untouched(target)
            edits = minimal_edits(target.span.start, target.text, new)
            await screen.preview(label, target.document, edits, is_last=True)
            moved = asyncio.ensure_future(target.wait())
            await asyncio.wait((decision, moved), return_when=asyncio.FIRST_COMPLETED)
            moved.cancel()
        if not decision.result():
            raise ActionDeclined("The change was not accepted, so nothing was changed.", "rejected")
    finally:
        decision.cancel()
    return await replace_target(target, new, screen, label)
