"""A late first word: another stream is asked, the first to speak is heard, the other one is closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from pilotfish.errors import BackendUnavailable
from pilotfish.models.backend import Prompt
from pilotfish.models.echo import EchoBackend
from pilotfish.models.hedge import hedged
from pilotfish.settings.model import BackendSettings

HOLE = Prompt("a", "b")
LATE_MS = 30_000
SOON, NEVER_S = 0.001, 30


def echo(*chunks: str, **options: Any) -> EchoBackend:
    return EchoBackend("demo", BackendSettings(kind="echo", options={"chunks": chunks, **options}))


def race(first: EchoBackend, second: EchoBackend, after_s: float) -> AsyncGenerator[str, None]:
    return hedged(first.stream(HOLE), lambda: second.stream(HOLE), after_s)


async def heard(stream: AsyncGenerator[str, None]) -> list[str]:
    async with asyncio.timeout(10), aclosing(stream) as pieces:
        return [piece async for piece in pieces]


@pytest.mark.parametrize(
    ("first", "second", "after_s", "says", "asked"),
    [
        (echo("1", "2"), echo("3"), NEVER_S, ["1", "2"], 0),
        (echo("1", first_ms=LATE_MS), echo("3", "4"), SOON, ["3", "4"], 1),
        (echo("1", first_ms=50), echo("3", first_ms=LATE_MS), SOON, ["1"], 1),
        (echo("1", first_ms=LATE_MS), echo(""), SOON, [""], 1),
        (echo("1", first_ms=50), echo("3", fail_after=0), SOON, ["1"], 1),
        (echo("1", first_ms=50, fail_after=0), echo("3", first_ms=100), SOON, ["3"], 1),
    ],
    ids=["in time", "late", "late but first", "an empty answer", "second fails", "first fails late"],
)
async def test_the_first_to_speak_is_heard(
    first: EchoBackend, second: EchoBackend, after_s: float, says: list[str], asked: int
) -> None:
    assert await heard(race(first, second, after_s)) == says
    assert (first.open_streams, second.open_streams, second.asked) == (0, 0, asked)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_loser_is_closed_while_the_winner_still_speaks() -> None:
    first, second = echo("1", first_ms=LATE_MS), echo("2", endless=True, gap_ms=1)
    async with aclosing(race(first, second, SOON)) as pieces:
        assert [await anext(pieces), await anext(pieces)] == ["2", "2"]
        assert (first.open_streams, second.open_streams) == (0, 1)
    assert second.open_streams == 0


@pytest.mark.parametrize("after_s", [SOON, NEVER_S])
async def test_a_failure_is_a_failure(after_s: float) -> None:
    first, second = echo("1", first_ms=50, fail_after=0), echo("2", fail_after=0)
    with pytest.raises(BackendUnavailable):
        await heard(race(first, second, after_s))
    broken = echo("1", "2", fail_after=1)
    with pytest.raises(BackendUnavailable):
        await heard(race(broken, second, NEVER_S))
    assert (first.open_streams, second.open_streams, broken.open_streams) == (0, 0, 0)


@pytest.mark.parametrize("after_ms", [0, 1, 5, 20])
async def test_cancelling_closes_both(after_ms: int) -> None:
    first, second = echo("1", first_ms=LATE_MS), echo("2", first_ms=LATE_MS)
    task = asyncio.ensure_future(heard(race(first, second, 0.004)))
    await asyncio.sleep(after_ms / 1000)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (first.open_streams, second.open_streams) == (0, 0)
