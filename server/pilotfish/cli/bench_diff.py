"""`pilotfish bench diff OLD NEW`: two reports, figure by figure."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from pilotfish.bench.diff import NOTICED, changes, read_report
from pilotfish.bench.display import show_table
from pilotfish.bench.wording import where


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two reports."""
    parser.add_argument("old", metavar="OLD.json")
    parser.add_argument("new", metavar="NEW.json")
    parser.add_argument("--all", action="store_true", help="also what is much the same")


def run(args: argparse.Namespace) -> int:
    """Show it: 0 if nothing is worse, 1 if something is, 2 if they cannot be compared."""
    old, new = read_report(Path(args.old)), read_report(Path(args.new))
    found = list(changes(old, new))
    console = Console()
    for name, report in (("old", old), ("new", new)):
        console.print(f"{name}: {where(report)}", highlight=False, markup=False, soft_wrap=True)
    shown = [change for change in found if args.all or change.verdict]
    if shown:
        lines = (
            (
                change.name,
                f"{change.old:g}",
                f"{change.new:g}",
                _ratio(change.old, change.new),
                change.verdict,
            )
            for change in shown
        )
        show_table(console, "figures", ("figure", "old", "new", "new / old", ""), lines)
    same = sum(not change.verdict for change in found)
    console.print(f"{same} of {len(found)} figures are the same within {NOTICED:.0%}.", highlight=False)
    return 1 if any(change.verdict == "worse" for change in found) else 0


def _ratio(old: float, new: float) -> str:
    return f"{new / old:.2f}" if old else ""
