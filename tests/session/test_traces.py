"""Traces are kept in memory and in a bounded file, and never get in the way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pilotfish.platform.clock import SystemClock
from pilotfish.session import traces as module
from pilotfish.session.traces import KEPT, Traces


async def test_the_last_ones_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "traces.jsonl"
    traces = Traces(file, SystemClock())
    for number in range(KEPT + 5):
        traces.add({"id": str(number)})
    traces.note("7", "accepted")
    assert [trace["id"] for trace in traces.last(2)] == [str(KEPT + 3), str(KEPT + 4)]
    assert len(traces.last(10_000)) == KEPT
    assert traces.last(0) == []
    await traces.aclose()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == KEPT + 6
    assert lines[-1] == {"id": "7", "event": "accepted"}


async def test_the_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 100)
    file = tmp_path / "traces.jsonl"
    for _ in range(5):
        traces = Traces(file, SystemClock())
        traces.add({"id": "x" * 60})
        await traces.aclose()
    sizes = {entry.name: entry.stat().st_size for entry in os.scandir(tmp_path)}
    assert set(sizes) == {"traces.jsonl", "traces.jsonl.1"}
    assert sum(sizes.values()) < 400


async def test_a_place_that_cannot_be_written_is_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    traces = Traces(tmp_path / "file" / "traces.jsonl", SystemClock())
    for _ in range(2):
        traces.add({"id": "1"})
        await traces.aclose()
    assert len(caplog.records) == 1
    assert len(traces.last(5)) == 2
