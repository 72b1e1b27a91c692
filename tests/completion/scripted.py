"""Scripted parts for the pipeline: a clock without waiting, an engine and models that say their lines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pilotfish.completion.request import CompletionRequest
from pilotfish.completion.resources import Resources
from pilotfish.completion.reuse import Memory
from pilotfish.engine.candidate import Candidate
from pilotfish.models.echo import EchoBackend
from pilotfish.platform.steps import Steps
from pilotfish.platform.trace import Trace
from pilotfish.settings.model import BackendSettings, CompletionSettings, Settings


@dataclass
class FakeClock:
    """Time that passes only by sleeping; remembers each wait."""

    ms: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now_ms(self) -> float:
        return self.ms

    async def sleep_ms(self, duration_ms: float) -> None:
        self.waits.append(duration_ms)
        self.ms += duration_ms
        await asyncio.sleep(0)


@dataclass
class ScriptedEngine:
    """Says the same candidates each time, and counts how often it was asked."""

    candidates: Sequence[Candidate] = ()
    asked: int = 0
    open_steps: int = 0
    least: float = -1.0
    last: CompletionRequest | None = None

    def __call__(self, request: CompletionRequest, max_lines: int, least: float) -> Steps[list[Candidate]]:
        self.asked += 1
        self.last, self.least = request, least
        self.open_steps += 1
        try:
            for _ in range(3):
                yield
            return list(self.candidates)
        finally:
            self.open_steps -= 1


def echo(*chunks: str, **options: Any) -> EchoBackend:
    return EchoBackend("demo", BackendSettings(kind="echo", options={"chunks": chunks, **options}))


def resources(
    *,
    engine: ScriptedEngine | None = None,
    backend: Sequence[str] = ("embedded",),
    backends: Mapping[str, Any] | None = None,
    **completion: Any,
) -> Resources:
    settings = Settings(backend=tuple(backend), completion=CompletionSettings(**completion))
    return Resources(settings, engine or ScriptedEngine(), backends or {}, Memory(), FakeClock())


def trace_of(request: CompletionRequest, using: Resources) -> Trace:
    return Trace("1", request.document.uri, request.document.version, using.clock)
