"""Every way out of the command: exit codes, one sentence on stderr, and nothing else."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from pilotfish import __version__
from pilotfish.cli.main import COMMANDS, main
from pilotfish.platform.paths import config_file


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files, and the current one."""
    root = tmp_path / "code"
    root.mkdir()
    body = "    connection = open_connection(address, timeout=30)\n    return connection\n"
    (root / "first.py").write_text(f"def connect(address):\n{body}")
    (root / "second.py").write_text(f"def reconnect(address):\n{body}\n\ndef again(address):\n    \n")
    monkeypatch.chdir(root)
    return root


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"pilotfish {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["complete"],
        ["bench", "--keys", "0"],
        ["stats", "--days", "0"],
        ["explain", "--last", "-1"],
        ["context", "first.py:1:1", "--max-tokens", "0"],
    ],
)
def test_what_cannot_be_parsed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: pilotfish" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["complete", "first.py"], "'first.py' is not a place; write FILE:LINE:COL"),
        (["complete", "absent.py:1:1"], "absent.py cannot be read"),
        (["complete", "first.py:9:1"], "line 9 is outside the file, which has 4 lines"),
        (["complete", "first.py:1:99"], "column 99 is outside line 1"),
        (["complete", "first.py:1:1", "--workspace", "absent"], "absent is not a folder"),
        (["complete", "first.py:1:1", "--json", "absent/x.json"], "absent/x.json cannot be written"),
        (["complete", "first.py:1:1", "--backend", "absent"], "absent"),
        (["index", "absent"], "absent is not a folder"),
        (["index", "first.py"], "first.py is not a folder"),
        (["index", "x" * 300], "x" * 300),
        (["index", "--json", "x" * 300], "cannot be written: "),
        (["doctor", "--json", "absent/x.json"], "absent/x.json cannot be written"),
        (["auth", "list", "--json", "absent/x.json"], "absent/x.json cannot be written"),
        (["bench", "--workspace", "absent"], "absent is not a folder"),
        (["bench", "--fail-if", "too slow"], "'too slow' is not a threshold"),
        (["bench", "--json", "absent/x.json"], "absent/x.json cannot be written: no such folder"),
        (["bench", "--json", "."], ". cannot be written: it is a folder"),
        (["bench", "--server", "it's"], "is not a command: No closing quotation"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    code: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    errors = capsys.readouterr().err.splitlines()
    assert errors[-1].startswith("pilotfish: ")
    assert sentence in errors[-1]
    assert "Traceback" not in "\n".join(errors)


@pytest.mark.parametrize("stage", ["add_arguments", "run"])
@pytest.mark.parametrize(
    ("error", "exit_code", "sentence"),
    [
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("oh"), 2, "this is a bug: ZeroDivisionError: oh"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "cannot be written: No space left on device"),
    ],
)
def test_no_traceback_whatever_happens(
    error: BaseException,
    exit_code: int,
    sentence: str,
    stage: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(import_module("pilotfish.cli.index"), stage, fail)
    assert main(["index"]) == exit_code
    shown = capsys.readouterr().err
    assert sentence in shown if sentence else shown == ""


@pytest.mark.parametrize("arguments", [["doctor"], ["index"], ["complete", "first.py:1:1"], ["auth", "list"]])
def test_a_current_folder_that_is_gone(
    arguments: list[str], code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = code / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert main([*arguments[:1], *(each.replace("first", f"{code}/first") for each in arguments[1:])]) == 2
    assert "the folder . cannot be used: " in capsys.readouterr().err


def test_a_count_of_days_beyond_all_calendars(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--days", "99999999"]) == 0
    assert "Nothing has been shown yet." in capsys.readouterr().out


def test_a_folder_whose_name_is_no_text(
    code: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = code.rename(code.with_name(os.fsdecode(b"caf\xe9")))
    monkeypatch.chdir(odd)
    assert main(["index", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["root"], told["files"]) == (str(odd), 2)


@pytest.mark.parametrize("arguments", [["index", "--json", "-"], ["doctor"]])
def test_a_reader_that_leaves_early_is_no_error(code: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pilotfish", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors
    assert process.returncode == 2, "1 is for thresholds"


def test_index_tells_what_it_did(code: Path, own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["root"], told["files"]) == (str(code), 2)
    assert told["source_bytes"] == sum(path.stat().st_size for path in code.iterdir())
    assert told["index_bytes"] > 0
    assert Path(told["directory"]).is_dir()
    assert Path(told["directory"]).is_relative_to(own_home)


def test_complete_offers_what_the_other_file_says(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["complete", "second.py:7:5", "--json", "-"]) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    best = told["completions"][0]
    assert best["text"].startswith("connection = open_connection(address, timeout=30)")
    assert best["source"] == "embedded"
    assert 0 < best["confidence"] <= 1
    assert best["range"]["start"] == best["range"]["end"] == {"line": 7, "column": 5}
    assert [stage["stage"] for stage in told["stages"]] == ["gate", "reuse", "engine", "trim"]
    shown = captured.err.splitlines()
    assert shown[0].startswith(f"1. embedded, confidence {best['confidence']:.2f}")
    assert shown[1].startswith("       │connection = "), "what is offered is told from what stands there"
    assert told["index"]["files"] == 2
    assert "connection = open_connection" in captured.err


def test_complete_knows_what_the_files_say_now(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index"]) == 0
    other = (code / "first.py").read_text().replace("timeout=30", "timeout=60, retries=3")
    (code / "first.py").write_text(other)
    (code / "second.py").write_text("def again(address):\n    \n")
    capsys.readouterr()
    assert main(["complete", "second.py:2:5", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "timeout=60, retries=3" in told["completions"][0]["text"]
    assert "timeout=30" not in json.dumps(told)


def test_complete_makes_do_without_a_backend_that_cannot_be_used(
    code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = config_file()
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('backend = ["embedded", "absent"]\n')
    assert main(["complete", "second.py:7:5"]) == 0
    captured = capsys.readouterr()
    assert "connection = open_connection" in captured.out
    assert captured.err.startswith("pilotfish: backend 'absent'")


def test_complete_makes_do_without_an_index(
    code: Path, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_home / "cache").write_text("a file where the cache should be")
    assert main(["complete", "first.py:2:5", "--json", "-"]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("pilotfish: cannot use the folder")
    assert json.loads(captured.out)["index"] == {"files": 0, "tokens": 0}


def test_complete_takes_no_notice_of_the_rest_of_the_line_if_told_so(
    code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["complete", "first.py:2:18", "--cut-line", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["completions"][0]["text"] == "open_connection(address, timeout=30)"


def test_complete_says_why_there_is_nothing(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code / ".env").write_text("PASSWORD = 1\n")
    assert main(["complete", ".env:1:1"]) == 0
    assert "Nothing is offered here (secret_file): By its name" in capsys.readouterr().out


def test_who_types_serve_into_a_terminal_is_told_whom_it_is_for() -> None:
    ours, theirs = os.openpty()
    try:
        os.write(ours, b"\x04")
        command = [sys.executable, "-m", "pilotfish", "serve"]
        ended = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=False, timeout=60)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("pilotfish serve is what an editor starts")


def test_serve_imports_nothing_that_only_other_commands_need() -> None:
    """`initialize` waits for these imports."""
    program = (
        "import sys, pilotfish.cli.main, pilotfish.cli.serve;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    listing = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    heavy = {"numpy", "rich", "pathspec", "sqlite3", "filelock", "platformdirs", "tomllib", "httpx"}
    assert not heavy & set(listing.stdout.split())
