"""A report in words: the same sentences and cells for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pilotfish.bench.measured import SCENARIOS

HEADINGS = ("request", "count", "p50", "p95", "p99", "max", "floor", "ratio", "offered")
MEANINGS = {
    **SCENARIOS,
    "index ready": "all of the above but indexing",
    "floor": "p50 of a bare server that answers the same requests with nothing",
    "ratio": "p50 over the floor",
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
    for name, figures in {**workspace["scenarios"], "index ready": workspace["all"]}.items():
        if figures is not None:
            keys = ("p50_ms", "p95_ms", "p99_ms", "max_ms", "floor_p50_ms")
            ratio = "" if figures["ratio"] is None else f"{figures['ratio']:.1f}"
            offered = f"{figures['offered'] / figures['count']:.0%}"
            yield name, str(figures["count"]), *(f"{figures[key]:.1f}" for key in keys), ratio, offered


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
    if offers["count"]:
        yield f"offered at cold places: {offers['count']}, of which {offers['as_written']} as written there"
