from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pilotfish.bench.traces import Step, Trace, read_traces, write_traces
from pilotfish.bench.workload import plan
from pilotfish.errors import InputError

STEP = {"wait_ms": 1, "start": [0, 0], "end": [0, 0], "text": "x", "asks": True, "takes": False}
TRACE = {"scenario": "recorded", "name": "app.py", "language_id": "python", "text": None, "steps": [STEP]}


def test_what_is_written_is_read_again(workspace: Path, tmp_path: Path) -> None:
    traces = plan(workspace, 100, "1")
    write_traces(tmp_path / "t.json", traces)
    assert read_traces(tmp_path / "t.json", workspace) == traces


def test_a_stripped_trace_takes_its_text_from_the_workspace(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps({"format": 1, "traces": [TRACE]}))
    (trace,) = read_traces(file, workspace)
    text = (workspace / "app.py").read_text()
    assert trace == Trace("recorded", "app.py", "python", text, (Step(1, (0, 0), (0, 0), "x"),))


BROKEN: list[tuple[Any, str]] = [
    ("{", "is no JSON"),
    ("[]", "is no keystroke trace of format 1"),
    ({"format": 9, "traces": []}, "is no keystroke trace of format 1"),
    ({"format": 1}, "is a broken keystroke trace: KeyError 'traces'"),
    ({"format": 1, "traces": [{**TRACE, "steps": [{**STEP, "start": [1]}]}]}, "is a broken keystroke trace"),
    ({"format": 1, "traces": [{**TRACE, "name": "gone.py"}]}, "gone.py cannot be read in"),
    ({"format": 1, "traces": [{**TRACE, "name": "../t.json"}]}, "does not lie in the workspace"),
    ({"format": 1, "traces": [{**TRACE, "name": "/etc/passwd"}]}, "does not lie in the workspace"),
]


@pytest.mark.parametrize(("body", "sentence"), BROKEN)
def test_a_broken_trace_is_refused_in_a_sentence(
    body: Any, sentence: str, workspace: Path, tmp_path: Path
) -> None:
    file = tmp_path / "t.json"
    file.write_text(body if isinstance(body, str) else json.dumps(body))
    with pytest.raises(InputError) as refused:
        read_traces(file, workspace)
    assert sentence in str(refused.value)


def test_a_trace_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_traces(tmp_path / "none.json", tmp_path)
