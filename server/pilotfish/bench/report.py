"""A run as plain data: what `--json` writes, what thresholds look into, what the terminal shows.

The shape is described in docs/benchmarks.md; `format` grows when it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from pilotfish.bench.measure import Contest
from pilotfish.bench.measured import SCENARIOS, Measured, Run, Sample, Starts
from pilotfish.bench.memory import Memory
from pilotfish.bench.summary import summarize

FORMAT = 1
EXAMPLES = 5
WORTH_SHOWING_CHARACTERS = 8


def report(run: Run, contest: Contest, machine: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is reported, in JSON's own types; `machine` was described before the run."""
    return {
        "format": FORMAT,
        "kind": "latency",
        "machine": machine,
        "seed": contest.seed,
        "keys": contest.keys,
        "seconds": round(run.seconds, 1),
        "complete": run.is_complete,
        "interrupted": run.interrupted,
        "problem": run.problem,
        "startup": _startup(run.starts),
        "workspaces": [_workspace(measured) for measured in run.workspaces],
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


def _workspace(measured: Measured) -> dict[str, Any]:
    ready = [sample for sample in measured.samples if sample.scenario != "indexing"]
    scenarios = {name: [one for one in measured.samples if one.scenario == name] for name in SCENARIOS}
    index = {
        "state": measured.index_state,
        "seconds": _rounded(measured.index_seconds, 2),
        "files": measured.index_files,
        "bytes_on_disk": measured.index_bytes,
    }
    return {
        "name": measured.name,
        "problem": measured.problem,
        "all": _latency(ready) if ready else None,
        "scenarios": {name: _latency(samples) for name, samples in scenarios.items() if samples},
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
        },
        "examples": _examples(measured),
    }


def _latency(samples: Sequence[Sample]) -> dict[str, Any]:
    """The figures of some requests; `ratio` is the server's median over the floor's."""
    server = summarize([sample.ms for sample in samples])
    floor = summarize([sample.floor_ms for sample in samples])
    return {
        **server,
        "floor_p50_ms": floor["p50_ms"],
        "floor_p95_ms": floor["p95_ms"],
        "ratio": round(server["p50_ms"] / floor["p50_ms"], 2) if floor["p50_ms"] else None,
        "offered": sum(sample.offered for sample in samples),
        "failed": sum(sample.failed for sample in samples),
    }


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
