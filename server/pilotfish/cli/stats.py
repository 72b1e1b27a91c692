"""`pilotfish stats`: how completions fare, by language, backend and source; counted on this machine only."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from pilotfish.cli.output import check_destination, write_json
from pilotfish.platform.paths import stats_directory
from pilotfish.session.statistics import EVENTS, KEPT_MEANS, added_up, cells
from pilotfish.session.tally import counts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Since when."""
    parser.add_argument("--days", metavar="N", type=int, help="only today and the days before, N in all")
    parser.add_argument("--json", metavar="PATH", help="write the counts as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Add up the counts."""
    check_destination(args.json)
    since = date.today() - timedelta(days=args.days - 1) if args.days else None
    rows, total = added_up(counts(stats_directory(), since))
    if args.json:
        report = {"since": since.isoformat() if since else None, "total": total, "rows": rows}
        write_json(args.json, report)
        return 0
    _show(Console(highlight=False), rows, total)
    return 0


def _show(console: Console, rows: list[dict[str, Any]], total: dict[str, Any]) -> None:
    if not rows:
        console.print("Nothing has been shown yet.")
        return
    table = Table(box=None, header_style="bold")
    for name in ("language", "backend", "source"):
        table.add_column(name)
    for name in (*EVENTS, "taken"):
        table.add_column(name, justify="right")
    for row in (*rows, {"language": "all", **total}):
        table.add_row(*cells(row))
    console.print(table)
    console.print(KEPT_MEANS, style="dim")
