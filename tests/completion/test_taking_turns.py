"""More than one who may answer: a second one when the first is late, and a model that an action uses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import Trigger
from pilotfish.completion.resources import Outcome, Resources
from pilotfish.engine.candidate import Candidate
from pilotfish.models.backend import Abilities
from pilotfish.models.echo import EchoBackend
from pilotfish.settings.model import BackendSettings
from tests.completion.scripted import ScriptedEngine, echo, resources, trace_of
from tests.marked import request_of

LATE_MS = 30_000


def two(slow: EchoBackend, quick: EchoBackend, **hedge: Any) -> Resources:
    """`slow` alone is in the settings' list; `quick` is asked only as its second."""
    using = resources(backend=("slow",), backends={"slow": slow, "quick": quick})
    tables = {"slow": BackendSettings(kind="echo", **hedge), "quick": BackendSettings(kind="echo")}
    return replace(using, settings=replace(using.settings, backends=tables))


async def ask(using: Resources) -> Outcome:
    request = request_of("x = $0\n", trigger=Trigger.INVOKED)
    async with asyncio.timeout(10):
        return await complete(request, using, trace_of(request, using))


def said(outcome: Outcome) -> list[str]:
    return [completion.text for completion in outcome.completions]


def note(outcome: Outcome) -> str:
    return next(stage.note for stage in outcome.trace.stages if stage.stage == "stream")


async def test_a_second_backend_is_asked_when_the_first_word_is_late() -> None:
    slow, quick = echo("slow", first_ms=LATE_MS), echo("quick")
    outcome = await ask(two(slow, quick, hedge_after_ms=1, hedge_with="quick"))
    assert said(outcome) == ["quick"]
    assert "demo asked too" in note(outcome)
    assert (slow.open_streams, quick.open_streams) == (0, 0)


async def test_the_same_backend_is_asked_again_where_no_other_is_named() -> None:
    slow, quick = echo("slow", first_ms=30), echo("quick")
    assert said(await ask(two(slow, quick, hedge_after_ms=1))) == ["slow"]
    assert (slow.asked, slow.open_streams, quick.asked) == (2, 0, 0)


@pytest.mark.parametrize("hedge", [{}, {"hedge_with": "quick"}, {"hedge_after_ms": 20_000}])
async def test_nobody_is_asked_twice_unasked(hedge: dict[str, Any]) -> None:
    slow, quick = echo("slow", first_ms=20), echo("quick")
    assert said(await ask(two(slow, quick, **hedge))) == ["slow"]
    assert (slow.asked, quick.asked) == (1, 0)


async def test_who_may_not_be_asked_is_not_asked_as_the_second_either() -> None:
    for change in ("local_only", "private", "other form"):
        slow, quick = echo("slow", first_ms=20), echo("quick")
        using = two(slow, quick, hedge_after_ms=1, hedge_with="quick")
        if change == "other form":
            quick.abilities = Abilities(fill=False, chat=True)
        else:
            quick.is_remote = True
        if change == "private":
            using = replace(using, is_private=lambda _path: True)
        if change == "local_only":
            privacy = replace(using.settings.privacy, local_only=True)
            using = replace(using, settings=replace(using.settings, privacy=privacy))
        assert said(await ask(using)) == ["slow"]
        assert quick.asked == 0


async def test_while_an_action_uses_the_model_completions_come_from_the_engine() -> None:
    model = echo("model")
    using = resources(backend=("demo", "embedded"), backends={"demo": model})
    alone = resources(backend=("demo",), backends={"demo": model})
    both = replace(using, predict=ScriptedEngine([Candidate("engine", 0.9, "b.py")]), turns=alone.turns)
    async with alone.turns.action(model):
        assert said(await ask(both)) == ["engine"]
        silent = await ask(alone)
        assert (silent.decision, silent.error) == ("model_taken", None)
    assert model.asked == 0
    assert said(await ask(alone)) == ["model"]


async def test_an_action_ends_the_completion_that_streams() -> None:
    model = echo("model", endless=True, gap_ms=1)
    using = resources(backend=("demo",), backends={"demo": model}, max_lines=1_000)
    running = asyncio.ensure_future(ask(using))
    while not model.open_streams:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.001)
    async with using.turns.action(model):
        assert (await running).decision == "model_taken"
        assert model.open_streams == 0


@pytest.mark.parametrize(("trigger", "told"), [(Trigger.AUTOMATIC, 1), (Trigger.INVOKED, 0)])
async def test_a_model_is_told_that_it_will_be_asked_while_the_typing_is_waited_for(
    trigger: Trigger, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected: list[int] = []
    model = echo("model")
    monkeypatch.setattr(model, "expect", lambda: expected.append(model.asked), raising=False)
    using = resources(backend=("demo",), backends={"demo": model}, max_wait_ms=150)
    request = replace(request_of("x = $0\n", trigger=trigger), gaps_ms=(100.0,) * 8)
    await complete(request, using, trace_of(request, using))
    assert expected == [0] * told
