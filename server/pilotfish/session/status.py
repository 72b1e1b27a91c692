"""What pilotfish is doing, for a status line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotfish.errors import PilotfishError


class State(StrEnum):
    """The session as a whole."""

    READY = "ready"
    THINKING = "thinking"
    OFF = "off"
    PROBLEM = "problem"


class IndexState(StrEnum):
    """The index of the workspace."""

    OFF = "off"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the index is: `files` of about `total` are in it."""

    state: IndexState = IndexState.OFF
    files: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """One moment's status.

    Attributes:
        backend: who is asked, in order, joined by `, `.
        state: of the session.
        problem: what is wrong at the moment, if anything.
        index: of the workspace.
    """

    backend: str
    state: State
    problem: PilotfishError | None
    index: IndexStatus
