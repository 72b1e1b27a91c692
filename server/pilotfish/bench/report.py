"""A run as plain data: what `--json` writes, what thresholds look into, what the terminal shows.

The shape is described in docs/bench-report.md; `format` grows when it changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from pilotfish.bench.measure import Contest
from pilotfish.bench.measured import WAYS, Measured, Run, Sample, Starts
from pilotfish.bench.memory import Memory
from pilotfish.bench.stages import Share
from pilotfish.bench.summary import percentile, quantiles, summarize

FORMAT = 2
EXAMPLES = 5
HEAT_ROWS = 10
HEAT_LIMITS_MS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
WORTH_SHOWING_CHARACTERS = 8


def report(run: Run, contest: Contest, machine: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is reported, in JSON's own types; `machine` was described before the run."""
    return {
        "format": FORMAT,
        "kind": "latency",
        "machine": machine,
        "seed": contest.seed,
        "keys": contest.keys,
        "speed": contest.speed,
        "settings": contest.settings,
        "stub": asdict(contest.stub) if contest.stub else None,
        "seconds": round(run.seconds, 1),
        "complete": run.is_complete,
        "interrupted": run.interrupted,
        "problem": run.problem,
        "startup": _startup(run.starts),
        "workspaces": [_workspace(measured, contest.settings) for measured in run.workspaces],
    }


def _startup(starts: Starts) -> dict[str, Any] | None:
    if not starts.server_ms:
        return None
    pairs = zip(starts.server_ms, starts.floor_ms, strict=False)  # the last pair may have been interrupted
    return {
        "count": len(starts.server_ms),
        "median_ms": round(median(starts.server_ms), 1),
        "max_ms": round(max(starts.server_ms), 1),
        "floor_median_ms": round(median(starts.floor_ms), 1),
        # Of neighbours: what else the machine does comes and goes, and meets both of a pair.
        "ratio": round(median(server / floor for server, floor in pairs), 3),
    }


def _workspace(measured: Measured, settings: Mapping[str, Any]) -> dict[str, Any]:
    ready = [sample for sample in measured.samples if sample.way != "indexing"]
    index = {
        "state": measured.index_state,
        "seconds": _rounded(measured.index_seconds, 2),
        "files": measured.index_files,
        "bytes_on_disk": measured.index_bytes,
    }
    scenarios = _grouped(ready, lambda sample: sample.scenario)
    return {
        "name": measured.name,
        "problem": measured.problem,
        "all": _latency(ready) if ready else None,
        "ways": {
            way: _latency(samples) for way, samples in _grouped(measured.samples, lambda one: one.way).items()
        },
        "scenarios": {
            name: {**_latency(samples), **_share(measured.stages.by_scenario.get(name, Share()))}
            for name, samples in scenarios.items()
        },
        **_share(measured.stages.together()),
        "model": _model(measured, ready, settings),
        "timeline": measured.stages.timeline,
        "curve": _curve(ready),
        "heat": _heat(ready),
        "cpu_ms_per_request": _cpu_ms(measured.cpu_seconds, len(ready)),
        "index": index,
        "memory": {
            "server": _memory(measured.server_memory),
            "server_at_rest": _memory(measured.server_at_rest),
            "indexer_at_rest": _memory(measured.indexer_at_rest),
            "indexer_peak": _memory(measured.indexer_peak),
        },
        "offers": {
            "count": len(measured.examples),
            "as_written": sum(example.is_as_written for example in measured.examples),
            "accepted_characters": measured.accepted_characters,
        },
        "examples": _examples(measured),
    }


