from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench.document import filled, main, markdown, outside
from pilotfish.bench.measure import measure
from pilotfish.bench.report import report
from tests.bench.conftest import contest, stub

MACHINE = {
    "system": "Linux 6", "processor": "Z80", "cores": 2, "load": 0.5, "python": "3.11", "pilotfish": "0.1",
    "commit": "0123456789abcdef",
}  # fmt: skip
PAGE = "Before.\n<!-- run: runs/one.json -->\nof yesterday\n<!-- end of run -->\nAfter.\n"


@pytest.fixture
def result(workspace: Path) -> dict[str, Any]:
    return report(measure([workspace], contest(stub())), contest(stub()), MACHINE)


def test_markdown_of_a_run(result: dict[str, Any]) -> None:
    text = markdown(result)
    assert text.startswith("pilotfish 0.1 (0123456789ab), Python 3.11, Linux 6, 2 × Z80, load 0.5")
    assert "**workspace**, request to answer in ms:" in text
    assert "\n| request | count | p50 | p90 |" in text
    cold = result["workspaces"][0]["ways"]["cold"]
    assert f"\n| cold | {cold['count']} | {cold['p50_ms']:.1f} |" in text
    assert "- offered at cold places: " in text


def test_markdown_of_scores() -> None:
    score = {
        "n": 9,
        "em": 25.04,
        "es": 50.0,
        "coverage": 0.5,
        "precision": 0.75,
        "p50_ms": 4.0,
        "p95_ms": 9.96,
    }
    text = markdown({"kind": "quality", "machine": MACHINE, "scores": {"left": score}})
    assert "\n| left | 9 | 25.0 | 50.0 | 50% | 75% | 4.0 ms | 10.0 ms |\n" in text


def test_a_page_is_filled_from_its_run_and_checked(
    result: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "docs" / "benchmarks.md"
    (tmp_path / "docs" / "runs").mkdir(parents=True)
    (tmp_path / "docs" / "runs" / "one.json").write_text(json.dumps(result))
    page.write_text(PAGE)
    assert (
        main(["--check"]) == f"{Path('docs', 'benchmarks.md')} is not what the runs say: run `make generate`"
    )
    assert main([]) == 0
    assert main(["--check"]) == 0
    text = page.read_text()
    assert markdown(result) in text
    assert "of yesterday" not in text
    assert outside(text) == outside(PAGE) == "Before.\n\nAfter.\n"
    assert filled(text, page.parent) == text
