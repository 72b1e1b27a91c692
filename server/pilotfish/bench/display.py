"""The report on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pilotfish.bench.report import problems
from pilotfish.bench.wording import (
    HEADINGS,
    MEANINGS,
    STAGE_HEADINGS,
    facts,
    rows,
    scenario_rows,
    stage_rows,
    startup,
    where,
)

CURSOR, RIGHT, WRONG = "│", "✓", "✗"
MOST_BEFORE = 40
"""Characters of the line before the cursor: the ghost text is what is to be seen."""


def show_intention(
    console: Console, workspaces: Sequence[str], keys: int, seed: str, speed: float | None
) -> None:
    """Say what will happen and about how long it takes, before it happens."""
    about_s = 10 + len(workspaces) * (5 + keys * (0.015 if speed is None else 0.35 / speed))
    pace = "as fast as answers come" if speed is None else f"at {speed:g} × a person's speed"
    _say(
        console,
        f"Asks {keys} times in {', '.join(workspaces)} as an editor does, {pace} (seed {seed}):",
        "a server with fresh caches and settings and, for the floor, a bare pygls server beside it.",
        f"This takes about {about_s:.0f} s, and the time to index each folder from nothing.",
    )


def show_report(console: Console, result: Mapping[str, Any]) -> None:
    """Print all tables, then what went wrong, if anything did."""
    _say(console, "", where(result), startup(result) or "")
    for workspace in result["workspaces"]:
        if workspace["all"] or workspace["ways"]:
            title = f"{workspace['name']}: request to answer, ms"
            show_table(console, title, HEADINGS, rows(workspace))
        if workspace["scenarios"]:
            show_table(console, "by kind of work", ("work", *HEADINGS[1:]), scenario_rows(workspace))
        if workspace["stages"]:
            show_table(console, "the server's own account, ms", STAGE_HEADINGS, stage_rows(workspace))
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
    if any(workspace["all"] or workspace["ways"] for workspace in result["workspaces"]):
        _say(console, "", *(f"{name:14}{meaning}" for name, meaning in MEANINGS.items()))
    if result["interrupted"]:
        console.print("\nInterrupted: this is what was measured until then.", style="yellow")
    for problem in problems(result):
        console.print(Text(f"\n{problem}", style="red"), soft_wrap=True)


def _say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def show_table(
    console: Console, title: str, headings: Sequence[str], lines: Iterable[tuple[str, ...]]
) -> None:
    """A table without frames, its first column to the left."""
    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        # Without room for frames it fits into 80 columns, however slow a machine is.
        show_edge=False,
        pad_edge=False,
        padding=(0, 0, 0, 1),
    )
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=True, justify="right" if number else "left")
    for cells in lines:
        table.add_row(*cells)
    console.print()
    console.print(table)
    console.print()


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
