"""*Complete from here*: several lines at the cursor, from whoever completes, the embedded engine as well."""

from __future__ import annotations

from collections.abc import Sequence

from pilotfish.actions.action import Kind
from pilotfish.actions.exact import Change, ExactAction, Proposal
from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.text.document import Range
from pilotfish.text.edit import Edit


def find(spot: Spot, tools: Tools) -> Sequence[Proposal]:
    """At a bare cursor after which nothing but closing brackets stands on the line."""
    del tools
    cursor = spot.selection.end
    is_free = not spot.document.after(cursor).strip(" \t)]},;:")
    is_code = any(line.strip() for line in spot.document.lines[: cursor.line + 1])
    return [Proposal("Complete from here")] if spot.selection.start == cursor and is_free and is_code else []


async def change(spot: Spot, tools: Tools, detail: str) -> Change:
    """Insert what is offered there.

    Raises:
        ActionStopped: nobody knows how to go on.
    """
    del detail
    cursor = spot.selection.end
    text = await tools.complete(spot.document, cursor)
    if not text.strip():
        raise ActionStopped("Nothing that is known of this project says how to go on here.")
    return Change(spot.document, (Edit(Range(cursor, cursor), text),))


COMPLETE_HERE = ExactAction("complete", Kind.REWRITE, find, change)
