"""`pilotfish explain` and `pilotfish stats` over what a session leaves behind."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pilotfish.cli.main import main
from pilotfish.completion.trim import STEP_NAMES
from pilotfish.platform.paths import make_private, stats_directory, trace_file
from pilotfish.session.explanation import REASONS, reason
from pilotfish.session.statistics import EVENTS
from pilotfish.session.tally import Fate, lines
from tests.lsp.test_completion import URI, scripted
from tests.lsp.wire import server_here


@pytest.fixture
async def session() -> None:
    """Three requests: one accepted, one rejected, one in a secret file."""
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=scripted(chunks=["foo(1)"]))
        wire.open(URI, "x = \ny = \n")
        wire.open("file:///workspace/.env", "KEY=")
        (item,) = (await wire.answer(wire.complete(URI, 0, 4)))["result"]["items"]
        command = {key: item["command"][key] for key in ("command", "arguments")}
        await wire.request("workspace/executeCommand", command)
        await wire.answer(wire.complete(URI, 1, 4))
        at = {"line": 1, "character": 4}
        edit = {"range": {"start": at, "end": at}, "text": "b"}
        document = {"uri": URI, "version": 2}
        wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [edit]})
        await wire.answer(wire.complete("file:///workspace/.env", 0, 4))
        await wire.leave()


@pytest.mark.usefixtures("session")
async def test_the_last_requests_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--last", "10"]) == 0
    told = capsys.readouterr().out
    assert "backend `echo`" in told
    assert "accepted" in told
    assert "holds secrets" in told
    assert main(["explain", "--last", "10", "--silent"]) == 0
    assert "**Shown**" not in capsys.readouterr().out
    assert main(["explain", "--json", "-"]) == 0
    traces: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [trace["decision"] for trace in traces] == ["shown", "shown", "secret_file"]
    assert traces[0]["events"] == ["shown", "accepted"]
    assert [part["name"] for part in traces[0]["parts"]] == ["prefix", "suffix"]


@pytest.mark.usefixtures("session")
async def test_the_counts_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--json", "-", "--days", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    (row,) = report["rows"]
    kind = {"language": "python", "backend": "echo", "source": "model"}
    figures = {
        "shown": 2,
        "accepted": 1,
        "partly": 0,
        "typed": 0,
        "rejected": 1,
        "kept": 0,
        "taken_share": 0.5,
    }
    assert row == {**kind, **figures}
    assert report["total"] == figures
    assert main(["stats"]) == 0
    assert "50 %" in capsys.readouterr().out


def test_eighty_columns_are_enough(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    counted = Counter({Fate(event, "shellscript", "embedded", "embedded"): 9_999 for event in EVENTS})
    make_private(stats_directory()).joinpath("2026-01-01.jsonl").write_text(lines(counted))
    assert main(["stats"]) == 0
    said = capsys.readouterr().out
    assert "shellscript" in said
    assert "…" not in said


def test_before_anything_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["explain"]), main(["stats"])) == (0, 0)
    assert capsys.readouterr().out.count("Nothing") == 2


def test_lines_that_cannot_be_read_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    trace_file().parent.mkdir(parents=True)
    trace_file().write_text('nonsense\n[1]\n{"id": "1", "decision": "no_match"}\n{"event": "shown"}\n')
    assert main(["explain"]) == 0
    assert "knows no code" in capsys.readouterr().out


def test_every_reason_is_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in REASONS.values())
    assert all(name in reason(name) for name in STEP_NAMES)


def test_counts_lie_where_no_cache_is_emptied() -> None:
    assert trace_file().parent not in Path(stats_directory()).parents
