"""How completions and code actions fare, added up by kind, and as a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pilotfish.session.tally import ACTION, Fate

ACTION_EVENTS = ("done", "cancelled", "given up")
EVENTS = ("shown", "accepted", "partly", "typed", "rejected", "kept")
_TAKEN = ("accepted", "partly", "typed")
KEPT_MEANS = "kept: still there 30 s after it was taken"


def added_up(counts: Mapping[Fate, int]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A row for each kind of completion, the most shown first, and the total.

    Each has the `EVENTS` as numbers, and `taken_share`: of what was shown, what was taken in one way or
    another, None where nothing was shown. A row has `language`, `backend` and `source` too.
    """
    by_kind: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for fate, count in counts.items():
        if not fate.source.startswith(ACTION):
            by_kind[fate.language, fate.backend, fate.source][fate.event] += count
    rows = [
        {"language": language, "backend": backend, "source": source, **_figures(counted)}
        for (language, backend, source), counted in sorted(
            by_kind.items(), key=lambda kind: -kind[1]["shown"]
        )
    ]
    return rows, _figures(sum(by_kind.values(), Counter[str]()))


def actions_added_up(counts: Mapping[Fate, int]) -> list[dict[str, Any]]:
    """A row for each code action, the most used first: `action`, and the `ACTION_EVENTS` as numbers."""
    by_name: dict[str, Counter[str]] = defaultdict(Counter)
    for fate, count in counts.items():
        if fate.source.startswith(ACTION):
            by_name[fate.source.removeprefix(ACTION).strip()][fate.event] += count
    return [
        {"action": name, **{event: counted[event] for event in ACTION_EVENTS}}
        for name, counted in sorted(by_name.items(), key=lambda named: -named[1].total())
    ]


def cells(row: Mapping[str, Any]) -> list[str]:
    """A row as it is read: its kind, its numbers, and the share that was taken."""
    share = "" if row["taken_share"] is None else f"{100 * row['taken_share']:.0f} %"
    kind = (str(row.get(name, "")) for name in ("language", "backend", "source"))
    return [*kind, *(str(row[event]) for event in EVENTS), share]


def statistics(counts: Mapping[Fate, int]) -> str:
    """All of it as a document in Markdown."""
    return "\n".join((_of_completions(counts), _of_actions(counts)))


def _of_actions(counts: Mapping[Fate, int]) -> str:
    rows = [[str(value) for value in row.values()] for row in actions_added_up(counts)]
    if not rows:
        return ""
    table = [["action", *ACTION_EVENTS], ["---", *["---:"] * len(ACTION_EVENTS)], *rows]
    return "\n".join(["# How code actions fare", "", *map(_line, table), ""])


def _of_completions(counts: Mapping[Fate, int]) -> str:
    rows, total = added_up(counts)
    if not rows:
        return "# How completions fare\n\nNothing has been shown yet.\n"
    heading = ["language", "backend", "source", *EVENTS, "taken"]
    table = [heading, ["---"] * 3 + ["---:"] * (len(heading) - 3), *map(cells, rows)]
    lines = [_line(row) for row in (*table, cells({"language": "all", **total}))]
    return "\n".join(["# How completions fare", "", *lines, "", f"{KEPT_MEANS}.", ""])


def _figures(counted: Counter[str]) -> dict[str, Any]:
    figures: dict[str, Any] = {event: counted[event] for event in EVENTS}
    taken = sum(counted[event] for event in _TAKEN)
    figures["taken_share"] = round(taken / counted["shown"], 3) if counted["shown"] else None
    return figures


def _line(row: Sequence[str]) -> str:
    return f"| {' | '.join(each.replace('|', chr(92) + '|') for each in row)} |"