def _grouped(samples: Sequence[Sample], name: Callable[[Sample], str]) -> dict[str, list[Sample]]:
    """By name; ways in the order in which they are explained, scenarios in that of their first sample."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(name(sample), []).append(sample)
    return {key: groups[key] for key in (*WAYS, *groups) if key in groups}


def _latency(samples: Sequence[Sample]) -> dict[str, Any]:
    """The figures of some requests; `ratio` is the server's median over the floor's.

    What was superseded counts apart: it is answered at once, but nobody sees that answer.
    """
    answered = [sample for sample in samples if not sample.superseded] or samples
    superseded = [sample.ms for sample in samples if sample.superseded]
    floor_ms = sorted(sample.floor_ms for sample in samples if sample.floor_ms is not None)
    server = summarize([sample.ms for sample in answered])
    floor_p50_ms = round(percentile(floor_ms, 0.50), 3) if floor_ms else None
    return {
        **server,
        "floor_p50_ms": floor_p50_ms,
        "floor_p95_ms": round(percentile(floor_ms, 0.95), 3) if floor_ms else None,
        "ratio": round(server["p50_ms"] / floor_p50_ms, 2) if floor_p50_ms else None,
        "offered": sum(sample.offered for sample in samples),
        "failed": sum(sample.failed for sample in samples),
        "superseded": len(superseded),
        "superseded_p99_ms": round(percentile(sorted(superseded), 0.99), 3) if superseded else None,
    }


def _share(share: Share) -> dict[str, Any]:
    """What the server's traces say: each stage's part of all the time that they tell of."""
    whole_ms = sum(map(sum, share.stage_ms.values()))
    stages = {
        name: {
            "count": len(times_ms),
            "p50_ms": round(percentile(sorted(times_ms), 0.50), 3),
            "p95_ms": round(percentile(sorted(times_ms), 0.95), 3),
            "share": round(sum(times_ms) / whole_ms, 4) if whole_ms else 0.0,
        }
        for name, times_ms in share.stage_ms.items()
    }
    return {"stages": stages, "decisions": dict(share.decisions), "sources": dict(share.sources)}


def _model(measured: Measured, ready: Sequence[Sample], settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """How often a model was asked, for what, and, of a stub, how long it took; None where none was asked."""
    told = measured.stages.together()
    calls = len(measured.calls) or told.model_calls
    if not calls:
        return None
    first_ms = [
        1000 * (call["first_at"] - call["arrived_at"])
        for call in measured.calls
        if call["first_at"] is not None
    ]
    return {
        "calls": calls,
        "bursts": measured.bursts,
        "calls_per_burst": round(calls / measured.bursts, 2) if measured.bursts else None,
        "calls_per_request": round(calls / len(ready), 3) if ready else None,
        "left_early": sum(call["ended"] == "left" for call in measured.calls),
        "failed": sum(call["ended"] == "failed" for call in measured.calls),
        "first_token": summarize(first_ms) if first_ms else None,
        "prompt_tokens": told.prompt_tokens,
        "prompt_cost": _cost(told.prompt_tokens, settings),
        "prompt_tokens_per_accepted_character": (
            round(told.prompt_tokens / measured.accepted_characters, 2)
            if measured.accepted_characters
            else None
        ),
    }


def _cost(tokens: int, settings: Mapping[str, Any]) -> float | None:
    """What these tokens cost at the price that the settings give for the first backend that has one."""
    backends = settings.get("backends", {})
    prices = (each.get("price_per_million_input") for each in backends.values() if isinstance(each, Mapping))
    price = next((price for price in prices if price), None)
    return None if price is None else round(tokens * float(price) / 1e6, 6)


def _curve(ready: Sequence[Sample]) -> dict[str, Any] | None:
    """The share of the requests that were answered within a time, in per cent steps."""
    answered = [sample for sample in ready if not sample.superseded]
    floor_ms = [sample.floor_ms for sample in answered if sample.floor_ms is not None]
    if not answered:
        return None
    return {
        "ms": quantiles([sample.ms for sample in answered]),
        "floor_ms": quantiles(floor_ms) if floor_ms else None,
    }


def _heat(ready: Sequence[Sample]) -> dict[str, Any]:
    """How many requests took how long (columns) how far down in their file (rows)."""
    counts = [[0] * (len(HEAT_LIMITS_MS) + 1) for _ in range(HEAT_ROWS)]
    for sample in ready:
        row = min(int(sample.depth * HEAT_ROWS), HEAT_ROWS - 1)
        counts[row][bisect_left(HEAT_LIMITS_MS, sample.ms)] += 1
    return {"limits_ms": list(HEAT_LIMITS_MS), "counts": counts}


def _examples(measured: Measured) -> list[dict[str, Any]]:
    """Some of the offers, spread over the run whether right or wrong, without the trifles."""
    worth = [one for one in measured.examples if len(one.ghost.strip()) >= WORTH_SHOWING_CHARACTERS]
    step = max(len(worth) // EXAMPLES, 1)
    chosen = worth[::step][:EXAMPLES]
    return [{**asdict(example), "as_written": example.is_as_written} for example in chosen]


def _memory(memory: Memory | None) -> dict[str, float] | None:
    return {name: round(mb, 1) for name, mb in asdict(memory).items()} if memory else None


def _cpu_ms(seconds: float | None, requests: int) -> float | None:
    return round(1000 * seconds / requests, 2) if seconds is not None and requests else None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def problems(result: Mapping[str, Any]) -> Iterable[str]:
    """One sentence for each thing that went wrong."""
    if result["problem"]:
        yield result["problem"]
    for workspace in result["workspaces"]:
        if workspace["problem"]:
            yield workspace["problem"]
