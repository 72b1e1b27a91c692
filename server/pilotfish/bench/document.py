"""Keeps docs/benchmarks.md to the committed runs: its tables are made from docs/runs/, never typed.

`python -m pilotfish.bench.document` writes them anew; with `--check` it only tells whether they are current.
Both work from the repository's root.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pilotfish.bench import show_comparison as comparison
from pilotfish.bench import show_quality as quality
from pilotfish.bench.wording import (
    HEADINGS,
    STAGE_HEADINGS,
    facts,
    rows,
    scenario_rows,
    stage_rows,
    startup,
    where,
)

PAGE = Path("docs") / "benchmarks.md"
_BLOCK = re.compile(r"(<!-- run: (\S+) -->\n).*?(<!-- end of run -->)", re.DOTALL)


def main(arguments: Sequence[str]) -> int | str:
    """Write or check the page."""
    text = PAGE.read_text(encoding="utf-8")
    current = filled(text, PAGE.parent)
    if "--check" not in arguments:
        PAGE.write_text(current, encoding="utf-8", newline="\n")
    elif text != current:
        return f"{PAGE} is not what the runs say: run `make generate`"
    return 0


def filled(page: str, folder: Path) -> str:
    """The page with each block between `<!-- run: FILE -->` and `<!-- end of run -->` made from its file."""

    def fill(block: re.Match[str]) -> str:
        result = json.loads((folder / block[2]).read_text(encoding="utf-8"))
        return f"{block[1]}\n{markdown(result)}\n{block[3]}"

    return _BLOCK.sub(fill, page)


def outside(page: str) -> str:
    """The page without its blocks: what a person wrote."""
    return _BLOCK.sub("", page)


def markdown(result: Mapping[str, Any]) -> str:
    """A report for a page or a pull request."""
    kinds = {
        "quality": _scores,
        "latency": _latency,
        "compare": _comparison,
        "held-out": _held_out,
        "table": _plain,
    }
    return "\n".join(kinds[result["kind"]](result)) + "\n"


def _plain(result: Mapping[str, Any]) -> Iterator[str]:
    """Rows that are tables already: each an object with the same keys, which are the headings."""
    yield f"{where(result)}.\n"
    yield from _table(tuple(result["rows"][0]), (tuple(map(_cell, row.values())) for row in result["rows"]))


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _latency(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"{where(result)}; seed {result['seed']}."
    if start := startup(result):
        yield f"\n{start[0].upper()}{start[1:]}."
    for workspace in result["workspaces"]:
        yield f"\n**{workspace['name']}**, request to answer in ms:\n"
        yield from _table(HEADINGS, rows(workspace))
        if workspace["scenarios"]:
            yield "\nBy kind of work:\n"
            yield from _table(("work", *HEADINGS[1:]), scenario_rows(workspace))
        if workspace["stages"]:
            yield "\nThe server's own account, in ms:\n"
            yield from _table(STAGE_HEADINGS, stage_rows(workspace))
        yield ""
        yield from (f"- {fact}" for fact in facts(workspace))


def _comparison(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"{where(result)}; seed {result['seed']}.\n"
    yield from (f"- {fact}" for fact in comparison.facts(result))
    for share in comparison.SHARES:
        yield f"\n**{result['workspace']}**, {share} of request to answer in ms:\n"
        yield from _table(comparison.HEADINGS, comparison.rows(result, share))


def _held_out(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"{where(result)}; seed {result['seed']}.\n"
    yield f"{quality.title(result)}:\n"
    yield from _table(quality.HEADINGS, quality.rows(result))
    for name in result["scores"]:
        yield f"\n{name}, by language:\n"
        yield from _table(("language", *quality.HEADINGS[1:-2]), quality.language_rows(result, name))


def _scores(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"{where(result)}.\n"
    headings = (
        "setting",
        "tasks",
        "exact match",
        "edit similarity",
        "offered",
        "right of these",
        "p50",
        "p95",
    )
    scores = result["scores"].items()
    yield from _table(
        headings,
        (
            (
                name,
                str(score["n"]),
                *(f"{score[key]:.1f}" for key in ("em", "es")),
                *(f"{score[key]:.0%}" for key in ("coverage", "precision")),
                *(f"{score[key]:.1f} ms" for key in ("p50_ms", "p95_ms")),
            )
            for name, score in scores
        ),
    )


def _table(headings: Sequence[str], lines: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|---|{'---:|' * (len(headings) - 1)}"
    yield from (f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
