"""`pilotfish stats`: how completions fare, by language, backend and source; counted on this machine only."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from pilotfish.cli.output import check_destination, write_json
from pilotfish.platform.paths import stats_directory
from pilotfish.session.tally import counts

EVENTS = ("shown", "accepted", "partly", "typed", "rejected", "kept")
_TAKEN = ("accepted", "partly", "typed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Since when."""
    parser.add_argument("--days", metavar="N", type=int, help="only today and the days before, N in all")
    parser.add_argument("--json", metavar="PATH", help="write the counts as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Add up the counts."""
    check_destination(args.json)
    since = date.today() - timedelta(days=args.days - 1) if args.days else None
    by_kind: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for fate, count in counts(stats_directory(), since).items():
        by_kind[fate.language, fate.backend, fate.source][fate.event] += count
    total = sum(by_kind.values(), Counter[str]())
    rows = [
        {"language": language, "backend": backend, "source": source, **_figures(counted)}
        for (language, backend, source), counted in sorted(
            by_kind.items(), key=lambda kind: -kind[1]["shown"]
        )
    ]
    if args.json:
        report = {"since": since.isoformat() if since else None, "total": _figures(total), "rows": rows}
        write_json(args.json, report)
        return 0
    _show(Console(highlight=False), rows, _figures(total))
    return 0


def _figures(counted: Counter[str]) -> dict[str, Any]:
    """The counts, and the share of what was shown that was taken in one way or another."""
    figures: dict[str, Any] = {event: counted[event] for event in EVENTS}
    taken = sum(counted[event] for event in _TAKEN)
    figures["taken_share"] = round(taken / counted["shown"], 3) if counted["shown"] else None
    return figures


def _show(console: Console, rows: list[dict[str, Any]], total: dict[str, Any]) -> None:
    if not rows:
        console.print("Nothing has been shown yet.")
        return
    table = Table(box=None, header_style="bold")
    for name in ("language", "backend", "source"):
        table.add_column(name)
    for name in (*EVENTS, "taken"):
        table.add_column(name, justify="right")
    for row in (*rows, {"language": "all", "backend": "", "source": "", **total}):
        share = "" if row["taken_share"] is None else f"{100 * row['taken_share']:.0f} %"
        kind = (row["language"], row["backend"], row["source"])
        table.add_row(*kind, *(str(row[event]) for event in EVENTS), share)
    console.print(table)
    console.print("kept: still there 30 s after it was taken", style="dim")
