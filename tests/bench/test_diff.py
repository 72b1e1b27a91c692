from __future__ import annotations

import json
from pathlib import Path

import pytest

from pilotfish.bench.diff import changes, read_report
from pilotfish.cli.main import main
from pilotfish.errors import InputError
from tests.bench.test_document import MACHINE

OLD = {
    "kind": "latency",
    "machine": MACHINE,
    "all": {"p50_ms": 10.0, "p95_ms": 20.0, "count": 5},
    "seconds": 4,
}
NEW = {
    "kind": "latency",
    "machine": MACHINE,
    "all": {"p50_ms": 5.0, "p95_ms": 21.0, "count": 9},
    "seconds": 8,
}


def test_what_is_better_and_what_is_worse() -> None:
    found = {change.name: change.verdict for change in changes(OLD, NEW)}
    assert found == {"all.p50_ms": "better", "all.p95_ms": "", "seconds": "worse"}
    scores = [{"kind": "held-out", "scores": {"precision": value}} for value in (0.5, 0.8)]
    assert [change.verdict for change in changes(*scores)] == ["better"]


def test_the_command_says_so_and_its_exit_code_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(OLD))
    new.write_text(json.dumps(NEW))
    assert main(["bench", "diff", str(old), str(new)]) == 1
    assert "1 of 3 figures are the same" in capsys.readouterr().out
    assert main(["bench", "diff", str(old), str(old)]) == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_broken_report_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(InputError):
        read_report(tmp_path / "r.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path / "none.json")


def test_reports_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(InputError, match="one report is of latency, the other of compare"):
        list(changes(OLD, {"kind": "compare"}))
    with pytest.raises(InputError, match="no figure in common"):
        list(changes({"kind": "latency"}, OLD))
