"""`pilotfish context`: the JSON that is promised, within the budget, from other files, built on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pilotfish.cli.main import main

CLIENT = "class Client:\n    def send_order(self, order):\n        return order\n"
APP = "from client import Client\n\n\ndef run(client: Client):\n    client.send_order(1)\n"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "client.py").write_text(CLIENT)
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / ".env").write_text("client = send_order\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_json_is_as_promised(workspace: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    del workspace
    assert main(["context", "app.py:5:12", "--cut-line", "--json", "-", "--max-tokens", "60"]) == 0
    said = json.loads(capsysbinary.readouterr().out)
    assert said["snippets"]
    for snippet in said["snippets"]:
        assert set(snippet) == {"path", "start_line", "text", "source", "score", "tokens", "ms"}
        assert snippet["ms"] == pytest.approx(sum(said["ms"][name] for name in snippet["source"].split("+")))
        assert snippet["path"] == "client.py"
        assert snippet["tokens"] == -(-len(snippet["text"].encode()) // 4)
        assert (
            CLIENT.splitlines()[snippet["start_line"] - 1]
            .strip()
            .startswith(snippet["text"].splitlines()[0].strip())
        )
    assert sum(snippet["tokens"] for snippet in said["snippets"]) <= 60
    assert any("send_order(self" in snippet["text"] for snippet in said["snippets"])
    assert isinstance(said["left_out"], list)


def test_people_are_told_source_score_tokens_and_times(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del workspace
    assert main(["context", "app.py:5:12", "--max-tokens", "12"]) == 0
    said = capsys.readouterr().out
    assert "client.py:" in said
    assert "score" in said
    assert re.search(r"score \d+\.\d\d, \d+ tokens, \d+\.\d ms\)", said)
    assert "left out: " in said
    assert " ms (" in said


@pytest.mark.parametrize("place", ["app.py:99:1", "app.py", "missing.py:1:1"])
def test_a_place_that_is_none_is_bad_input(
    workspace: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del workspace
    assert main(["context", place]) == 2
    assert capsys.readouterr().err
