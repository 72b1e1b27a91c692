from __future__ import annotations

from pathlib import Path

import pytest

from pilotfish.bench.keystrokes import plan
from pilotfish.errors import InputError


def test_same_seed_same_keys_and_another_seed_others(workspace: Path) -> None:
    assert plan(workspace, 200, "7") == plan(workspace, 200, "7")
    assert plan(workspace, 200, "7") != plan(workspace, 200, "8")


def test_types_what_the_files_hold(workspace: Path) -> None:
    files = plan(workspace, 300, "1")
    assert {file.name for file in files} == {"app.py", "lib/smile.py", "lib/crlf.go"}
    for file in files:
        for visit in file.visits:
            assert visit.keys
            assert file.lines[visit.line].startswith(visit.keys, visit.column)


def test_types_about_as_many_keys_as_asked_for(workspace: Path) -> None:
    typed = sum(len(visit.keys) for file in plan(workspace, 100, "1") for visit in file.visits)
    assert 100 <= typed <= 140


@pytest.mark.parametrize("name", ["notes.txt", "empty.py"])
def test_a_folder_without_code_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\n\nx\n" if name.endswith("py") else "words and words and words\n")
    with pytest.raises(InputError, match="no source files to type into"):
        plan(tmp_path, 10, "1")
