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
class EmbeddingStatus:
    """How far a service has made vectors of the code: `done` of `total` pieces."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Status:
    """One moment's status.

    Attributes:
        backend: who is asked, in order, joined by `, `.
        state: of the session.
        problem: what is wrong at the moment, if anything.
        index: of the workspace.
        embedding: where a service makes vectors of it; else None.
    """

    backend: str
    state: State
    problem: PilotfishError | None
    index: IndexStatus
    embedding: EmbeddingStatus | None = None


def state_of(problem: PilotfishError | None, *, is_off: bool, is_thinking: bool) -> State:
    """What the session as a whole is doing: off says more than a problem, and that more than work."""
    if is_off:
        return State.OFF
    if problem is not None:
        return State.PROBLEM
    return State.THINKING if is_thinking else State.READY
