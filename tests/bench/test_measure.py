"""The benchmark against scripted servers: it measures what they did, and says what they did wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pilotfish.bench.measure import measure
from pilotfish.bench.report import problems, report
from pilotfish.bench.scenarios import GENERATORS
from pilotfish.bench.summary import summarize
from tests.bench.conftest import contest, stub


def test_percentiles_are_those_of_the_delays_that_the_server_logged(workspace: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    delays = [40, 60, 80, 100, 160]
    run = measure([workspace], contest(stub(delays_ms=delays, log=str(log))))
    logged = summarize([float(line.split()[0]) for line in log.read_text().splitlines()])
    found = summarize([sample.ms for sample in run.workspaces[0].samples])
    assert run.is_complete
    assert found["count"] == logged["count"] > 40
    for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms"):
        assert found[name] == pytest.approx(logged[name], rel=0.05, abs=1.0)
    assert found["p50_ms"] >= logged["p50_ms"]


def test_a_stall_is_charged_to_every_key_that_came_meanwhile(workspace: Path) -> None:
    """Without it the figures would hold one slow answer, and leave out all who waited behind it."""
    stall_ms = 2000
    against = contest(stub(stall_ms=stall_ms, stall_at=20), keys=260, speed=20.0)
    samples = measure([workspace], against).workspaces[0].samples
    slow = sorted((sample.ms for sample in samples if sample.ms > 150), reverse=True)
    assert slow[0] == pytest.approx(stall_ms, rel=0.05)
    # About 12 ms between keys: whoever came in the stall waited for the rest of it, evenly spread.
    assert len(slow) > 20
    assert sum(slow) / len(slow) == pytest.approx(stall_ms / 2, rel=0.35)
    in_step = contest(stub(stall_ms=stall_ms, stall_at=20), keys=90)
    samples = measure([workspace], in_step).workspaces[0].samples
    assert sum(sample.ms > 150 for sample in samples) == 1, "a closed loop sees it once"


def test_one_seed_asks_the_same_requests(workspace: Path, tmp_path: Path) -> None:
    logs = [tmp_path / name for name in ("first", "second", "other seed")]
    for log, seed in zip(logs, ("1", "1", "2"), strict=True):
        measure([workspace], contest(stub(log=str(log)), seed=seed))
    asked = [[line.partition(" ")[2] for line in log.read_text().splitlines()] for log in logs]
    assert asked[0] == asked[1] != asked[2]


def test_each_request_is_counted_once_by_its_way_and_once_by_its_work(workspace: Path) -> None:
    against = contest(stub(), keys=300)
    found = report(measure([workspace], against), against, {})["workspaces"][0]
    assert found["index"]["state"] == "not reported"
    ways = {name: figures["count"] for name, figures in found["ways"].items()}
    works = {name: figures["count"] for name, figures in found["scenarios"].items()}
    assert found["all"]["count"] == sum(ways.values()) == sum(works.values()) >= 300
    assert set(works) == set(GENERATORS)
    # The scripted server offers what stands behind the cursor in the file, so most keys are typed through.
    assert ways["typed-through"] > 40
    assert min(ways["cold"], ways["repeated"], ways["accepted"]) >= 4
    assert found["offers"]["count"] >= found["offers"]["as_written"] > 5
    assert found["offers"]["accepted_characters"] > 0


def test_what_was_taken_away_is_never_offered_back_by_the_file(workspace: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*.py")}
    measure([workspace], contest(stub(), keys=60))
    assert {path: path.read_bytes() for path in workspace.rglob("*.py")} == before


def test_what_is_asked_while_the_index_is_built_is_counted_apart(workspace: Path) -> None:
    against = contest(stub(building=4))
    run = measure([workspace], against)
    measured = run.workspaces[0]
    names = [sample.way for sample in measured.samples]
    assert names.index("opened") == names.count("indexing") > 30
    index = report(run, against, {})["workspaces"][0]["index"]
    assert (index["state"], index["files"], index["bytes_on_disk"]) == ("ready", 3, 0)
    assert index["seconds"] > 0


SPOILED = [
    ("die", "died (exit code 3); its last words: Segmentation fault, as it were"),
    ("silent", "did not answer textDocument/inlineCompletion within 0.5 s"),
    ("garbage", "its output is not LSP: b'Hello, I am a print statement"),
    ("shape", "completion has not the shape of one: {'items': 7}"),
]


@pytest.mark.parametrize(("mode", "sentence"), SPOILED)
def test_a_server_that_fails_is_named_and_what_came_before_is_kept(
    workspace: Path, mode: str, sentence: str
) -> None:
    against = contest(stub(mode=mode, after=10), timeout_s=0.5)
    run = measure([workspace, workspace], against)
    result = report(run, against, {})
    assert not run.is_complete
    assert len(run.workspaces) == 2
    assert [sentence in problem for problem in problems(result)] == [True, True]
    assert result["workspaces"][0]["all"]["count"] == 10


@pytest.mark.parametrize(("mode", "failed"), [("flood", 0), ("error", 30)])
def test_a_server_that_is_only_a_nuisance_is_measured(workspace: Path, mode: str, failed: int) -> None:
    against = contest(stub(mode=mode, after=5))
    found = report(measure([workspace], against), against, {})["workspaces"][0]
    assert found["problem"] is None
    assert found["all"]["count"] > 40
    assert found["all"]["failed"] >= failed


@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        (["no-such-server"], "no-such-server cannot be started"),
        (stub(mode="plain"), "offers neither inline completion nor completion"),
    ],
)
def test_a_server_that_cannot_be_measured_at_all(workspace: Path, server: list[str], sentence: str) -> None:
    run = measure([workspace], contest(server))
    assert run.workspaces == []
    assert run.problem is not None
    assert sentence in run.problem


def test_an_empty_workspace_does_not_spoil_the_next(workspace: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    first, second = measure([empty, workspace], contest(stub())).workspaces
    assert first.problem is not None
    assert "no source files" in first.problem
    assert second.problem is None
    assert second.samples


def test_nothing_of_the_users_is_touched(workspace: Path, own_home: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    measure([workspace], contest(stub()))
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before
    assert os.listdir(own_home) == []  # noqa: PTH208 - a plain list reads best
