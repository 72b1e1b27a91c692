"""`pilotfish complete --backend X`: a try from the shell, and as careful with what leaves the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pilotfish.cli.main import main
from pilotfish.platform.paths import config_file
from tests.models.conftest import llama, tiny_model  # noqa: F401 - fixtures
from tests.models.llama_server import LlamaServer


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "a.py").write_text("def add(a, b):\n    return \n")
    return root


def configure(tables: str) -> None:
    file = config_file()
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(tables)


def complete(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    """The exit code, the answer, and what else was said."""
    code = main(["complete", *arguments, "--json", "-"])
    written = capsys.readouterr()
    return code, json.loads(written.out), written.err


def test_a_scripted_model(capsys: pytest.CaptureFixture[str]) -> None:
    configure('[backends.demo]\nkind = "echo"\noptions = { chunks = ["a + ", "b"] }\n')
    code, answer, said = complete(capsys, "a.py:2:12", "--backend", "demo")
    assert code == 0
    assert [(each["text"], each["source"]) for each in answer["completions"]] == [("a + b", "model")]
    assert "    return │a + b\n" in said


def test_the_real_server(
    llama: LlamaServer,  # noqa: F811 - the fixture
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(f'[backends.local]\nkind = "llama.cpp"\nurl = "{llama.url}"\n')
    (here / "b.py").write_text("def add(a, b):\n    \n")
    code, answer, _ = complete(capsys, "b.py:2:5", "--backend", "local")
    assert (code, answer["decision"]) == (0, "shown")
    assert answer["completions"][0]["source"] == "model"


def test_a_model_that_fails_is_a_sentence_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    configure('[backends.far]\nkind = "deepseek"\nurl = "https://far.example"\n')
    code, answer, said = complete(capsys, "a.py:2:12", "--backend", "far")
    assert (code, answer["decision"]) == (2, "backend_failed")
    assert "pilotfish: There is no key for far at far.example." in said


@pytest.mark.parametrize("name", ["ignored.py", "id_rsa.py"])
def test_what_is_private_is_not_sent_to_another_machine(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / ".gitignore").write_text("ignored.py\n")
    (here / name).write_text("def add(a, b):\n    return \n")
    configure('[backends.far]\nkind = "deepseek"\nurl = "https://far.example"\n')
    code, answer, _ = complete(capsys, f"{name}:2:12", "--backend", "far")
    assert (code, answer["completions"]) == (0, [])
    assert answer["decision"] in ("stays_here", "secret_file")
