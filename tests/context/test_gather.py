"""Gathering: which windows are found, in what order, within which budgets, and what is said of the rest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from threading import Event

import pytest

from pilotfish.context.gather import gather
from pilotfish.context.open_tabs import open_tabs
from pilotfish.context.place import look_around
from pilotfish.context.snippet import Context, Snippet
from pilotfish.context.windows import WindowsSeen
from pilotfish.errors import IndexFault
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.steps import Steps, finish
from tests.completion.scripted import FakeClock
from tests.marked import document_of, marked

FAR = "".join(f"alpha{n} = beta{n}\n" for n in range(40))
NEAR = "def total(price, amount):\n    return price * amount\n"


def test_the_window_that_shares_the_words_comes_first() -> None:
    document, position = marked("price = 1\namount = 2\nx = total($0)\n")
    other = document_of(FAR + NEAR, name="b.py")
    found = finish(open_tabs(look_around(document, position), [("lib/b.py", other)], WindowsSeen()))
    assert found
    assert "def total(price" in found[0].text
    assert (found[0].path, found[0].source) == ("lib/b.py", "open_tabs")


def source(*snippets: Snippet, turns: int = 1) -> Steps[list[Snippet]]:
    for _ in range(turns):
        yield
    return list(snippets)


def snippet(score: float, text: str = "x\n" * 8, path: str = "b.py", line: int = 0) -> Snippet:
    return Snippet(path, line, text, "test", score)


async def gathered(*snippets: Snippet, max_tokens: int = 100, **late: int) -> Context:
    sources = {"good": source(*snippets)} | {name: source(turns=turns) for name, turns in late.items()}

    class Ticking(FakeClock):
        def now_ms(self) -> float:
            self.ms += 1
            return self.ms

    return await gather(sources, max_tokens=max_tokens, max_wait_ms=20, clock=Ticking())


async def test_the_best_stands_next_to_the_code() -> None:
    context = await gathered(snippet(0.1, path="a"), snippet(0.9, path="b"), snippet(0.5, path="c"))
    assert [s.path for s in context.snippets] == ["a", "c", "b"]


async def test_what_does_not_fit_overlaps_or_is_late_is_left_out_and_said() -> None:
    context = await gathered(
        snippet(0.9),
        snippet(0.8, line=4),
        snippet(0.7, "y" * 800, path="c"),
        snippet(0.6, path="d"),
        slow=1_000,
    )
    assert [s.path for s in context.snippets] == ["d", "b.py"]
    assert context.tokens <= 100
    reasons = {left.what: left.reason for left in context.left_out}
    assert set(reasons) == {"slow", "b.py:5", "c:1"}
    assert re.fullmatch(r"late: not done in \d+\.\d ms", reasons["slow"])
    assert context.late == [f"slow {reasons['slow']}"]
    assert [name for name, _ in context.spent_ms] == ["good", "slow"]


@pytest.mark.parametrize(("turns", "expected"), [(1, ["b", "a"]), (1_000, ["a", "b"])])
async def test_a_better_order_holds_where_there_is_time_for_it(turns: int, expected: list[str]) -> None:
    sources = {"good": source(snippet(0.1, path="a"), snippet(0.9, path="b")), "other": source(turns=turns)}

    class Ticking(FakeClock):
        def now_ms(self) -> float:
            self.ms += 1
            return self.ms

    def reorder(ranked: Sequence[Snippet]) -> list[Snippet]:
        return [each.scored(1 - each.score) for each in reversed(ranked)]

    context = await gather(sources, max_tokens=100, max_wait_ms=20, clock=Ticking(), reorder=reorder)
    assert [each.path for each in context.snippets] == expected


async def test_a_source_that_hangs_is_given_up_and_closed_once_it_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pilotfish.context.gather.HUNG_AFTER_MS", 1.0)
    released, closed = Event(), Event()

    def hanging() -> Steps[list[Snippet]]:
        try:
            released.wait(30)
            yield
        finally:
            closed.set()
        return []

    sources = {"quick": source(snippet(0.9), turns=0), "disk": hanging()}
    context = await gather(sources, max_tokens=100, max_wait_ms=300, clock=SystemClock())
    assert [left.what for left in context.left_out] == ["disk"]
    assert [each.path for each in context.snippets] == ["b.py"], "what others have found is shown"
    released.set()
    assert await asyncio.to_thread(closed.wait, 30)


async def test_a_source_over_a_damaged_index_is_left_out_and_the_others_are_not() -> None:
    def damaged() -> Steps[list[Snippet]]:
        yield
        raise IndexFault("The index is damaged.")

    sources = {"damaged": damaged(), "good": source(snippet(0.9))}
    context = await gather(sources, max_tokens=100, max_wait_ms=5_000, clock=SystemClock())
    assert [each.path for each in context.snippets] == ["b.py"]
    assert [(left.what, left.reason) for left in context.left_out] == [
        ("damaged", "failed: The index is damaged.")
    ]


def test_many_long_tabs_cost_no_more_than_a_few() -> None:
    document, position = marked("price = 1\namount = 2\nx = total($0)\n")
    others = [(f"{n}.py", document_of(FAR * 100 + NEAR, name=f"{n}.py")) for n in range(100)]
    steps = 0
    for _ in open_tabs(look_around(document, position), others, WindowsSeen()):
        steps += 1
    assert 5 <= steps <= 60
