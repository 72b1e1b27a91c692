"""The target of an action, followed through what the user types around it, at its ends and inside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.actions.target import Target
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, applied, end_of
from pilotfish.text.lines import split_lines

START = Position(0, 0)
TEXTS = st.text(alphabet="ab \n", max_size=12)


def document_of(text: str) -> Document:
    return Document("file:///a", None, "python", 1, split_lines(text))


def span_of(before: str, text: str) -> Range:
    start = end_of(START, before)
    return Range(start, end_of(start, text))


def edited(target: Target, edit: Edit) -> None:
    target.follow(document_of(applied(target.document.lines, [edit])), [edit])


@given(TEXTS, TEXTS.filter(bool), TEXTS, st.data())
def test_the_target_stays_itself_while_the_user_edits_around_it(
    above: str, text: str, below: str, data: st.DataObject
) -> None:
    target = Target(document_of(above + text + below), span_of(above, text))
    for _ in range(data.draw(st.integers(1, 4))):
        whole = target.document.text
        outside = data.draw(st.booleans())
        region = (0, len(above)) if outside else (len(above) + len(text), len(whole))
        first = data.draw(st.integers(*region))
        last = data.draw(st.integers(first, region[1]))
        typed = data.draw(TEXTS)
        start = end_of(START, whole[:first])
        edited(target, Edit(Range(start, end_of(start, whole[first:last])), typed))
        if outside:
            above = whole[:first] + typed + whole[last : len(above)]
        assert target.text == text
        assert not target.is_touched


@given(TEXTS, TEXTS.filter(lambda text: len(text) > 1), TEXTS, TEXTS.filter(bool), st.data())
def test_an_edit_inside_is_noticed(
    above: str, text: str, below: str, typed: str, data: st.DataObject
) -> None:
    target = Target(document_of(above + text + below), span_of(above, text))
    at = data.draw(st.integers(1, len(text) - 1))
    place = end_of(START, above + text[:at])
    edited(target, Edit(Range(place, place), typed))
    assert target.is_touched


@pytest.mark.parametrize("old", ["", "x\n", "one\ntwo\n"])
@pytest.mark.parametrize("typed_before", ["", "# up\n"])
@pytest.mark.parametrize("typed_after", ["", "# down\n"])
def test_the_edit_that_was_sent_settles_it(old: str, typed_before: str, typed_after: str) -> None:
    above, below, new = "import os\n", "\nend\n", "one\nthree\n"
    target = Target(document_of(above + old + below), span_of(above, old))
    target.expect(new)
    edited(target, Edit(Range(START, START), typed_before))
    assert not target.is_settled
    edited(target, Edit(target.span, new))
    assert target.is_settled
    end = end_of(START, target.document.text)
    edited(target, Edit(Range(end, end), typed_after))
    assert target.text == new
    assert not target.is_touched


def test_what_is_typed_right_after_the_sent_edit_in_one_go_stays_outside() -> None:
    target = Target(document_of("a\nb\n"), span_of("a\n", ""))
    target.expect("new\n")
    new = Edit(Range(Position(1, 0), Position(1, 0)), "new\n")
    typed = Edit(Range(Position(2, 0), Position(2, 0)), "typed ")
    target.follow(document_of("a\nnew\ntyped b\n"), [new, typed])
    assert target.is_settled
    assert target.text == "new\n"


def test_another_edit_inside_than_the_sent_one_leaves_it_unsettled_and_touched() -> None:
    target = Target(document_of("a\nb\nc\n"), span_of("a\n", "b\n"))
    target.expect("bee\n")
    edited(target, Edit(Range(Position(1, 0), Position(1, 1)), "mine"))
    assert target.is_touched
    assert not target.is_settled


def test_typing_where_an_empty_target_is_counts_as_inside() -> None:
    target = Target(document_of("a\n"), Range(Position(1, 0), Position(1, 0)))
    edited(target, Edit(Range(Position(1, 0), Position(1, 0)), "x"))
    assert target.is_touched
