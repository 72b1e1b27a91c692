"""What actions work with; a session, or the command line, puts it together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.actions.spot import Spot
from pilotfish.actions.target import Target
from pilotfish.context.snippet import Context
from pilotfish.models.turns import Turns
from pilotfish.platform.trace import Trace
from pilotfish.text.document import Document, Position, Range

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup
    from pilotfish.models.backend import Backend
    from pilotfish.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """One for each time that something is done or listed.

    Attributes:
        settings: the resolved settings.
        models: the backends that may be asked, in order, by their names in the settings.
        gather: snippets of other files that help with a part of a document.
        complete: the text that belongs at a position, from whoever completes; empty where nobody knows.
        lookup: asks the index; without the files that are hidden, for so many seconds.
        follow: keeps a target in step with its document while the context is open.
        open_document: a file as the editor has it, else as it is on disk; None where it is not there.
        is_private: whether a file may neither leave the machine nor serve another file.
        turns: whose turn it is at a local model.
        trace: where the stages of what is done are written down.
    """

    settings: Settings
    models: Mapping[str, Backend]
    gather: Callable[[Spot, Range], Awaitable[Context]]
    complete: Callable[[Document, Position], Awaitable[str]]
    lookup: Callable[[frozenset[Path], float], Lookup]
    follow: Callable[[Target], AbstractContextManager[None]]
    open_document: Callable[[Path], Document | None]
    is_private: Callable[[Path], bool]
    turns: Turns
    trace: Trace
