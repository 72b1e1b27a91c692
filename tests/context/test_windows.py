"""Blocks: the lines that share most names; a short piece of code is not cut."""

from __future__ import annotations

import pytest

from pilotfish.context.windows import WHOLE_LINES, WINDOW_LINES, best_window

HERE = frozenset({"price", "amount", "total"})


@pytest.mark.parametrize(
    ("lines", "start", "count"),
    [
        (["price = amount\n", "other = 1\n"], 0, 2),
        (["total = price\n"] + ["x = 1\n"] * (WHOLE_LINES - 1), 0, WHOLE_LINES),
        (["x = 1\n"] * 40 + ["total = price * amount\n"] * 5, 30, 15),
        (["total = price * amount\n"] * 5 + ["x = 1\n"] * 40, 0, WINDOW_LINES),
    ],
)
def test_the_best_window(lines: list[str], start: int, count: int) -> None:
    best = best_window(lines, HERE)
    assert best is not None
    assert (best.start_line, best.text.count("\n")) == (start, count)
    assert 0 < best.similarity <= 1


@pytest.mark.parametrize("lines", [[], ["x = 1\n"], ["x = 1\n"] * 100])
def test_nothing_in_common_is_no_window(lines: list[str]) -> None:
    assert best_window(lines, HERE) is None
