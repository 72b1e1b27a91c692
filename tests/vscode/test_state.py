"""What the status bar says in the real VS Code, what its menu does, and bad days: a user must see why."""

from __future__ import annotations

import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from pilotfish.bench.stub_model import Script
from tests.vscode import instant_server
from tests.vscode.code_server import until
from tests.vscode.stage import Stage

GO = "package ledger\n\nfunc (l *Ledger) Move(name string, cents int64) error {\n\t$0\n"
TYPED, GHOST = "if _, ok := ", "l.balances[name]; !ok {"


def speaks(stage: Stage) -> None:
    """Something is offered."""
    stage.open("audit.go", GO)
    stage.window.type(TYPED)
    stage.window.until_ghost(GHOST)


def asks_the_model(stage: Stage) -> None:
    """Somewhere where the engine has nothing to say."""
    stage.open("elsewhere.go", "package elsewhere\n\nvar nobodyKnows = $0\n")
    stage.window.type("whatComes")


def is_silent(stage: Stage) -> None:
    """Nothing is, although the server was asked."""
    path = stage.open("audit.go", GO)
    stage.window.type(TYPED)
    until(lambda: stage.traces(path), "a request")
    assert stage.window.ghost() == ""


def server(stage: Stage) -> int:
    """The process of the server: its traces are numbered after it."""
    path = stage.open("audit.go", GO)
    stage.window.type(TYPED)
    traces = until(lambda: stage.traces(path), "a request")
    return int(traces[-1]["id"].partition("-")[0])


@pytest.mark.parametrize(
    ("pause", "resume", "why"),
    [
        ("Pause in this window", "Resume in this window", "paused"),
        ("Pause for go", "Resume for go", "disabled_language"),
        ("Pause everywhere", "Resume everywhere", "disabled"),
    ],
)
def test_paused_by_the_menu_and_resumed(stage: Stage, pause: str, resume: str, why: str) -> None:
    speaks(stage)
    stage.choose_in_menu(pause)
    stage.until_state("paused")
    path = stage.open("audit.go", GO)
    stage.window.type(TYPED)
    until(lambda: [each["decision"] for each in stage.traces(path)][-1:] == [why], f"the decision {why!r}")
    stage.window.until_ghost("")
    stage.choose_in_menu(resume)
    stage.until_ready()
    speaks(stage)


def test_settings_are_followed_while_it_runs(stage: Stage) -> None:
    speaks(stage)
    with stage.settings(completion__min_confidence=1):
        is_silent(stage)
    speaks(stage)


def test_a_wrong_setting_is_told_once_with_its_path(stage: Stage) -> None:
    with stage.settings(completion__min_confidence="very"):
        stage.until_notified("completion.min_confidence")
        assert stage.state().startswith("ready")
        stage.clear_notifications()
        speaks(stage)


def test_a_model_that_thinks_long_is_seen_to(stage: Stage) -> None:
    with stage.model(Script(text="cents", first_token_ms=3000)):
        asks_the_model(stage)
        stage.until_state("is thinking")
        stage.until_state("ready")


def test_a_model_that_is_not_there_is_a_problem_with_a_way_out(stage: Stage) -> None:
    backends = {"gone": {"kind": "openai-shaped", "url": "http://127.0.0.1:9/v1", "model": "gone"}}
    with stage.settings(backends=backends, backend=["embedded", "gone"]):
        stage.until_state("gone")
        asks_the_model(stage)
        sentence = stage.until_state("127.0.0.1:9")
        assert sentence.count(".") >= 2, "the problem, and what to do"
        stage.until_notified("127.0.0.1:9")
        stage.clear_notifications()
        speaks(stage)
    stage.until_ready()


def test_a_model_that_never_answers_is_given_up_and_said(stage: Stage) -> None:
    with stage.model(Script(text="cents", first_token_ms=120_000)):
        asks_the_model(stage)
        stage.until_state("is thinking")
        stage.until_state("stub said nothing within 10 s")
        stage.clear_notifications()  # There is one, unless another model failed in this session before.
        speaks(stage)


def test_a_server_that_is_killed_comes_back_by_itself(stage: Stage) -> None:
    os.kill(server(stage), signal.SIGKILL)
    stage.until_state("ended unexpectedly")
    stage.until_ready()
    speaks(stage)


def test_one_that_keeps_dying_is_told_once_and_started_by_hand(stage: Stage) -> None:
    stage.choose_in_menu("Restart the server")
    for _ in range(3):
        stage.until_ready()
        os.kill(server(stage), signal.SIGKILL)
        stage.until_state("ended unexpectedly")
    toast = stage.until_notified("three times")
    toast.get_by_role("button", name="Restart").click()
    stage.until_ready()
    speaks(stage)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (None, "could not be started"),
        ("#!/bin/sh\necho 'no module named pilotfish' >&2; exit 1\n", "no module named pilotfish"),
        (f"#!/bin/sh\nexec {sys.executable} -P {instant_server.__file__} 0.0.1\n", "the server 0.0.1"),
    ],
    ids=["missing", "broken", "too old"],
)
def test_a_server_that_does_not_fit_is_said_in_words(
    stage: Stage, tmp_path: Path, program: str | None, words: str
) -> None:
    path = tmp_path / "pilotfish"
    if program is not None:
        path.write_text(program)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    with stage.settings(path=str(path)):
        assert str(path) in stage.until_state(words)
    stage.until_ready()
    stage.clear_notifications()
    speaks(stage)
