from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pilotfish.bench.cpu import cpu_seconds


def test_user_and_system_time_whatever_the_program_is_called(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "stat").write_text("7 (a) b (c) S 1 7 7 0 -1 0 0 0 0 0 250 50 9 9 20 0 1 0 1 1 1\n")
    assert cpu_seconds(7, tmp_path) == 300 / os.sysconf("SC_CLK_TCK")


def test_where_the_system_does_not_say(tmp_path: Path) -> None:
    assert cpu_seconds(7, tmp_path) is None


def test_it_is_the_time_that_was_worked() -> None:
    before = cpu_seconds(os.getpid())
    assert before is not None
    start = time.process_time()
    while time.process_time() - start < 0.1:
        pass
    assert cpu_seconds(os.getpid()) == pytest.approx(before + 0.1, abs=0.05)
