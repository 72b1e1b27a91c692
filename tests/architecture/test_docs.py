"""Documents say only what is so: figures come from committed runs, and links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pilotfish.bench.document import PAGE, filled, markdown, outside
from pilotfish.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RUNS = sorted((ROOT / "docs" / "runs").glob("*.json"))

# A measured figure, that is one without "≤" and the like before it.
FIGURE = re.compile(r"(?<![≤≥<>] )(?<![≤≥<>\d.,])\b\d+(?:[.,]\d+)? ?(?:ms|MB|GB|%)(?!\w)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_benchmarks_page_is_what_the_runs_say() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == filled(page, ROOT / PAGE.parent)


@pytest.mark.parametrize("name", ["README.md", "docs/benchmarks.md", "docs/guide.md"])
def test_no_figure_is_typed_by_hand(name: str) -> None:
    assert FIGURE.findall(outside((ROOT / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_committed_runs_are_whole_and_name_machine_and_commit(run: Path) -> None:
    result = json.loads(run.read_text(encoding="utf-8"))
    assert result["complete"]
    assert result["machine"]["processor"]
    assert re.fullmatch("[0-9a-f]{40}", result["machine"]["commit"])
    assert markdown(result) in (ROOT / PAGE).read_text(encoding="utf-8")


def test_there_are_runs() -> None:
    assert RUNS


def test_every_command_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`pilotfish {name}" not in guide] == []


@pytest.mark.parametrize(("text", "found"), [("takes 12.5 ms", 1), ("≤ 30 ms", 0), ("uses 120 MB or 40%", 2)])
def test_the_search_for_figures(text: str, found: int) -> None:
    assert len(FIGURE.findall(text)) == found
