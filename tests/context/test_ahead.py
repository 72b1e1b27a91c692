"""Asking before somebody waits: all is asked, nobody is held up, and what is given up ends."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

from pilotfish.context.ahead import MOST_NAMES, ask_ahead, vocabulary
from pilotfish.context.snippet import Snippet
from pilotfish.errors import IndexFault
from pilotfish.platform.steps import Steps, finish


async def test_all_sources_are_run_and_a_damaged_index_is_left_to_who_asks() -> None:
    ended = []

    def source(name: str, *, damaged: bool = False) -> Steps[list[Snippet]]:
        yield
        if damaged:
            raise IndexFault("The index is damaged.")
        ended.append(name)
        return []

    await ask_ahead({"one": source("one"), "two": source("two")})
    assert ended == ["one", "two"]
    await ask_ahead({"damaged": source("", damaged=True)})


async def test_who_waits_is_given_way_at_the_next_step() -> None:
    begun, closed = Event(), Event()

    def endless() -> Steps[list[Snippet]]:
        try:
            while True:
                begun.set()
                yield
        finally:
            closed.set()

    task = asyncio.ensure_future(ask_ahead({"endless": endless()}))
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await asyncio.to_thread(closed.wait, 30)


def test_the_nearest_names_are_learned_first_and_not_all_of_a_huge_document() -> None:
    asked: list[str] = []

    class Asked:
        def definitions(self, names: list[str], limit: int) -> None:
            asked.extend(names)

        def search(self, terms: list[tuple[str, float]], limit: int) -> None:
            assert [term for term, _ in terms] == asked[-len(terms) :]

    lookup: Any = Asked()
    finish(vocabulary([f"name_{number}\n" for number in range(5_000)], 2_000, lookup))
    assert asked[0] == "name_2000"
    assert {*asked[1:5]} == {"name_1999", "name_2001", "name_1998", "name_2002"}
    assert MOST_NAMES <= len(asked) < MOST_NAMES + 10
