from __future__ import annotations

import random
from pathlib import Path

import pytest

from pilotfish.bench.scenarios import GENERATORS, worth_typing
from pilotfish.bench.traces import Trace
from pilotfish.bench.typist import LINE_END, Typist, replace
from pilotfish.bench.workload import plan
from pilotfish.errors import InputError

CODE = Path(__file__).read_text(encoding="utf-8")


def questions(traces: list[Trace]) -> int:
    return sum(step.asks for trace in traces for step in trace.steps)


def test_same_seed_same_work_and_another_seed_other(workspace: Path) -> None:
    assert plan(workspace, 200, "7") == plan(workspace, 200, "7")
    assert plan(workspace, 200, "7") != plan(workspace, 200, "8")


def test_source_files_are_typed_into_and_nothing_else(workspace: Path) -> None:
    assert {trace.name for trace in plan(workspace, 300, "1")} == {"app.py", "lib/smile.py", "lib/crlf.go"}


def test_asks_about_as_often_as_wanted_and_every_scenario_comes(workspace: Path) -> None:
    traces = plan(workspace, 400, "1")
    assert 400 <= questions(traces) <= 460
    assert {trace.scenario for trace in traces} == set(GENERATORS)
    assert {trace.scenario for trace in plan(workspace, 60, "1", ["paste"])} == {"paste"}


@pytest.mark.parametrize("scenario", GENERATORS)
def test_every_place_is_there_and_the_text_is_in_the_end_as_it_was(scenario: str) -> None:
    for seed in range(20):
        typist = Typist(LINE_END.split(CODE), random.Random(seed))
        for _ in range(3):
            GENERATORS[scenario](typist, typist._chance)
        lines = LINE_END.split(CODE)
        for step in typist.steps:
            for line, column in (step.start, step.end):
                assert column <= len(lines[line])
            replace(lines, step.start, step.end, step.text)
        assert "\n".join(lines) == CODE
        assert any(step.asks for step in typist.steps)


def test_what_is_typed_comes_key_by_key_and_at_human_times() -> None:
    typist = Typist(["def f():", ""], random.Random(1))
    typist.cursor = 0, 8
    typist.type("\n    return 1")
    assert [step.text for step in typist.steps] == ["\n    ", *"return 1"]
    assert typist.lines == ["def f():", "    return 1", ""]
    assert all(20 < step.wait_ms < 2000 for step in typist.steps)


def test_lines_without_a_word_or_endless_ones_are_not_worth_typing() -> None:
    assert worth_typing(["", "    }", "x = 1", "return value", "a" * 500, "# ---------"]) == [3]


@pytest.mark.parametrize("name", ["notes.txt", "empty.py"])
def test_a_folder_without_code_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\n\nx\n" if name.endswith("py") else "words and words and words\n")
    with pytest.raises(InputError, match="no source files to type into"):
        plan(tmp_path, 10, "1")
