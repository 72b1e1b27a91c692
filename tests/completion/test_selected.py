"""Ghost text beside an open popup menu continues what the menu has selected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pilotfish.completion.pipeline import complete
from pilotfish.engine.candidate import Candidate
from pilotfish.text.document import Position, Range
from tests.completion.scripted import ScriptedEngine, resources, trace_of
from tests.marked import request_of


@pytest.mark.parametrize(
    ("text", "columns", "entry", "asked_at", "offered"),
    [
        ("x = li$0\n", (4, 6), "limit", "x = limit", "limit(left)"),
        ("x = li$0mit\n", (4, 9), "limits", "x = limits", "limits(left)"),
        ("x = a.$0\n", (6, 6), "name", "x = a.name", "name(left)"),
        ("x = li$0\n", (4, 6), "two\nlines", "x = li", "li(left)"),  # no menu entry has two lines: ignored
    ],
)
async def test_the_selected_entry_counts_as_written(
    text: str, columns: tuple[int, int], entry: str, asked_at: str, offered: str
) -> None:
    engine = ScriptedEngine([Candidate("(left)", 0.9)])
    request = request_of(text)
    span = Range(Position(0, columns[0]), Position(0, columns[1]))
    using = resources(engine=engine)
    request = replace(request, selected=(span, entry))
    outcome = await complete(request, using, trace_of(request, using))
    (completion,) = outcome.completions
    assert completion.text == offered
    assert completion.range == (span if "\n" not in entry else Range(Position(0, 4), Position(0, 6)))
    assert engine.last is not None
    assert engine.last.document.before(engine.last.position) == asked_at
