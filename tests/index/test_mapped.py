"""Pages of a large index are given back when many are mapped; where nobody says how many, by the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotfish.index import mapped as module
from pilotfish.index.build_segment import write_segment
from pilotfish.index.mapped import LARGE_TOKENS, MOST_MAPPED_MB, RELEASE_EVERY_S, MappedPages, mapped_mb
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView, SegmentView, SourceFile


class Mapped:
    def __init__(self) -> None:
        self.released = 0

    def release(self, *, only_large: bool) -> None:
        assert only_large
        self.released += 1


def view_of(segment: object, tokens: int = LARGE_TOKENS) -> IndexView:
    return IndexView(1, (SegmentView(Path("/"), segment),), tokens=tokens)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tokens", "mapped", "expected"),
    [
        (LARGE_TOKENS, (0, 1, MOST_MAPPED_MB, MOST_MAPPED_MB + 1, 50, 51 + MOST_MAPPED_MB, 0), 2),
        (LARGE_TOKENS - 1, (0, 1, 1000, 1000), 0),
        (LARGE_TOKENS, (1000, 1000, 1001), 0),  # libraries
        (LARGE_TOKENS, (1000, 900, 901 + MOST_MAPPED_MB, 900), 1),  # segments that are gone
    ],
)
def test_what_is_given_back_is_what_is_too_much(
    tokens: int, mapped: tuple[int, ...], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter(mapped)
    monkeypatch.setattr(module, "mapped_mb", lambda: next(left))
    segment, pages = Mapped(), MappedPages()
    for _ in range(len(mapped) - 1 - expected):
        pages.bound(view_of(segment, tokens))
    assert segment.released == expected


def test_where_nobody_says_how_much_is_mapped_it_is_given_back_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = 100.0
    monkeypatch.setattr(module, "_STATM", Path("nowhere"))
    monkeypatch.setattr("pilotfish.index.mapped.time.monotonic", lambda: now_s)
    segment, pages = Mapped(), MappedPages()
    for waited_s in (0.0, 0.0, RELEASE_EVERY_S / 2, RELEASE_EVERY_S):
        now_s += waited_s
        pages.bound(view_of(segment))
    assert segment.released == 2


def test_a_segment_can_be_read_after_it_was_given_back(tmp_path: Path) -> None:
    write_segment(tmp_path, [SourceFile("a.py", "x = 1\n" * 100_000)])
    segment = Segment.open(tmp_path)
    before = int(segment.stream.sum())
    for only_large in (True, False):
        MappedPages().release(view_of(segment), only_large=only_large)
        assert int(segment.stream.sum()) == before
    mapped = mapped_mb()
    assert mapped is None or mapped > 1
