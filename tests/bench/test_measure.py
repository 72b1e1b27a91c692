"""The benchmark against scripted servers: it measures what they did, and says what they did wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pilotfish.bench.measure import measure
from pilotfish.bench.report import problems, report
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


def test_one_seed_asks_the_same_requests(workspace: Path, tmp_path: Path) -> None:
    logs = [tmp_path / name for name in ("first", "second", "other seed")]
    for log, seed in zip(logs, ("1", "1", "2"), strict=True):
        measure([workspace], contest(stub(log=str(log)), seed=seed))
    asked = [[line.partition(" ")[2] for line in log.read_text().splitlines()] for log in logs]
    assert asked[0] == asked[1] != asked[2]


def test_each_request_is_counted_in_its_scenario(workspace: Path) -> None:
    result = report(measure([workspace], contest(stub())), contest(stub()), {})
    found = result["workspaces"][0]
    assert found["index"]["state"] == "not reported"
    counts = {name: figures["count"] for name, figures in found["scenarios"].items()}
    # The scripted server offers exactly what is typed next, so all keys are typed through.
    assert counts["typed-through"] >= 40
    assert counts["cold"] == counts["repeated"] >= 4
    assert "typed" not in counts
    assert "indexing" not in counts
    assert found["all"]["count"] == sum(counts.values())
    assert all(example["as_written"] for example in found["examples"])
    assert found["offers"] == {"count": counts["cold"], "as_written": counts["cold"]}


def test_what_is_asked_while_the_index_is_built_is_counted_apart(workspace: Path) -> None:
    against = contest(stub(building=4))
    run = measure([workspace], against)
    measured = run.workspaces[0]
    names = [sample.scenario for sample in measured.samples]
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
        (stub(mode="plain"), "does not offer inline completion"),
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
