"""A growing text is told at once, then not too often, and its end always."""

from __future__ import annotations

from pilotfish.lsp.paced import Paced
from tests.lsp.wire import eventually


async def test_the_first_and_the_last_are_told_and_not_each_between() -> None:
    told: list[str] = []
    paced = Paced(told.append, every_s=0.02)
    for length in range(1, 50):
        paced.put("x" * length)
    assert told == ["x"]
    await eventually(lambda: len(told) == 2)
    assert told[1] == "x" * 49
    paced.put("y")
    paced.put("z")
    paced.flush()
    paced.flush()
    assert told[-1] == "z"
    assert len(told) <= 4
