"""Where the time went inside the server: its own traces (`pilotfish/trace`), summed up by scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

TIMELINE_LENGTH = 24


@dataclass(slots=True)
class Share:
    """Of one scenario.

    Attributes:
        traces: how many were read.
        stage_ms: for each stage the milliseconds of every time that it ran.
        decisions: how often each was taken: `shown`, or the reason for silence.
        sources: where what was shown came from.
        prompt_tokens: estimated, of all that models were shown.
    """

    traces: int = 0
    prompt_tokens: int = 0
    stage_ms: dict[str, list[float]] = field(default_factory=dict)
    decisions: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)

    @property
    def model_calls(self) -> int:
        """How often a model was asked."""
        return len(self.stage_ms.get("stream", ()))


@dataclass(slots=True)
class Stages:
    """Of all scenarios; a trace that was read before does not count again.

    Attributes:
        timeline: the first traces of one file, as they came, to be drawn one below the other.
    """

    by_scenario: dict[str, Share] = field(default_factory=dict)
    timeline: list[Mapping[str, Any]] = field(default_factory=list)
    _last: object = None

    def anew(self) -> Stages:
        """Empty, but what was read before will not be read again."""
        return Stages(_last=self._last)

    def together(self) -> Share:
        """All scenarios as one."""
        whole = Share()
        for share in self.by_scenario.values():
            whole.traces += share.traces
            whole.prompt_tokens += share.prompt_tokens
            whole.decisions += share.decisions
            whole.sources += share.sources
            for stage, times_ms in share.stage_ms.items():
                whole.stage_ms.setdefault(stage, []).extend(times_ms)
        return whole

    def read(self, traces: Iterable[Mapping[str, Any]], scenario_by_uri: Mapping[str, str]) -> None:
        """Take the newest traces of a server, oldest first, each for the scenario of its file."""
        listed = [trace for trace in traces if isinstance(trace, Mapping)]
        known = [number for number, trace in enumerate(listed) if trace.get("id") == self._last]
        for trace in listed[known[-1] + 1 :] if known else listed:
            self._last = trace.get("id")
            if len(self.timeline) < TIMELINE_LENGTH:
                self.timeline.append({key: trace.get(key) for key in ("source", "decision", "stages")})
            scenario = scenario_by_uri.get(str(trace.get("uri")), "elsewhere")
            share = self.by_scenario.setdefault(scenario, Share())
            share.traces += 1
            share.prompt_tokens += sum(int(part["tokens"]) for part in trace.get("parts", ()))
            share.decisions[str(trace.get("decision"))] += 1
            if trace.get("source"):
                share.sources[str(trace["source"])] += 1
            for stage in trace.get("stages", ()):
                share.stage_ms.setdefault(str(stage["stage"]), []).append(float(stage["ms"]))
