"""One piece of work for each key; whoever waits gets one answer, at once when it is superseded."""

from __future__ import annotations

import asyncio

import pytest

from pilotfish.session.latest import Latest


async def never(ended: list[str]) -> str:
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("ended")
    return "never"


async def at_once(result: str) -> str:
    return result


async def fails() -> str:
    raise ZeroDivisionError


async def test_the_newest_gets_its_result_and_the_older_none() -> None:
    latest, ended = Latest(), list[str]()
    old = latest.start("a", never(ended))
    other = latest.start("b", never(ended))
    await asyncio.sleep(0)
    new = latest.start("a", at_once("new"))
    assert old.done()
    assert old.result() is None
    assert await new == "new"
    assert ended == ["ended"]
    assert not other.done()
    assert len(latest) == 1
    await latest.aclose()
    assert other.cancelled()
    assert ended == ["ended", "ended"]


@pytest.mark.parametrize("begun", [True, False])
async def test_cancelling_the_answer_ends_the_work(begun: bool) -> None:
    latest, ended = Latest(), list[str]()
    answer = latest.start("a", never(ended))
    if begun:
        await asyncio.sleep(0)
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    await latest.aclose()
    assert ended == ["ended"] * begun
    assert not latest


async def test_a_failure_is_the_answers() -> None:
    latest = Latest()
    with pytest.raises(ZeroDivisionError):
        await latest.start("a", fails())
    assert not latest


async def test_superseding_what_has_ended_changes_nothing() -> None:
    latest = Latest()
    answer = latest.start("a", at_once("done"))
    assert await answer == "done"
    latest.supersede("a")
    latest.supersede("b")
    assert answer.result() == "done"
