"""`pilotfish bench` as a user runs it: a process, a terminal, an exit code."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.cli.main import main
from tests.bench.conftest import stub

SHORT = ["--keys", "20", "--starts", "1"]


@pytest.fixture
def code(tmp_path: Path) -> Path:
    root = tmp_path / "code"
    root.mkdir()
    (root / "app.py").write_text("".join(f"value_{n} = compute(value_{n}, {n})\n" for n in range(40)))
    return root


def test_report_thresholds_and_exit_codes(
    code: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    arguments = [
        "bench",
        "--workspace",
        str(code),
        *SHORT,
        "--server",
        shlex.join(stub()),
        "--json",
        str(out),
    ]
    assert main([*arguments, "--fail-if", "p95_ms < 0", "--fail-if", "typed-through.count < 5"]) == 0
    shown = capsys.readouterr().out
    for words in ("Asks 20 times in code", "start to initialize", "typed-through", "  app.py:", "as written"):
        assert words in shown
    report = json.loads(out.read_text())
    assert report["complete"]
    assert report["machine"]["cores"] == os.cpu_count()
    assert report["startup"]["count"] == 1
    assert str(tmp_path) not in out.read_text(), "a report says nothing of where it was made"

    assert main([*arguments, "--fail-if", "all.p50_ms >= 0"]) == 1
    assert "Missed: workspaces.code.all.p50_ms is" in capsys.readouterr().out


def test_json_on_stdout_is_alone_there(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["bench", "--workspace", str(code), *SHORT, "--server", shlex.join(stub()), "--json", "-"]) == 0
    )
    captured = capsys.readouterr()
    assert json.loads(captured.out)["complete"]
    assert "typed-through" in captured.err


def test_a_server_that_dies_is_exit_code_2_and_what_was_measured_is_kept(
    code: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    server = shlex.join(stub(mode="die", after=7))
    assert main(["bench", "--workspace", str(code), *SHORT, "--server", server, "--json", str(out)]) == 2
    assert "died (exit code 3)" in " ".join(capsys.readouterr().out.split())
    assert json.loads(out.read_text())["workspaces"][0]["all"]["count"] == 7


@pytest.fixture
def interruptible() -> Iterator[None]:
    """The signal is heard: a shell lets what runs in its background ignore it, children included."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def test_interrupting_gives_the_report_so_far_and_leaves_no_process(
    code: Path, tmp_path: Path, interruptible: None
) -> None:
    out, log, pids = tmp_path / "report.json", tmp_path / "log", tmp_path / "pids"
    server = stub(delays_ms=[2], log=str(log), pids=str(pids))
    command = [
        sys.executable,
        "-m",
        "pilotfish",
        "bench",
        "--workspace",
        str(code),
        "--keys",
        "100000",
        "--starts",
        "1",
    ]
    command += ["--server", shlex.join(server), "--json", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as bench:
        deadline = time.monotonic() + 60
        while not log.exists() or log.read_text().count("\n") < 50:
            assert time.monotonic() < deadline
            assert bench.poll() is None
            time.sleep(0.02)
        bench.send_signal(signal.SIGINT)
        shown, errors = (stream.decode() for stream in bench.communicate(timeout=60))
    assert bench.returncode == 130
    assert "Interrupted: this is what was measured until then." in shown
    assert "Traceback" not in errors
    report = json.loads(out.read_text())
    assert report["interrupted"]
    assert report["workspaces"][0]["all"]["count"] >= 45
    for pid in map(int, pids.read_text().split()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
