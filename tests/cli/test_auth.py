"""`pilotfish auth`: a key goes in hidden, is for one host, and never comes out again."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import keyring as real
import pytest

from pilotfish.cli.main import main
from pilotfish.platform.keys import find_key
from tests.keyrings import InMemory
from tests.platform.test_keys import MARKER

SETTINGS = """
backend = ["embedded", "work"]
[backends.work]
kind = "openai-shaped"
url = "https://models.work.example/v1"
key_env = "WORK_KEY"
[backends.moved]
kind = "deepseek"
url = "https://elsewhere.example"
"""


@pytest.fixture(autouse=True)
def configured(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings above as the user's own, and no keys from the outer environment."""
    file = own_home / "config" / "pilotfish" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_KEY"))]:
        monkeypatch.delenv(name)


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_login_list_logout(
    keyring: InMemory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    type_in(monkeypatch, f"{MARKER}\n")
    assert main(["auth", "login", "work", "--stdin"]) == 0
    assert keyring.filed == {("pilotfish models.work.example", "work"): MARKER}
    assert main(["auth", "list", "--json", "-"]) == 0
    written = capsys.readouterr()
    assert "for models.work.example only" in written.out
    rows = json.loads(written.out[written.out.index("[\n") :])
    assert {row["backend"]: (row["host"], row["key"]) for row in rows} == {
        "work": ("models.work.example", "system keyring"),
        "moved": ("elsewhere.example", None),
    }
    assert main(["auth", "logout", "work"]) == 0
    assert keyring.filed == {}
    assert main(["auth", "logout", "work"]) == 0
    last = capsys.readouterr()
    assert "is forgotten" in last.out
    assert "held no key" in last.out
    assert MARKER not in written.out + written.err + last.out + last.err + caplog.text


def test_a_services_variable_is_for_its_own_host_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", MARKER)
    monkeypatch.setenv("WORK_KEY", MARKER)
    assert main(["auth", "list", "--json", "-"]) == 0
    found = {row["backend"]: row["key"] for row in json.loads(capsys.readouterr().out)}
    assert found == {
        "work": "environment variable WORK_KEY",
        "moved": None,
        "deepseek": "environment variable DEEPSEEK_API_KEY",
    }


def test_a_variable_that_comes_first_is_named(
    keyring: InMemory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORK_KEY", "another-key-1")
    type_in(monkeypatch, MARKER)
    assert main(["auth", "login", "work", "--stdin"]) == 0
    assert "WORK_KEY is set as well, and comes first" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["login", "work"], MARKER, "no terminal to ask for the key; pass it with --stdin"),
        (["login", "work", "--stdin"], "", "is empty"),
        (["login", "work", "--stdin"], f"{MARKER} {MARKER}", "is not a key"),
        (["login", "embedded", "--stdin"], MARKER, "has no address to keep a key for"),
        (["login", "no-such", "--stdin"], MARKER, "name a service: anthropic"),
        (["logout", "no-such"], "", "has no address"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str],
    typed: str,
    sentence: str,
    keyring: InMemory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    type_in(monkeypatch, typed)
    assert main(["auth", *arguments]) == 2
    errors = capsys.readouterr().err
    assert sentence in errors
    assert MARKER not in errors
    assert keyring.filed == {}


@pytest.mark.parametrize(
    ("backend", "variable"),
    [("deepseek", "DEEPSEEK_API_KEY"), ("work", "WORK_KEY"), ("moved", "`backends.moved.key_env`")],
)
def test_without_a_keyring_the_variable_is_named_before_anything_is_asked(
    backend: str, variable: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["auth", "login", backend]) == 2
    errors = capsys.readouterr().err
    assert "offers no keyring" in errors
    assert f"environment variable {variable}" in errors.replace("that `", "`")


KEYRING_IN_A_FILE = """
from pathlib import Path
from keyring.backend import KeyringBackend

class InFile(KeyringBackend):
    priority = 5

    def get_password(self, service, username):
        path = Path(__file__).with_name("filed")
        return path.read_text() if path.exists() else None

    def set_password(self, service, username, password):
        Path(__file__).with_name("filed").write_text(password)
"""


def test_a_key_typed_at_a_real_terminal_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pty  # POSIX's

    (tmp_path / "in_file.py").write_text(KEYRING_IN_A_FILE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "in_file.InFile")
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "pilotfish", "auth", "login", "work"]
    with subprocess.Popen(
        command, stdin=other_end, stdout=other_end, stderr=other_end, start_new_session=True
    ) as child:
        os.close(other_end)
        shown = b""
        while b"(is not shown): " not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, MARKER.encode() + b"\n")
        while b"Try it" not in shown:
            shown += os.read(terminal, 1000)
        os.close(terminal)
        assert child.wait(30) == 0
    assert MARKER not in shown.decode()
    monkeypatch.setattr(real.core, "_keyring_backend", None)
    monkeypatch.syspath_prepend(str(tmp_path))
    found = find_key("work", "models.work.example", "")
    assert found is not None
    assert found.reveal() == MARKER
