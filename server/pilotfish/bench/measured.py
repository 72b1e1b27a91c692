"""What a run of the benchmark leaves: every single time, and what was seen beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pilotfish.bench.memory import Memory
from pilotfish.bench.stages import Stages

WAYS = {
    "opened": "at once after the file was opened",
    "cold": "the cursor went to a place that was not asked for before",
    "repeated": "the same place again, nothing has changed",
    "typed-through": "the key just pressed is the one that the ghost text began with",
    "typed": "any other key",
    "accepted": "behind a ghost text that was just taken",
    "indexing": "any of these while the first index is being built",
}
"""How an editor comes to ask, as it sees it. Each request counts in one of these and in its scenario."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request to the server, and the same request to the floor.

    Attributes:
        ms: what the user waited: from when the key was due (open loop) or sent (closed) to the answer.
        floor_ms: of the floor, from sending to the answer; None without a floor.
        superseded: the server answered null, since a newer request had come.
        depth: how far down in its file the cursor was, from 0 to 1.
    """

    scenario: str
    way: str
    ms: float
    floor_ms: float | None
    offered: bool
    failed: bool
    superseded: bool
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class Example:
    """A ghost text that was offered at a cold place.

    Attributes:
        place: `file:line:column`, from 1.
        before: the line up to the cursor.
        ghost: what was offered.
        written: what stands there in the file.
    """

    place: str
    before: str
    ghost: str
    written: str

    @property
    def is_as_written(self) -> bool:
        """Whether the first line of the offer is what stands there."""
        return self.ghost.splitlines()[0].rstrip() == self.written.rstrip()


@dataclass(slots=True)
class Measured:
    """What was seen on one workspace; filled as the run goes on, so that half a run is of use too.

    Attributes:
        name: the workspace folder's own name.
        index_seconds: from the start of the server to the state `ready`, without an index to begin with.
        cpu_seconds: what the server's process worked on the requests with the index ready.
        server_memory: of the server's process alone, just after the last key.
        server_at_rest: the same, when nothing was asked for a while.
        indexer_at_rest: of the server's children then.
        indexer_peak: the largest private memory that a child of the server was seen with meanwhile.
        bursts: of keys, with a pause before each.
        accepted_characters: of ghost texts that were taken.
        stages: what the server's own traces say, by scenario.
        calls: what the stub model logged, if there was one.
        problem: why the run ended early.
    """

    name: str
    requests: int = 0
    bursts: int = 0
    accepted_characters: int = 0
    stages: Stages = field(default_factory=Stages)
    calls: Sequence[Mapping[str, Any]] = ()
    samples: list[Sample] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    index_state: str = "not reported"
    index_seconds: float | None = None
    index_files: int | None = None
    index_bytes: int | None = None
    cpu_seconds: float | None = None
    server_memory: Memory | None = None
    server_at_rest: Memory | None = None
    indexer_at_rest: Memory | None = None
    indexer_peak: Memory | None = None
    problem: str | None = None

    def forget_indexing(self) -> None:
        """Count bursts, stages and acceptances anew: what came so far was typed while an index was built."""
        self.bursts = self.accepted_characters = 0
        self.stages = self.stages.anew()


@dataclass(slots=True)
class Starts:
    """Milliseconds from starting the process to the answer to `initialize`, both servers in turns."""

    server_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """All of it.

    Attributes:
        problem: why the starts could not be measured.
        interrupted: the user had enough.
    """

    starts: Starts = field(default_factory=Starts)
    workspaces: list[Measured] = field(default_factory=list)
    seconds: float = 0.0
    problem: str | None = None
    interrupted: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing went wrong on the way."""
        return not (self.interrupted or self.problem or any(each.problem for each in self.workspaces))
