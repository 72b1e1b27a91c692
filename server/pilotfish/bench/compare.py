"""Two servers, or one with two settings, at the same work at the same time: every question goes to both.

They answer by turns, each question first by the one and then by the other, so that whatever else the machine
does meets both. What is reported are ratios, and how sure one can be of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from pilotfish.bench.bootstrap import ratio
from pilotfish.bench.editor import Editor
from pilotfish.bench.measure import environment, temporary_home, wait_for_index
from pilotfish.bench.measured import WAYS, Measured, Sample
from pilotfish.bench.memory import read_memory
from pilotfish.bench.peers import SHIPPED, peer_of
from pilotfish.bench.player import Player
from pilotfish.bench.scenarios import GENERATORS
from pilotfish.bench.stub import as_settings, calls, running
from pilotfish.bench.stub_model import Script
from pilotfish.bench.summary import summarize
from pilotfish.bench.workload import plan

FORMAT = 1
MIN_PAIRS = 10
"""Fewer pairs than this say nothing of a percentile."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One of the two.

    Attributes:
        settings: as an editor hands them over.
        variant: of a server that finds its settings in its home (`peers.py`).
    """

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    variant: str = SHIPPED


@dataclass(slots=True)
class _Seen:
    """What is known of one contestant when all is over."""

    start_ms: list[float] = field(default_factory=list)
    memory_mb: float | None = None
    model_calls: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What both have to do.

    Attributes:
        keys: questions in all.
        speed: as of `measure.Contest`.
        stub: the model that each asks, in a process of its own; None: no model.
        starts: how often each is started to see how long that takes.
        on_progress: told what goes on, and how much of it is done.
    """

    root: Path
    keys: int
    seed: str
    speed: float | None
    stub: Script | None
    starts: int
    on_progress: Callable[[str, float], None]
    scenarios: Sequence[str] = tuple(GENERATORS)
    timeout_s: float = 30.0


def compare(one: Contestant, other: Contestant, match: Match, machine: Mapping[str, Any]) -> dict[str, Any]:
    """Let both do it; the report, in JSON's own types (docs/bench-report.md).

    Raises:
        ServerGone: one of them failed.
        InputError: the folder has nothing to type into.
    """
    seen = {one: _Seen(), other: _Seen()}
    measured = Measured(match.root.name)
    for turn in range(match.starts):
        match.on_progress("starting", turn / match.starts)
        for contestant in (one, other):
            with ExitStack() as stack:
                editor, _ = _start(contestant, match, stack)
                seen[contestant].start_ms.append(editor.initialize_ms)
    with ExitStack() as stack:
        started = {contestant: _start(contestant, match, stack) for contestant in (one, other)}
        for contestant, (editor, _) in started.items():
            wait_for_index(editor, match.root.name, match.on_progress)
            if (peer := peer_of(contestant.command)) is not None:
                time.sleep(peer.settle_s)
        work = plan(match.root, match.keys, match.seed, match.scenarios)
        player = Player(match.root, started[one][0], started[other][0], measured, match.speed)
        for done, trace in enumerate(player.play(work), 1):
            match.on_progress(trace.scenario, done / len(work))
        for contestant, (editor, log) in started.items():
            memory = read_memory(editor.client.process.pid)
            seen[contestant].memory_mb = round(memory.private_mb, 1) if memory else None
            seen[contestant].model_calls = len(calls(log)) if log else None
    return {
        "format": FORMAT,
        "kind": "compare",
        "machine": machine,
        "complete": True,  # what fails raises
        "workspace": match.root.name,
        "seed": match.seed,
        "keys": match.keys,
        "speed": match.speed,
        "stub": asdict(match.stub) if match.stub else None,
        "contestants": [_described(contestant, seen[contestant]) for contestant in (one, other)],
        "ways": _by(measured.samples, lambda sample: sample.way, tuple(WAYS)),
        "scenarios": _by(measured.samples, lambda sample: sample.scenario, match.scenarios),
        "all": _versus(measured.samples),
    }


def _start(contestant: Contestant, match: Match, stack: ExitStack) -> tuple[Editor, Path | None]:
    """The contestant's server with an empty home of its own, and the log of its model."""
    home = stack.enter_context(temporary_home())
    settings, log, around = dict(contestant.settings), None, environment(home)
    peer = peer_of(contestant.command)
    if match.stub is not None:
        url, log = stack.enter_context(running(match.stub, home))
        settings = as_settings(url) | settings
        if peer is not None:
            around |= peer.prepare(contestant.variant, home, url)
    editor = Editor(contestant.command, match.root, around, match.timeout_s, settings)
    stack.enter_context(closing(editor))
    return editor, log


def _by(samples: Sequence[Sample], name: Callable[[Sample], str], order: Sequence[str]) -> dict[str, Any]:
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(name(sample), []).append(sample)
    return {key: _versus(groups[key]) for key in order if key in groups}


def _versus(samples: Sequence[Sample]) -> dict[str, Any]:
    """The figures of both, and their ratios where there are enough pairs."""
    pairs = [(s.ms, s.floor_ms) for s in samples if s.floor_ms is not None and not s.superseded]
    if not pairs:
        return {"count": 0}
    ones, others = zip(*pairs, strict=True)
    found: dict[str, Any] = {"count": len(pairs), "one": summarize(ones), "other": summarize(others)}
    for name, share in (("p50", 0.50), ("p95", 0.95)) if len(pairs) >= MIN_PAIRS else ():
        versus = ratio(ones, others, share)
        found[name] = {key: round(value, 3) for key, value in asdict(versus).items()}
        found[name]["verdict"] = versus.verdict
    return found


def _described(contestant: Contestant, seen: _Seen) -> dict[str, Any]:
    return {
        "name": contestant.name,
        "settings": contestant.settings,
        "start_ms": round(median(seen.start_ms), 1) if seen.start_ms else None,
        "private_mb": seen.memory_mb,
        "model_calls": seen.model_calls,
    }
