"""What one request went through: why this was shown or done, or why nothing was.

A trace holds names, numbers and reasons, never source text: it is written to a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pilotfish.platform.clock import Clock

STAGES = ("convert", "gate", "reuse", "engine", "pace", "gather", "render", "stream", "trim")
"""Of a completion."""

ACTION_STAGES = ("make", "choose", "gather", "render", "stream", "parse", "check", "apply")
"""Of a code action: without a model it begins with `make`, with one with `choose`."""


@dataclass(slots=True)
class Stage:
    """One stage that ran: its name, its milliseconds, and what it decided."""

    stage: str
    ms: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the prompt: the source of a snippet and its file, or `prefix` and `suffix`; its tokens."""

    name: str
    tokens: int
    path: str = ""


@dataclass(slots=True)
class Trace:
    """The stages of one request in the order in which they ran, filled while it runs.

    Attributes:
        id: names the request.
        uri: of the document.
        version: of the document.
        clock: what times the stages.
        language: the editor's name of the document's.
        line: the cursor's line, from 0.
        at: when, in seconds since 1970.
        source: where what is shown came from; None while nothing is.
        backend: whose word it is, by the name in the settings.
        origin: the id of the request for which it was made; its own, unless it is typed along or known.
        action: the name of the code action that was asked for; None for a completion.
        decision: `shown`, or `done` for an action; else the reason, in one word.
        stages: what ran.
        parts: what the model was shown.
    """

    id: str
    uri: str
    version: int
    clock: Clock
    language: str = ""
    line: int = 0
    at: float = 0.0
    source: str | None = None
    backend: str | None = None
    origin: str | None = None
    action: str | None = None
    decision: str = "running"
    stages: list[Stage] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

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
            "language": self.language,
            "line": self.line,
            "at": round(self.at, 3),
            "source": self.source,
            "backend": self.backend,
            "origin": self.origin,
            "action": self.action,
            "decision": self.decision,
            "stages": [{"stage": s.stage, "ms": round(s.ms, 3), "note": s.note} for s in self.stages],
            "parts": [{"name": p.name, "path": p.path, "tokens": p.tokens} for p in self.parts],
        }
