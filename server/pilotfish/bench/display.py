"""The report on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pilotfish.bench.report import problems
from pilotfish.bench.wording import HEADINGS, MEANINGS, facts, rows, startup, where

CURSOR, RIGHT, WRONG = "│", "✓", "✗"
MOST_BEFORE = 40
"""Characters of the line before the cursor: the ghost text is what is to be seen."""


def show_intention(console: Console, workspaces: Sequence[str], keys: int, seed: str) -> None:
    """Say what will happen and about how long it takes, before it happens."""
    about_s = 10 + len(workspaces) * (5 + keys * 0.015)
    _say(
        console,
        f"Types {keys} keys in {', '.join(workspaces)} as an editor does (seed {seed}): into a server",
        "with fresh caches and settings and, for the floor, into a bare pygls server beside it.",
        f"This takes about {about_s:.0f} s, and the time to index each folder from nothing.",
    )


def show_report(console: Console, result: Mapping[str, Any]) -> None:
    """Print all tables, then what went wrong, if anything did."""
    _say(console, "", where(result), startup(result) or "")
    for workspace in result["workspaces"]:
        if workspace["all"] or workspace["scenarios"]:
            console.print()
            console.print(_latency_table(workspace))
            console.print()
        _say(console, *facts(workspace))
        if workspace["examples"]:
            _say(
                console,
                "",
                f"Some of them, the ghost text after {CURSOR}; {RIGHT} as written there, {WRONG} not:",
            )
        for example in workspace["examples"]:
            for line in _example(example):
                console.print(line, no_wrap=True, overflow="ellipsis")
    if any(workspace["all"] or workspace["scenarios"] for workspace in result["workspaces"]):
        _say(console, "", *(f"{name:14}{meaning}" for name, meaning in MEANINGS.items()))
    if result["interrupted"]:
        console.print("\nInterrupted: this is what was measured until then.", style="yellow")
    for problem in problems(result):
        console.print(Text(f"\n{problem}", style="red"), soft_wrap=True)


def _say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _latency_table(workspace: Mapping[str, Any]) -> Table:
    table = Table(
        title=f"{workspace['name']}: request to answer, ms",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        # Without room for frames it fits into 80 columns, however slow a machine is.
        show_edge=False,
        pad_edge=False,
        padding=(0, 0, 0, 1),
    )
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, no_wrap=True, justify="right" if number else "left")
    for cells in rows(workspace):
        table.add_row(*cells)
    return table


def _example(example: Mapping[str, Any]) -> Iterator[Text]:
    """One ghost text: its place, the line with it, and the line that the file has there if that differs.

    The cursor's mark parts what was typed from what was offered where there are no colours.
    """
    first, *more = example["ghost"].split("\n")
    right = example["as_written"]
    yield Text(f"  {example['place']}", "cyan")
    before = example["before"].lstrip()
    before = before if len(before) <= MOST_BEFORE else f"…{before[-MOST_BEFORE:]}"
    yield Text.assemble(
        (f"    {RIGHT} ", "green") if right else (f"    {WRONG} ", "yellow"),
        before,
        (CURSOR, "cyan"),
        (first, "dim italic"),
        (f"   (+{len(more)} more line{'s' * (len(more) > 1)})" if more else "", "cyan"),
    )
    if not right:
        yield Text.assemble(
            " file ", before, (CURSOR, "cyan"), (example["written"].rstrip() or "(nothing)", "yellow")
        )
