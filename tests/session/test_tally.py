"""Counts of fates on disk: added up over servers and days, bounded, and never in the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pilotfish.session import tally as module
from pilotfish.session.tally import Fate, Tally, counts, tidy

SHOWN, ACCEPTED = (Fate(event, "python", "embedded", "embedded") for event in ("shown", "accepted"))
MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)


async def write(folder: Path, day: date, *fates: Fate) -> None:
    tally = Tally(folder, lambda: day)
    for fate in fates:
        tally.add(fate)
    await tally.aclose()


async def test_counts_of_several_servers_and_days_add_up(tmp_path: Path) -> None:
    await write(tmp_path, MONDAY, SHOWN, SHOWN, ACCEPTED)
    await write(tmp_path, MONDAY, SHOWN)
    await write(tmp_path, TUESDAY, SHOWN)
    assert counts(tmp_path) == {SHOWN: 4, ACCEPTED: 1}
    assert counts(tmp_path, TUESDAY) == {SHOWN: 1}
    assert counts(tmp_path / "nothing") == {}
    monday = (tmp_path / "2026-06-01.jsonl").read_text()
    assert len(monday.splitlines()) == 2, "the day before was added up"


async def test_lines_that_cannot_be_read_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "2026-06-01.jsonl").write_text('[1]\n{"a": 2}\nnonsense\n["shown","a","b","c","d"]\n')
    await write(tmp_path, MONDAY, SHOWN)
    assert counts(tmp_path) == {SHOWN: 1}


def test_the_oldest_days_are_forgotten(tmp_path: Path) -> None:
    for year in range(module.DAYS_KEPT + 3):
        (tmp_path / f"{1000 + year}-01-01.jsonl").write_text("")
    tidy(tmp_path, MONDAY)
    assert len(list(tmp_path.iterdir())) == module.DAYS_KEPT
    assert not (tmp_path / "1002-01-01.jsonl").exists()


async def test_a_folder_that_cannot_be_used_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    await write(tmp_path / "file" / "stats", MONDAY, SHOWN)
    assert counts(tmp_path / "file" / "stats") == {}
