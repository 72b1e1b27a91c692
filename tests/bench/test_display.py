"""What a person reads at the end of `make run`, on a terminal of the usual width."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pilotfish.bench.display import show_report
from pilotfish.bench.wording import HEADINGS, MEANINGS

RUN = Path(__file__).parents[2] / "docs" / "runs" / "latency.json"


@pytest.fixture
def result() -> dict[str, Any]:
    run: dict[str, Any] = json.loads(RUN.read_text(encoding="utf-8"))
    return run


def shown(result: dict[str, Any], width: int = 80) -> list[str]:
    out = io.StringIO()
    show_report(Console(file=out, width=width), result)
    return out.getvalue().splitlines()


def test_a_slow_machine_s_table_fits_into_80_columns(result: dict[str, Any]) -> None:
    for workspace in result["workspaces"]:
        for figures in (*workspace["ways"].values(), workspace["all"]):
            figures |= {
                name: value + 1000 for name, value in figures.items() if name.endswith("_ms") and value
            }
    lines = shown(result)
    heads = [line for line in lines if line.startswith("request ")]
    assert [tuple(head.split()) for head in heads] == [HEADINGS] * len(result["workspaces"])
    assert not [line for line in lines if line.startswith(tuple(MEANINGS)) and "…" in line]


def test_the_ghost_text_is_told_from_what_was_typed(result: dict[str, Any]) -> None:
    examples = [
        {"place": "a.py:3:5", "before": "    x = ", "ghost": "one(", "written": "one(", "as_written": True},
        {"place": "b.py:1:1", "before": "", "ghost": "a\nb\nc", "written": "", "as_written": False},
    ]
    result["workspaces"] = [{**result["workspaces"][0], "examples": examples}]
    text = "\n".join(line.rstrip() for line in shown(result))
    assert "\n  a.py:3:5\n    ✓ x = │one(\n  b.py:1:1\n    ✗ │a   (+2 more lines)\n file │(nothing)\n" in text
