"""Making a change in an open document, around what the user types, and making sure that it was made.

An editor's word is not taken for it: some say `applied` of an edit that they dropped, because the user had
typed on. What counts is the change of the document that follows. An edit that came too late is sent again,
for the document as it is then. Where nothing follows, nobody has typed, and the editor tells of its changes
only later (eglot waits until the command that it runs is answered): the change counts as made, unconfirmed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from pilotfish.actions.screen import Screen
from pilotfish.actions.target import Target
from pilotfish.errors import ActionStopped
from pilotfish.text.edit import minimal_edits

SETTLE_S = 0.7
"""So long after the editor refused an edit, what the user typed is waited for."""
UNTOLD_S = 0.6
"""So long after the editor's yes its change of the document is waited for. Neovim gathers for 0.15 s."""
TRIES = 4
NOTES = {True: "seen in the document", False: "by the editor's word"}
"""What a trace says of a change that was made."""


async def replace_target(target: Target, new: str, screen: Screen, label: str) -> bool:
    """Make `new` of the target's text, by the fewest edits, as one step to undo.

    It is not left half-way: once an edit is sent, a cancellation waits until it is known what became of it.
    Returns whether it was seen to be made.

    Raises:
        ActionStopped: it cannot be made; the document is as the user left it.
    """
    work = asyncio.ensure_future(_replace(target, new, screen, label))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        with suppress(ActionStopped):
            await work
        raise


async def _replace(target: Target, new: str, screen: Screen, label: str) -> bool:
    for _ in range(TRIES):
        check_untouched(target)
        edits = minimal_edits(target.span.start, target.text, new)
        if not edits:
            return True
        document = target.document
        target.expect(new)
        was_accepted = await screen.apply(label, document, edits)
        with suppress(TimeoutError):
            async with asyncio.timeout(UNTOLD_S if was_accepted else SETTLE_S):
                while not (target.is_settled or target.is_gone):
                    if not was_accepted and target.document.version != document.version:
                        break
                    await target.wait()
        if target.is_settled:
            return True
        target.expect_nothing()
        if target.document.version == document.version and not target.is_gone:
            if was_accepted:
                return False
            raise ActionStopped("The editor did not make the change.", "not_made")
    check_untouched(target)
    said = "The text changes faster than the change can be made. Try it again."
    raise ActionStopped(said, "changes_too_fast")


def check_untouched(target: Target) -> None:
    """Raise ActionStopped if the target is not the action's any more."""
    if target.is_gone:
        raise ActionStopped("The document was closed; nothing was changed.", "document_closed")
    if target.is_touched:
        said = "You edited the text that was to be changed, so it stays as you left it."
        raise ActionStopped(said, "edited_inside")
