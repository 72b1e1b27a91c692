"""How completions fare, as a document."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pilotfish.session.statistics import added_up, statistics
from pilotfish.session.tally import Fate, Tally

COUNTS = Counter(
    {
        Fate("shown", "python", "embedded", "embedded"): 8,
        Fate("accepted", "python", "embedded", "embedded"): 2,
        Fate("typed", "python", "embedded", "embedded"): 1,
        Fate("shown", "go", "a|b", "model"): 9,
        Fate("kept", "lua", "embedded", "embedded"): 1,
    }
)


def test_each_kind_has_a_row_the_most_shown_first() -> None:
    rows, total = added_up(COUNTS)
    assert [(row["language"], row["shown"], row["taken_share"]) for row in rows] == [
        ("go", 9, 0.0),
        ("python", 8, 0.375),
        ("lua", 0, None),
    ]
    assert (total["shown"], total["taken_share"]) == (17, 0.176)


def test_the_document_is_a_table() -> None:
    lines = statistics(COUNTS).splitlines()
    assert lines[4] == "| go | a\\|b | model | 9 | 0 | 0 | 0 | 0 | 0 | 0 % |"
    assert lines[7] == "| all |  |  | 17 | 2 | 0 | 1 | 0 | 1 | 18 % |"
    assert "Nothing has been shown yet." in statistics({})


async def test_what_was_just_counted_counts(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    fate = Fate("shown", "python", "embedded", "embedded")
    tally.add(fate)
    assert await tally.counts() == {fate: 1}
    tally.add(fate)
    assert await tally.counts() == {fate: 2}
    await tally.aclose()
