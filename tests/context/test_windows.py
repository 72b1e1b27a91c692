"""Blocks: the lines that share most names; a short piece of code is not cut."""

from __future__ import annotations

from functools import partial

import pytest

from pilotfish.context.windows import STRIDE_LINES, WHOLE_LINES, Windows, WindowsSeen

HERE = frozenset({"price", "amount", "total"})


@pytest.mark.parametrize(
    ("lines", "start", "count", "similarity"),
    [
        (["price = amount\n", "other = 1\n"], 0, 2, 2 / 4),
        (["total = price\n"] + ["x = 1\n"] * (WHOLE_LINES - 1), 0, WHOLE_LINES, 2 / 4),
        (["x = 1\n"] * 40 + ["total = price * amount\n"] * 5, 30, 15, 3 / 4),
        (["total = price * amount\n"] * 5 + ["x = 1\n"] * 40, 0, 2 * STRIDE_LINES, 3 / 4),
    ],
)
def test_the_best_window(lines: list[str], start: int, count: int, similarity: float) -> None:
    windows = Windows(lines, is_piece=True)
    best = windows.best(HERE)
    assert best is not None
    assert best == pytest.approx((similarity, start))
    assert windows.text(start).count("\n") == count


@pytest.mark.parametrize("lines", [[], ["x = 1\n"], ["x = 1\n"] * 100])
def test_nothing_in_common_is_no_window(lines: list[str]) -> None:
    assert Windows(lines, is_piece=True).best(HERE) is None
    assert list(Windows(lines).like(HERE)) == []


def test_a_document_is_cut_however_short_it_is() -> None:
    lines = ["x = 1\n"] * 21 + ["total = price\n"]
    assert [start for _, start in Windows(lines).like(HERE)] == [10]


def test_the_texts_that_were_compared_lately_are_not_cut_again() -> None:
    seen, made = WindowsSeen(), []

    def windows(text: str) -> Windows:
        made.append(text)
        return Windows([text])

    for text in ["first", *(str(number) for number in range(40)), "first", "39"]:
        assert seen.get(text, partial(windows, text)).text(0) == text
    assert len(made) == len(set(made))
    for number in range(1000):
        seen.get(number, lambda: Windows([]))
    seen.get("first", lambda: windows("first"))
    assert made.count("first") == 2
