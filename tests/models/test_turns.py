"""An action goes before completions at a model of this machine, and one action before the other."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from pilotfish.errors import ModelTaken
from pilotfish.models.backend import Prompt
from pilotfish.models.echo import EchoBackend
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.models.turns import Turns
from pilotfish.settings.model import BackendSettings

HOLE = Prompt("a", "b")


def echo(name: str = "demo", **options: Any) -> EchoBackend:
    return EchoBackend(name, BackendSettings(kind="echo", options={"chunks": ["x"], **options}))


async def complete(turns: Turns, backend: EchoBackend) -> str:
    async with turns.completion(backend), aclosing(backend.stream(HOLE)) as pieces:
        return "".join([piece async for piece in pieces])


async def test_completions_leave_a_model_to_an_action() -> None:
    turns, backend = Turns(), echo()
    async with turns.action(backend):
        with pytest.raises(ModelTaken, match="demo works at a code action"):
            await complete(turns, backend)
        assert await complete(turns, echo("other")) == "x"
    assert await complete(turns, backend) == "x"
    assert backend.asked == 1


async def test_an_action_ends_the_completions_that_run() -> None:
    turns, backend = Turns(), echo(endless=True, gap_ms=1)
    running = [asyncio.ensure_future(complete(turns, backend)) for _ in range(3)]
    while backend.open_streams < 3:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.001)
    async with turns.action(backend), asyncio.timeout(5):
        ended = await asyncio.gather(*running, return_exceptions=True)
        assert [type(end) for end in ended] == [ModelTaken] * 3
        assert backend.open_streams == 0


async def test_one_action_at_a_time_and_none_is_lost() -> None:
    turns, backend, order = Turns(), echo(), []

    async def act(number: int) -> None:
        async with turns.action(backend):
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    tasks = [asyncio.ensure_future(act(number)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [0, 0, 2, 2, 3, 3]
    assert await complete(turns, backend) == "x"


async def test_two_names_for_one_address_are_one_model_and_other_machines_are_not_concerned() -> None:
    def at(name: str, url: str) -> PresetBackend:
        return PresetBackend(name, BackendSettings(kind="openai-shaped", url=url, model="m"))

    turns = Turns()
    here, too = at("a", "http://127.0.0.1:1"), at("b", "http://127.0.0.1:1/v1")
    far = at("c", "https://gpu.example")
    async with turns.action(here), turns.action(far), turns.completion(far):
        with pytest.raises(ModelTaken):
            async with turns.completion(too):
                pass


async def test_a_time_limit_of_the_reader_s_own_stays_one() -> None:
    turns, backend = Turns(), echo(first_ms=10_000)
    with pytest.raises(TimeoutError):
        async with turns.completion(backend), asyncio.timeout(0):
            await asyncio.sleep(10)
