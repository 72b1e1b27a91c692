"""Where the user edited lately: lines that move along, edits that grow together, none of closed documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pilotfish.session.edits import MERGED_LINES, MOST_EDITS, EditedLines, Edits
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Place


def change(first: int, last: int, text: str) -> Change:
    return Change(text, Place(first, 0), Place(last, 0))


def edited(*changes: tuple[str, Change]) -> list[EditedLines]:
    edits = Edits()
    for uri, each in changes:
        edits.changed(uri, [each])
    return list(edits)


def test_the_newest_comes_first_and_neighbours_are_one() -> None:
    assert edited(("a", change(10, 10, "x")), ("b", change(3, 3, "y\nz")), ("a", change(12, 12, "x"))) == [
        EditedLines("a", 10, 12),
        EditedLines("b", 3, 4),
    ]


def test_what_is_edited_above_moves_the_lines() -> None:
    assert edited(("a", change(50, 50, "x")), ("a", change(1, 1, "one\ntwo\n"))) == [
        EditedLines("a", 1, 3),
        EditedLines("a", 52, 52),
    ]
    assert edited(("a", change(50, 50, "x")), ("a", change(1, 6, ""))) == [
        EditedLines("a", 1, 1),
        EditedLines("a", 45, 45),
    ]


def test_closed_and_replaced_documents_have_no_edits() -> None:
    assert edited(("a", change(1, 1, "x")), ("a", Change("all anew"))) == []
    edits = Edits()
    edits.changed("a", [change(1, 1, "x")])
    edits.forget("a")
    assert list(edits) == []


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 99), st.integers(0, 9), st.integers(0, 9))))
def test_edits_stay_few_apart_and_inside(typed: list[tuple[str, int, int, int]]) -> None:
    edits = Edits()
    for uri, first, removed, added in typed:
        edits.changed(uri, [change(first, first + removed, "\n" * added)])
        kept = list(edits)
        assert len(kept) <= MOST_EDITS
        assert all(0 <= each.first <= each.last for each in kept)
        assert kept[0].uri == uri
        assert kept[0].first <= first <= kept[0].last + MERGED_LINES
