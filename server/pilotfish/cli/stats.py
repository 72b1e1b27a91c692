"""`pilotfish stats`: how completions and code actions fare; counted on this machine only."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from pilotfish.cli.numbers import positive
from pilotfish.cli.output import check_destination, output, write_json
from pilotfish.platform.paths import stats_directory
from pilotfish.session.statistics import (
    ACTION_EVENTS,
    EVENTS,
    KEPT_MEANS,
    actions_added_up,
    added_up,
    cells,
)
from pilotfish.session.tally import counts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Since when."""
    parser.add_argument("--days", metavar="N", type=positive, help="only today and the days before, N in all")
    parser.add_argument("--json", metavar="PATH", help="write the counts as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Add up the counts."""
    check_destination(args.json)
    since = date.fromordinal(max(1, date.today().toordinal() + 1 - args.days)) if args.days else None
    counted = counts(stats_directory(), since)
    (rows, total), actions = added_up(counted), actions_added_up(counted)
    if args.json:
        report = {"since": since.isoformat() if since else None, "total": total, "rows": rows}
        write_json(args.json, {**report, "actions": actions})
        return 0
    console = output()
    _show(console, rows, total)
    _show_actions(console, actions)
    return 0


def _show(console: Console, rows: list[dict[str, Any]], total: dict[str, Any]) -> None:
    if not rows:
        console.print("Nothing has been shown yet.")
        return
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))  # Ten columns, in a terminal of 80.
    for name in ("language", "backend", "source"):
        table.add_column(name)
    for name in (*EVENTS, "taken"):
        table.add_column(name, justify="right")
    for row in (*rows, {"language": "all", **total}):
        table.add_row(*cells(row))
    console.print(table)
    console.print(KEPT_MEANS, style="dim")


def _show_actions(console: Console, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table = Table(box=None, header_style="bold")
    table.add_column("action")
    for name in ACTION_EVENTS:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*map(str, row.values()))
    console.print()
    console.print(table)
