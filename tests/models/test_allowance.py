"""So many tokens a day, whoever counts them; nothing is sent beyond, or where they cannot be counted."""

from __future__ import annotations

from contextlib import aclosing
from datetime import date
from pathlib import Path

import pytest

from pilotfish.errors import BackendError, NoCredit
from pilotfish.models.allowance import Allowance
from pilotfish.models.backend import Prompt
from pilotfish.models.echo import EchoBackend
from pilotfish.models.outgoing import Outgoing
from pilotfish.settings.model import BackendSettings


def test_the_bound_holds_over_processes_and_ends_at_midnight(tmp_path: Path) -> None:
    days = [date(2026, 11, 22)]
    one, other, third = (
        Allowance(tmp_path / "tokens", name, 10, lambda: days[0]) for name in ("a", "a", "b")
    )
    one.spend("x" * 20)
    other.spend("x" * 8)
    one.add("é" * 5)  # ten bytes
    with pytest.raises(NoCredit, match=r"a has used its 10 tokens.*backends\.a\.daily_tokens"):
        other.spend("x")
    third.spend("x")
    days[0] = date(2026, 11, 23)
    other.spend("x")
    assert [path.name for path in (tmp_path / "tokens").iterdir()] == ["2026-11-23.tokens"]


def test_without_a_bound_nothing_is_written(tmp_path: Path) -> None:
    allowance = Allowance(tmp_path / "tokens", "a", 0)
    allowance.spend("x")
    allowance.add("x")
    assert not (tmp_path / "tokens").exists()


def test_lines_that_are_not_ours_do_not_matter(tmp_path: Path) -> None:
    allowance = Allowance(tmp_path, "a", 10, lambda: date(2026, 11, 22))
    (tmp_path / "2026-11-22.tokens").write_bytes(b'\xff\n5\n["a", "x"]\n["a", 9]\n["a", 9')
    allowance.spend("x")


def test_what_cannot_be_counted_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackendError, match="cannot be counted"):
        Allowance(tmp_path / "file" / "tokens", "a", 10).spend("x")


async def test_an_answer_counts_also_when_it_is_left(tmp_path: Path) -> None:
    behind = EchoBackend("far", BackendSettings(kind="echo", options={"chunks": ["x" * 40], "endless": True}))
    backend = Outgoing(behind, Allowance(tmp_path, "far", 15))
    async with aclosing(backend.stream(Prompt("y" * 16, ""))) as pieces:
        await anext(pieces)
    with pytest.raises(NoCredit):
        await anext(backend.stream(Prompt("y", "")))
    assert (behind.asked, behind.open_streams) == (1, 0)
