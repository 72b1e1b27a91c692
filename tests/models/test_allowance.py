"""So much a day, whoever counts it; nothing is sent beyond, or where it cannot be counted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pilotfish.errors import BackendError, NoCredit
from pilotfish.models.allowance import Allowance
from pilotfish.models.backend import Backend, Chat, Prompt, is_metered
from pilotfish.models.echo import EchoBackend
from pilotfish.models.outgoing import Outgoing
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.usage import Counted, Usage, estimated_tokens, usage_after
from pilotfish.settings.model import BackendSettings

TODAY = date(2026, 11, 22)
PRICED: dict[str, Any] = {"price_per_million_input": 1.0, "price_per_million_output": 10.0}


def allowance(folder: Path, name: str = "a", today: list[date] | None = None, **bounds: Any) -> Allowance:
    days = today or [TODAY]
    return Allowance(folder, name, BackendSettings(kind="echo", **bounds), lambda: days[0])


def test_the_bound_holds_over_processes_and_ends_at_midnight(tmp_path: Path) -> None:
    days = [TODAY]
    folder = tmp_path / "tokens"
    one, other, third = (allowance(folder, name, days, daily_tokens=10) for name in ("a", "a", "b"))
    one.reserve(Usage(2, 3))
    other.reserve(Usage(1, 4))
    with pytest.raises(NoCredit, match=r"a has used 10 of its 10 tokens.*backends\.a\.daily_tokens"):
        other.reserve(Usage(1, 0))
    third.reserve(Usage(10))
    days[0] = date(2026, 11, 23)
    other.reserve(Usage(10))
    assert [path.name for path in folder.iterdir()] == ["2026-11-23.tokens"]


def test_what_was_not_used_is_given_back(tmp_path: Path) -> None:
    one, other = (allowance(tmp_path, daily_tokens=10) for _ in "ab")
    one.reserve(Usage(2, 8))
    with pytest.raises(NoCredit, match="would use 1 more"):
        other.reserve(Usage(1))
    one.settle(Usage(2, 8), Usage(3, 1))
    other.reserve(Usage(6))
    with pytest.raises(NoCredit):
        one.reserve(Usage(1))


def test_a_cost_is_bounded_before_it_arises(tmp_path: Path) -> None:
    one, other = (allowance(tmp_path, daily_cost=0.5, **PRICED) for _ in "ab")
    one.reserve(Usage(100_000, 30_000))  # 0.1 + 0.3
    with pytest.raises(NoCredit, match=r"a has cost 0\.4 of its 0\.5 of today, and would cost 0\.11 more"):
        other.reserve(Usage(110_000))
    one.settle(Usage(100_000, 30_000), Usage(100_000, 20_000))
    other.reserve(Usage(110_000))


def test_a_cost_without_prices_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="price_per_million_input"):
        allowance(tmp_path, daily_cost=1.0)


def test_without_a_bound_nothing_is_written(tmp_path: Path) -> None:
    unbounded = allowance(tmp_path / "tokens", **PRICED)
    unbounded.reserve(Usage(1, 1))
    unbounded.settle(Usage(1, 1), Usage(1))
    assert not (tmp_path / "tokens").exists()


def test_lines_that_are_not_ours_do_not_matter(tmp_path: Path) -> None:
    lines = b'\xff\n5\n["a", "x", 1]\n["a", 9]\n["a", 4, 5]\n["a", 9, 9'
    (tmp_path / "2026-11-22.tokens").write_bytes(lines)
    allowance(tmp_path, daily_tokens=10).reserve(Usage(1))


def test_what_cannot_be_counted_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackendError, match="cannot be counted"):
        allowance(tmp_path / "file" / "tokens", daily_tokens=10).reserve(Usage(1))


class Counting(EchoBackend):
    """A service that counts for itself."""

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        async with aclosing(super().stream(prompt)) as pieces:
            async for piece in pieces:
                yield piece
        yield Counted(Usage(7, 9))


def used(folder: Path) -> Usage:
    """What is counted of today, for `far`."""
    bounds = allowance(folder, "far", [date.today()], daily_tokens=1)
    bounds._catch_up()
    return bounds._used


def far(folder: Path, kind: type[EchoBackend] = EchoBackend, **script: Any) -> tuple[Outgoing, EchoBackend]:
    behind = kind("far", BackendSettings(kind="echo", options={"chunks": ["x" * 40], **script}))
    return Outgoing(behind, Allowance(folder, "far", BackendSettings(daily_tokens=150))), behind


async def said(backend: Backend, pieces: int = 9) -> list[str]:
    heard = []
    async with aclosing(backend.stream(Prompt("y" * 15, "", max_tokens=100))) as answer:
        async for piece in answer:
            heard.append(piece)
            if len(heard) == pieces:
                break
    return heard


@pytest.mark.parametrize(
    ("kind", "script", "pieces", "counted"),
    [
        (EchoBackend, {}, 9, Usage(5, 10)),
        (EchoBackend, {"endless": True}, 2, Usage(5, 20)),
        (EchoBackend, {"fail_after": 0}, 9, Usage()),
        (EchoBackend, {"fail_after": 1}, 9, Usage(5, 10)),
        (Counting, {}, 9, Usage(7, 9)),
        (Counting, {}, 1, Usage(5, 10)),
    ],
    ids=["whole", "left early", "refused", "broken off", "counted by the service", "left before its count"],
)
async def test_what_an_answer_counts(
    tmp_path: Path, kind: type[EchoBackend], script: dict[str, Any], pieces: int, counted: Usage
) -> None:
    backend, _ = far(tmp_path, kind, **script)
    try:
        heard = await said(backend, pieces)
    except BackendError:
        heard = []
    assert all(piece == "x" * 40 for piece in heard)
    assert used(tmp_path) == counted


async def test_nothing_is_sent_beyond_the_bound(tmp_path: Path) -> None:
    backend, behind = far(tmp_path)
    for _ in range(4):
        await said(backend)
    with pytest.raises(NoCredit):
        await said(backend)
    assert (behind.asked, behind.open_streams) == (4, 0)


@pytest.mark.parametrize(
    ("events", "usage"),
    [
        ([{"choices": []}], None),
        ([{"usage": None}, {"usage": {"prompt_tokens": 9, "completion_tokens": 4}}], Usage(9, 4)),
        (
            [
                {"message": {"usage": {"input_tokens": 9, "output_tokens": 1}}},
                {"usage": {"output_tokens": 4}},
            ],
            Usage(9, 4),
        ),
        ([{"response": {"usage": {"input_tokens": 9, "output_tokens": 4}}}], Usage(9, 4)),
        ([{"choices": [{"usage": {"prompt_tokens": 9, "completion_tokens": 4}}]}], Usage(9, 4)),
        ([{"usage": {"prompt_tokens": "9", "completion_tokens": -4}}], Usage()),
    ],
    ids=["none", "openai", "anthropic", "responses", "kimi", "nonsense"],
)
def test_what_services_count_is_read(events: list[dict[str, Any]], usage: Usage | None) -> None:
    known = None
    for event in events:
        known = usage_after(known, event)
    assert known == usage


def test_bytes_are_estimated() -> None:
    assert [estimated_tokens(text) for text in ("", "x", "é" * 3, "\ud800" * 4)] == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("kind", "url", "metered"),
    [
        ("deepseek", "", True),
        ("vllm", "http://gpu.example:8000", False),
        ("openai-shaped", "https://llm.example", False),
        ("llama.cpp", "", False),
    ],
)
def test_services_that_give_out_keys_are_metered(kind: str, url: str, metered: bool) -> None:
    backend = PresetBackend("x", BackendSettings(kind=kind, url=url, model="m"))
    assert is_metered(backend) is metered


def test_a_bound_makes_a_backend_metered(tmp_path: Path) -> None:
    behind = PresetBackend("x", BackendSettings(kind="vllm", url="http://gpu.example", model="m"))
    for bounds, metered in ({}, False), ({"daily_tokens": 9}, True), ({"daily_cost": 1.0, **PRICED}, True):
        assert is_metered(Outgoing(behind, allowance(tmp_path, **bounds))) is metered
