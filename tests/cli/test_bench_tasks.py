"""The other tasks of `pilotfish bench`, as a user runs them, against scripted servers."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from pilotfish.bench.traces import write_traces
from pilotfish.bench.workload import plan
from pilotfish.cli.main import main
from tests.bench.conftest import stub


@pytest.fixture
def code(tmp_path: Path) -> Path:
    root = tmp_path / "code"
    root.mkdir()
    (root / "app.py").write_text("".join(f"value_{n} = compute(value_{n}, {n})\n" for n in range(40)))
    return root


def test_compare(code: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.json"
    fast, slow = shlex.join(stub(delays_ms=[4])), shlex.join(stub(delays_ms=[12]))
    arguments = ["bench", "compare", "--server", fast, "--against", slow, "--workspace", str(code)]
    arguments += ["--keys", "40", "--starts", "1", "--json", str(out)]
    assert main([*arguments, "--fail-if", "all.p50.value > 0.7"]) == 0
    assert "faster" in capsys.readouterr().out
    assert json.loads(out.read_text())["all"]["p50"]["verdict"] == "faster"
    assert main([*arguments, "--fail-if", "all.p50.value < 0.7"]) == 1


def test_comparing_a_thing_with_itself_is_refused(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "compare", "--workspace", str(code)]) == 2
    assert "both are the same" in capsys.readouterr().err


def test_quality(code: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "report.html"
    arguments = ["bench", "quality", "--server", shlex.join(stub()), "--workspace", str(code)]
    arguments += ["--count", "3", "--setting", 'other={"backend": []}', "--html", str(page)]
    assert main(arguments) == 0
    assert "exact match" not in capsys.readouterr().err
    assert "other" in page.read_text(encoding="utf-8")


def test_what_each_source_of_context_is_worth(
    code: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    arguments = ["bench", "quality", "--server", shlex.join(stub()), "--workspace", str(code), "--count", "1"]
    assert main([*arguments, "--ablate-context", "--json", str(out)]) == 0
    settings = json.loads(out.read_text())["settings"]
    assert settings["as set"] == {}
    assert settings["- usages"] == {"context": {"disabled_sources": ["usages"]}}
    assert "- similar" in capsys.readouterr().out


def test_a_trace_is_played_and_one_that_does_not_fit_is_refused(
    code: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace, out = tmp_path / "trace.json", tmp_path / "report.json"
    traces = plan(code, 20, "1")
    write_traces(trace, traces)
    arguments = ["bench", "--server", shlex.join(stub()), "--workspace", str(code), "--starts", "1"]
    assert main([*arguments, "--trace", str(trace), "--json", str(out)]) == 0
    asked = sum(step.asks for each in traces for step in each.steps) + len(traces)
    assert json.loads(out.read_text())["workspaces"][0]["all"]["count"] == asked
    (code / "app.py").write_text("x\n")
    stripped = json.loads(trace.read_text())
    for each in stripped["traces"]:
        each["text"] = None
    trace.write_text(json.dumps(stripped))
    assert main([*arguments, "--trace", str(trace), "--json", str(out)]) == 2
    assert "is at no place of it; record it anew" in " ".join(capsys.readouterr().out.split())


BAD = [
    (["--settings", "{"], "the settings are no JSON"),
    (["--settings", "[]"], "are no JSON object"),
    (["--settings", "@none.json"], "none.json cannot be read"),
    (["--stub", "speed=1"], "says nothing to the stub"),
    (["--trace", "none.json"], "none.json cannot be read"),
    (["--html", "no/such/folder/report.html"], "cannot be written: no such folder"),
    (["--server", "'"], "is not a command"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD)
def test_bad_input_is_a_sentence_and_exit_code_2(
    arguments: list[str], sentence: str, code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "--workspace", str(code), *arguments]) == 2
    assert sentence in capsys.readouterr().err
