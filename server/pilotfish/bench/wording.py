"""A report in words: the same sentences and cells for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pilotfish.bench.measured import WAYS

HEADINGS = ("request", "count", "p50", "p90", "p95", "p99", "max", "floor", "offered")
STAGE_HEADINGS = ("stage", "count", "share", "p50", "p95")
MEANINGS = {
    **WAYS,
    "index ready": "all of the above but indexing",
    "floor": "p50 of a bare server that answers the same requests with nothing",
    "offered": "how many of the answers held a ghost text",
}

_PROCESSES = {
    "server": "server after the last key",
    "server_at_rest": "server at rest",
    "indexer_at_rest": "indexer at rest",
    "indexer_peak": "indexer at its peak",
}


def where(result: Mapping[str, Any]) -> str:
    """The machine, the versions, the commit."""
    machine = result["machine"]
    commit = (machine["commit"] or "an installed release")[:12]
    load = "" if machine["load"] is None else f", load {machine['load']:g} before the run"
    return (
        f"pilotfish {machine['pilotfish']} ({commit}), Python {machine['python']}, {machine['system']}, "
        f"{machine['cores']} × {machine['processor']}{load}"
    )


def startup(result: Mapping[str, Any]) -> str | None:
    """How long a start takes, beside the bare server."""
    start = result["startup"]
    if start is None:
        return None
    server, floor = start["median_ms"], start["floor_median_ms"]
    return (
        f"start to initialize: {server:.0f} ms, bare pygls {floor:.0f} ms, ratio {start['ratio']:.2f} "
        f"(medians of {start['count']})"
    )


def rows(workspace: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The latency table's cells below `HEADINGS`; times in milliseconds."""
    for name, figures in {**workspace["ways"], "index ready": workspace["all"]}.items():
        if figures is not None:
            yield _row(name, figures)


def scenario_rows(workspace: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The same by kind of work."""
    for name, figures in workspace["scenarios"].items():
        yield _row(name, figures)


def stage_rows(workspace: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The cells below `STAGE_HEADINGS`: the server's own account of its time, all scenarios together."""
    for stage, times in workspace["stages"].items():
        figures = (f"{times['share']:.1%}", f"{times['p50_ms']:.2f}", f"{times['p95_ms']:.2f}")
        yield stage, str(times["count"]), *figures


def _row(name: str, figures: Mapping[str, Any]) -> tuple[str, ...]:
    keys = ("p50_ms", "p90_ms", "p95_ms", "p99_ms", "max_ms", "floor_p50_ms")
    cells = ("" if figures[key] is None else f"{figures[key]:.1f}" for key in keys)
    return name, str(figures["count"]), *cells, f"{figures['offered'] / figures['count']:.0%}"


def facts(workspace: Mapping[str, Any]) -> Iterator[str]:
    """What was seen beside the times."""
    index, memory, offers = workspace["index"], workspace["memory"], workspace["offers"]
    if (cpu_ms := workspace["cpu_ms_per_request"]) is not None:
        yield f"processor time of the server, housekeeping included: {cpu_ms:.1f} ms a request"
    if index["seconds"] is not None:
        size = "" if index["bytes_on_disk"] is None else f", {index['bytes_on_disk'] / 1e6:.1f} MB on disk"
        yield f"index from nothing: {index['files']} files in {index['seconds']:.1f} s{size}"
    elif index["state"] != "not reported":
        yield f"index: {index['state']}"
    for key, name in _PROCESSES.items():
        if (held := memory[key]) is not None:
            yield (
                f"memory of the {name}: {held['private_mb']:.0f} MB private, {held['dirty_mb']:.0f} MB of it "
                f"not backed by a file; {held['shared_mb']:.0f} MB shared"
            )
    if workspace["all"] is not None and memory["server"] is None:
        yield "memory: not measured (only Linux tells)"
    if workspace["decisions"]:
        sources = _counted(workspace["sources"]) or "nowhere"
        yield f"answers: {_counted(workspace['decisions'])}; from {sources}"
    if workspace["all"] is not None and workspace["all"]["superseded"]:
        superseded, within_ms = workspace["all"]["superseded"], workspace["all"]["superseded_p99_ms"]
        yield f"superseded by newer keys: {superseded}, answered so within {within_ms:.1f} ms (p99)"
    if (model := workspace["model"]) is not None:
        per_burst = model["calls_per_burst"]
        burst = "" if per_burst is None else f", {per_burst:.1f} a burst of keys"
        yield f"model: asked {model['calls']} times{burst}; {model['left_early']} streams left early"
        if model["prompt_tokens"]:
            per_character = model["prompt_tokens_per_accepted_character"]
            accepted = "" if per_character is None else f", {per_character:.0f} for each character accepted"
            cost = "" if model["prompt_cost"] is None else f", at a cost of {model['prompt_cost']:g}"
            yield f"prompts: about {model['prompt_tokens']} tokens{accepted}{cost}"
        if model["first_token"] is not None:
            yield f"model's first piece after {model['first_token']['p50_ms']:.1f} ms (p50)"
    if offers["count"]:
        yield f"offered at cold places: {offers['count']}, of which {offers['as_written']} as written there"


def _counted(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in ordered)
