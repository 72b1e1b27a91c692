"""Edits: made of two texts, applied, and what they do to the places around them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pilotfish.text.document import Position, Range
from pilotfish.text.edit import Edit, applied, changed_stretch, edit_of, end_of, minimal_edits, text_in
from pilotfish.text.lines import split_lines
from pilotfish.text.mirror import Change, Mirror
from pilotfish.text.positions import Encoding, Place

TEXTS = st.text(alphabet="ab \né😀", max_size=40)
CRLF_TEXTS = st.lists(st.sampled_from(["a\r\n", "b\r\n", "\r\n", "é"]), max_size=8).map("".join)
START = Position(0, 0)


def whole(text: str) -> Range:
    return Range(START, end_of(START, text))


@given(TEXTS | CRLF_TEXTS, TEXTS | CRLF_TEXTS, TEXTS, TEXTS)
def test_minimal_edits_make_the_new_text_of_the_old_one_wherever_it_stands(
    old: str, new: str, above: str, below: str
) -> None:
    start = end_of(START, above)
    edits = minimal_edits(start, old, new)
    assert applied(split_lines(above + old + below), edits) == above + new + below
    assert (not edits) == (old == new)


@given(TEXTS, TEXTS)
def test_the_changed_stretch_is_one_edit_that_does_it(before: str, after: str) -> None:
    assert applied(split_lines(before), [changed_stretch(before, after)]) == after


def test_only_what_differs_is_replaced() -> None:
    old = "def f(a):\n    return a\n\n\ndef g():\n    return 1\n"
    new = "def f(a):\n    return a + 1\n\n\ndef g():\n    return 2\n"
    one, two = minimal_edits(Position(10, 0), old, new)
    assert one == Edit(Range(Position(11, 12), Position(11, 12)), " + 1")
    assert two == Edit(Range(Position(15, 11), Position(15, 12)), "2")


def test_a_line_end_of_two_characters_is_never_split() -> None:
    for old, new in (("a\r\n", "a\r\r\n"), ("a\r\nb", "a\rb"), ("\r\n\r\n", "\r\n")):
        for edit in minimal_edits(START, old, new):
            assert "\r" not in text_in(split_lines(old), Range(START, edit.range.start))[-1:]


@given(TEXTS, st.data())
def test_an_editors_change_is_the_edit_that_its_mirror_made(text: str, data: st.DataObject) -> None:
    lines = split_lines(text)
    places = st.builds(Place, st.integers(0, len(lines)), st.integers(0, 6))
    change = data.draw(st.builds(Change, TEXTS, places, places) | st.builds(Change, TEXTS))
    mirror = Mirror("file:///a", None, "python", 1, text, Encoding.UTF32)
    before = mirror.snapshot()
    after = mirror.apply(2, [change])
    assert applied(before.lines, [edit_of(before, change, Encoding.UTF32)]) == after.text
