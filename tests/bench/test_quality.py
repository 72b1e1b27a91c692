"""Held-out tasks against scripted servers: what is scored is what was answered, and no answer leaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pilotfish.bench.document import markdown
from pilotfish.bench.html import html
from pilotfish.bench.quality import Examination, examine
from pilotfish.bench.tasks import KINDS, Task, draw, read_tasks, rounds, text_without
from pilotfish.errors import InputError
from tests.bench.conftest import stub
from tests.bench.test_document import MACHINE


def examination(server: list[str], **settings: object) -> Examination:
    return Examination(server, {"as set": {}, **settings}, lambda text, done: None)  # type: ignore[dict-item]


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_knows_the_answer_has_all_of_it(kind: str, workspace: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    tasks = draw(workspace, kind, 10, "1")
    places = {}
    for task in tasks:
        line, column = task.start
        before = (workspace / task.name).read_text(encoding="utf-8").split("\n")[line][:column]
        utf16 = len(before.encode("utf-16-le")) // 2
        places[f"{(workspace / task.name).as_uri()}:{line}:{utf16}"] = task.target
    answers.write_text(json.dumps(places))
    result = examine(workspace, tasks, examination(stub(answers=str(answers))), MACHINE)
    found = result["scores"]["as set"]
    assert found["exact_match"] == found["precision"] == found["coverage"] == 1.0
    assert "100.0" in markdown(result)
    assert "100.0" in html(result)


def test_a_server_that_says_nothing_has_nothing(workspace: Path) -> None:
    tasks = draw(workspace, "line", 5, "1")
    found = examine(workspace, tasks, examination(stub(mode="flood")), MACHINE)["scores"]["as set"]
    assert (found["exact_match"], found["coverage"], found["precision"]) == (0, 0, 0)


def test_every_setting_is_scored_on_the_same_tasks(workspace: Path) -> None:
    tasks = draw(workspace, "line", 4, "1")
    result = examine(workspace, tasks, examination(stub(), other={"backend": []}), MACHINE)
    assert [score["count"] for score in result["scores"].values()] == [4, 4]


def test_the_target_is_not_in_what_is_shown(workspace: Path) -> None:
    for kind in KINDS:
        for task in draw(workspace, kind, 20, "3"):
            text = (workspace / task.name).read_text(encoding="utf-8").replace("\r\n", "\n")
            both = text_without(workspace, task, left_only=False)
            left = text_without(workspace, task, left_only=True)
            assert both.startswith(left)
            assert both == left + both[len(left) :]
            assert left + task.target + both[len(left) :] == text


def test_no_round_has_a_file_twice() -> None:
    tasks = [Task("line", name, "c", (n, 0), (n, 1), "x") for n, name in enumerate("aabacb")]
    split = rounds(tasks)
    assert sum(map(len, split)) == 6
    assert all(len({task.name for task in batch}) == len(batch) for batch in split)


def test_a_table_of_tasks_is_read(workspace: Path, tmp_path: Path) -> None:
    table = tmp_path / "tasks.tsv"
    table.write_text(
        "repo\tlang\tfile\tkind\tline_no\tcol\n"
        "workspace\tpython\tapp.py\tline\t4\t0\n"
        "workspace\tpython\tapp.py\txfile\t5\t17\n"
        "another\tpython\tapp.py\tline\t4\t0\n"
    )
    line, member = read_tasks(table, workspace)
    assert (line.start, line.target) == ((4, 4), "with open(path) as f:")
    assert (member.start, member.target) == ((5, 17), "read()")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\tb\n1\t2\n", "does not fit"),
        ("file\tlang\tkind\tline_no\tcol\napp.py\tpython\tline\t999\t0\n", "fit"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    text: str, sentence: str, workspace: Path, tmp_path: Path
) -> None:
    table = tmp_path / "tasks.tsv"
    table.write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_tasks(table, workspace)
    with pytest.raises(InputError, match="cannot be read"):
        read_tasks(tmp_path / "none.tsv", workspace)
