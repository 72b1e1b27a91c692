"""`pilotfish action`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pilotfish.cli.main import main
from pilotfish.cli.place import parse_range
from pilotfish.errors import InputError
from pilotfish.text.document import Position, Range

CODE = "def area(radius):\n    return math.pi * radius * radius\n"
ECHO = """backend = ["embedded", "echo"]

[backends.echo]
kind = "echo"

[backends.echo.options]
chunks = ["```python\\n", "def area(radius):\\n    return math.pi * radius**2\\n", "```\\n"]
"""


@pytest.fixture
def file(tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "calc.py"
    path.write_text(CODE)
    config = own_home / "config" / "pilotfish"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(ECHO)
    monkeypatch.chdir(tmp_path)
    return path


def test_a_diff_leaves_the_file_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "import", "calc.py:2:12", "--diff"]) == 0
    assert "+import math\n" in capsys.readouterr().out
    assert file.read_text() == CODE


@pytest.mark.parametrize(
    ("arguments", "name", "code"),
    [
        (["import", "src/calc.py:2:12"], "src/calc.py", f"import math\n\n\n{CODE}"),
        (["test-skeleton", "src/calc.py:1"], "tests/test_calc.py", ""),
        (
            ["fix", "src/calc.py:2", "--problem", "slow"],
            "src/calc.py",
            CODE.replace("radius * radius", "radius**2"),
        ),
        (["complete", "src/open.py:1:7"], "src/open.py", ""),
    ],
)
def test_a_diff_is_a_patch(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], name: str, code: str
) -> None:
    (file.parent / "src").mkdir()
    file.rename(file.parent / "src" / "calc.py")
    (file.parent / "src" / "open.py").write_text("def are")
    assert main(["action", *arguments, "--diff"]) == 0
    patch = file.parent / "change.patch"
    patch.write_text(capsys.readouterr().out)
    subprocess.run(["git", "apply", patch], cwd=file.parent, check=True, timeout=60)
    assert code in (file.parent / name).read_text()
    assert (file.parent / name).read_text() not in (CODE, "def are")


def test_without_it_the_file_is_written(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "import", "calc.py:2:12"]) == 0
    assert capsys.readouterr().out == f"changed {file.resolve()}\n"
    assert file.read_text() == f"import math\n\n\n{CODE}"
    assert main(["stats"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["import", "1", "0", "0"]
    assert main(["stats", "--json", "-"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["actions"]
    assert row == {"action": "import", "done": 1, "cancelled": 0, "given up": 0}


def test_a_model_does_what_it_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "edit", "calc.py:1-2", "--instruction", "square it"]) == 0
    assert file.read_text() == CODE.replace("radius * radius", "radius**2")


def test_an_explanation_goes_to_stdout(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "explain", "calc.py:1"]) == 0
    assert capsys.readouterr().out == "```python\ndef area(radius):\n    return math.pi * radius**2\n```\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nosuch", "calc.py:1"], "There is no action 'nosuch'; there are import, "),
        (["edit", "calc.py:1-2"], "--instruction"),
        (["fix", "calc.py:1-2"], "--problem"),
        (["import", "calc.py:1"], "No name at this place"),
        (["import", "calc.py:9"], "the file has 3 lines"),
        (["import", "calc.py"], "is not a range"),
        (["import", "calc.py:2-1"], "ends before it begins"),
    ],
)
def test_what_cannot_be_done_is_said(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["action", *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert file.read_text() == CODE


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("a.py:3", Range(Position(2, 0), Position(2, 0))),
        ("a.py:3-5", Range(Position(2, 0), Position(5, 0))),
        ("a.py:3:2", Range(Position(2, 1), Position(2, 1))),
        ("C:\\a.py:3:2-4:1", Range(Position(2, 1), Position(3, 0))),
    ],
)
def test_ranges(place: str, wanted: Range) -> None:
    assert parse_range(place)[1] == wanted


@pytest.mark.parametrize("place", ["a.py", "a.py:0", "a.py:x", ":3", "a.py:3-2"])
def test_what_is_no_range(place: str) -> None:
    with pytest.raises(InputError):
        parse_range(place)
