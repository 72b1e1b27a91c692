"""Actions that need no model: what the index and syntax tell is enough for an exact change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from pilotfish.actions.apply import NOTES, replace_target
from pilotfish.actions.gate import check_syntax
from pilotfish.actions.screen import Screen
from pilotfish.actions.spot import Spot
from pilotfish.actions.target import Target
from pilotfish.actions.testfile import NEW
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, applied, end_of, text_in
from pilotfish.text.lines import split_lines


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that an action would do here.

    Attributes:
        title: what the menu says.
        detail: what tells it from the action's other proposals at the same place.
        is_preferred: whether it is most likely what the user wants.
    """

    title: str
    detail: str = ""
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Edits of one document; a new file is an empty document of version `NEW`."""

    document: Document
    edits: tuple[Edit, ...]

    @property
    def is_new_file(self) -> bool:
        """Whether the file is made."""
        return self.document.version == NEW and self.document.text == ""

    @property
    def made(self) -> Document:
        """The document with the edits made."""
        return replace(self.document, lines=split_lines(applied(self.document.lines, self.edits)))


@dataclass(frozen=True, slots=True)
class ExactAction:
    """An action without a model.

    Attributes:
        name: of the command `pilotfish.action.<name>`.
        kind: see `action.Kind`.
        find: what can be done at a spot, the best first; called in a worker thread, quick.
        change: does what `find` proposed under this detail.
    """

    name: str
    kind: str
    find: Callable[[Spot, Tools], Sequence[Proposal]]
    change: Callable[[Spot, Tools, str], Awaitable[Change]]


async def exact_change(action: ExactAction, spot: Spot, tools: Tools, detail: str) -> Change:
    """The change, checked by parsing the result.

    Raises:
        ActionStopped: there is nothing to do here, or the result would not be valid code.
    """
    with tools.trace.stage("make"):
        change = await action.change(spot, tools, detail)
        if not change.edits:
            raise ActionStopped("There is nothing to do here.")
    with tools.trace.stage("check"):
        await check_change(change)
    return change


async def check_change(change: Change) -> None:
    """Parse the result.

    Raises:
        AnswerUnusable: it has faults that the document has not.
    """
    document = change.document
    whole = Range(Position(0, 0), end_of(Position(0, 0), document.text))
    await check_syntax(document, whole, applied(document.lines, change.edits))


async def make_change(change: Change, tools: Tools, screen: Screen, label: str) -> bool:
    """Have the editor make it; whether that was seen.

    Raises:
        ActionStopped: it did not.
    """
    with tools.trace.stage("apply") as stage:
        is_open = change.document.version != NEW
        is_seen = await _replace(change, tools, screen, label) if is_open else False
        if not is_open:
            await _write(change, screen, label)
        stage.note = NOTES[is_seen]
    return is_seen


async def _replace(change: Change, tools: Tools, screen: Screen, label: str) -> bool:
    """In an open document."""
    document = change.document
    start = min(edit.range.start for edit in change.edits)
    end = max(edit.range.end for edit in change.edits)
    target = Target(document, Range(start, end))
    new = _within(document, target.span, change.edits)
    with tools.follow(target):  # From here on the document may be a newer one, and the target elsewhere.
        return await replace_target(target, new, screen, label)


async def _write(change: Change, screen: Screen, label: str) -> None:
    """In a file that is not open, or new: no change of it will be seen, so the editor is believed."""
    if change.is_new_file:
        said = f"The editor did not make the file {change.document.uri.rsplit('/', 1)[-1]}."
        is_made = await screen.create(label, change.made)
    else:
        said = "The editor did not make the change."
        is_made = await screen.apply(label, change.document, change.edits)
    if not is_made:
        raise ActionStopped(said, "not_made")


def _within(document: Document, span: Range, edits: Sequence[Edit]) -> str:
    """The text of the span with the edits made."""
    whole = applied(document.lines, edits)
    before = len(text_in(document.lines, Range(Position(0, 0), span.start)))
    after = len(text_in(document.lines, Range(span.end, end_of(Position(0, 0), document.text))))
    return whole[before : len(whole) - after]


def in_thread(
    work: Callable[[Spot, Tools, str], Change],
) -> Callable[[Spot, Tools, str], Awaitable[Change]]:
    """For changes that ask the index: it blocks for some milliseconds."""

    def change(spot: Spot, tools: Tools, detail: str) -> Awaitable[Change]:
        return asyncio.to_thread(work, spot, tools, detail)

    return change
