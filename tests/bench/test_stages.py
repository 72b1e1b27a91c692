from __future__ import annotations

from typing import Any

from pilotfish.bench.measured import Measured
from pilotfish.bench.report import _model
from pilotfish.bench.stages import Stages


def trace(number: int, uri: str = "file:///a", **more: Any) -> dict[str, Any]:
    stages = [{"stage": "engine", "ms": 2.0, "note": ""}, {"stage": "stream", "ms": 6.0, "note": ""}]
    return {"id": f"1-{number}", "uri": uri, "decision": "shown", "source": "model", "stages": stages, **more}


def test_a_trace_counts_once_and_for_the_scenario_of_its_file() -> None:
    stages = Stages()
    stages.read([trace(1), trace(2, "file:///b")], {"file:///a": "line", "file:///b": "paste"})
    stages.read([trace(2, "file:///b"), trace(3)], {"file:///a": "line"})
    assert {name: share.traces for name, share in stages.by_scenario.items()} == {"line": 2, "paste": 1}
    assert stages.together().stage_ms == {"engine": [2.0] * 3, "stream": [6.0] * 3}
    assert stages.together().model_calls == 3
    later = stages.anew()
    later.read([trace(3), trace(4)], {})
    assert later.together().traces == 1


def test_what_is_no_trace_is_passed_over() -> None:
    stages = Stages()
    stages.read([None, 7, trace(1)], {})  # type: ignore[list-item]
    assert stages.together().traces == 1


def test_what_the_accepted_characters_cost() -> None:
    measured = Measured("code", accepted_characters=50)
    parts = [{"name": "prefix", "path": "", "tokens": 900}, {"name": "suffix", "path": "", "tokens": 100}]
    measured.stages.read([trace(1, parts=parts)], {})
    found = _model(measured, [], {"backends": {"dear": {"price_per_million_input": 2.0}}})
    assert found is not None
    assert (found["prompt_tokens"], found["prompt_tokens_per_accepted_character"]) == (1000, 20.0)
    assert found["prompt_cost"] == 0.002
    free = _model(measured, [], {})
    assert free is not None
    assert free["prompt_cost"] is None
