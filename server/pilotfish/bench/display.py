"""The report on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pilotfish.bench.measured import SCENARIOS
from pilotfish.bench.report import problems


def show_intention(console: Console, workspaces: Sequence[str], keys: int, seed: str) -> None:
    """Say what will happen and about how long it takes, before it happens."""
    about = 10 + len(workspaces) * (5 + keys * 0.015)
    console.print(
        f"Types {keys} keys in {', '.join(workspaces)} as an editor does (seed {seed}): into a server",
        "with fresh caches and settings and, for the floor, into a bare pygls server beside it.",
        f"This takes about {about:.0f} s, and the time to index each folder from nothing.",
        sep="\n",
        highlight=False,
    )


def show_report(console: Console, result: Mapping[str, Any]) -> None:
    """Print all tables, then what went wrong, if anything did."""
    machine = result["machine"]
    commit = (machine["commit"] or "installed")[:12]
    console.print(
        f"\npilotfish {machine['pilotfish']} ({commit}), Python {machine['python']}, {machine['system']}, "
        f"{machine['cores']} × {machine['processor']}",
        highlight=False,
    )
    if start := result["startup"]:
        server, floor = start["median_ms"], start["floor_median_ms"]
        console.print(
            f"start to initialize: {server:.0f} ms, bare pygls {floor:.0f} ms, ratio {start['ratio']:.2f} "
            f"(median of {start['count']})",
            highlight=False,
        )
    for workspace in result["workspaces"]:
        _show_workspace(console, workspace)
    if result["interrupted"]:
        console.print("\nInterrupted: this is what was measured until then.", style="yellow")
    for problem in problems(result):
        console.print(Text(f"\n{problem}", style="red"))


def _show_workspace(console: Console, workspace: Mapping[str, Any]) -> None:
    if workspace["scenarios"]:
        console.print()
        console.print(_latency_table(workspace))
    index, server, indexer = (
        workspace["index"],
        workspace["memory"]["server"],
        workspace["memory"]["indexer_peak"],
    )
    if index["seconds"] is not None:
        size = (
            f", {index['bytes_on_disk'] / 1e6:.1f} MB on disk" if index["bytes_on_disk"] is not None else ""
        )
        console.print(f"index: {index['files']} files in {index['seconds']:.1f} s{size}", highlight=False)
    for name, memory in (("server", server), ("indexer at its peak", indexer)):
        if memory:
            console.print(
                f"memory of the {name}: {memory['private_mb']:.0f} MB private "
                f"(of it {memory['dirty_mb']:.0f} not backed by a file), {memory['shared_mb']:.0f} MB shared",
                highlight=False,
            )
    if workspace["scenarios"] and server is None:
        console.print("memory: not measured (only Linux tells)")
    for example in workspace["examples"]:
        console.print(_example(example))


def _latency_table(workspace: Mapping[str, Any]) -> Table:
    title = f"{workspace['name']}: request to answer in ms; floor is the bare server's p50"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("request", no_wrap=True)
    for name in ("count", "p50", "p95", "p99", "max", "floor", "ratio", "offered"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = {**workspace["scenarios"], "index ready": workspace["all"]}
    for name, figures in rows.items():
        if figures is None:
            continue
        times = [f"{figures[key]:.1f}" for key in ("p50_ms", "p95_ms", "p99_ms", "max_ms", "floor_p50_ms")]
        ratio = f"{figures['ratio']:.1f}" if figures["ratio"] is not None else ""
        offered = f"{figures['offered'] / figures['count']:.0%}"
        table.add_row(name, str(figures["count"]), *times, ratio, offered)
    meanings = {**SCENARIOS, "index ready": "all of the above but indexing"}
    table.caption = "\n".join(f"{name}: {meanings[name]}" for name in rows)
    table.caption_justify = "left"
    return table


def _example(example: Mapping[str, Any]) -> Text:
    """One ghost text in its place, dim as an editor shows it."""
    first, *more = example["ghost"].splitlines()
    mark = "as written" if example["as_written"] else f"written: {example['written'].strip()}"
    return Text.assemble(
        (f"{example['place']}  ", "cyan"),
        example["before"].lstrip()[-60:],
        (first, "dim italic"),
        (f" (+{len(more)} lines)" if more else "", "dim"),
        (f"    [{mark}]", "green" if example["as_written"] else "yellow"),
    )
