"""What one request went through: why this was shown, or why nothing was.

A trace holds names, numbers and reasons, never source text: it is written to a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pilotfish.platform.clock import Clock

STAGES = ("convert", "gate", "reuse", "engine", "pace", "gather", "render", "stream", "trim")


@dataclass(slots=True)
class Stage:
    """One stage that ran: its name (of `STAGES`), its milliseconds, and what it decided."""

    stage: str
    ms: float = 0.0
    note: str = ""


@dataclass(slots=True)
class Trace:
    """The stages of one request in the order in which they ran, filled while it runs."""

    id: str
    uri: str
    version: int
    clock: Clock
    source: str | None = None
    decision: str = "running"
    stages: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Time a stage; it is listed also when it is cancelled or fails."""
        entry = Stage(name)
        self.stages.append(entry)
        start_ms = self.clock.now_ms()
        try:
            yield entry
        finally:
            entry.ms = self.clock.now_ms() - start_ms

    def as_json(self) -> dict[str, Any]:
        """The form of `pilotfish/trace` (docs/protocol.md)."""
        return {
            "id": self.id,
            "uri": self.uri,
            "version": self.version,
            "source": self.source,
            "decision": self.decision,
            "stages": [{"stage": s.stage, "ms": round(s.ms, 3), "note": s.note} for s in self.stages],
        }
