"""How completions fare, added up by language, backend and source, and as a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pilotfish.session.tally import Fate

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
        by_kind[fate.language, fate.backend, fate.source][fate.event] += count
    rows = [
        {"language": language, "backend": backend, "source": source, **_figures(counted)}
        for (language, backend, source), counted in sorted(
            by_kind.items(), key=lambda kind: -kind[1]["shown"]
        )
    ]
    return rows, _figures(sum(by_kind.values(), Counter[str]()))


def cells(row: Mapping[str, Any]) -> list[str]:
    """A row as it is read: its kind, its numbers, and the share that was taken."""
    share = "" if row["taken_share"] is None else f"{100 * row['taken_share']:.0f} %"
    kind = (str(row.get(name, "")) for name in ("language", "backend", "source"))
    return [*kind, *(str(row[event]) for event in EVENTS), share]


def statistics(counts: Mapping[Fate, int]) -> str:
    """All of it as a document in Markdown."""
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
