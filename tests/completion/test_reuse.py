"""The memory of offers: one key for writing and reading, typing along, and when an entry stops to hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.completion.request import Source
from pilotfish.completion.reuse import LIFETIME_MS, MAX_PLACES, Entry, Memory, place_key
from tests.marked import request_of

OFFER = "foo(left,\n    right)\nreturn x"


def remembered(text: str = "x = $0\n", offer: str = OFFER, source: Source = Source.EMBEDDED) -> Memory:
    memory = Memory()
    request = request_of(text)
    memory.put(place_key(request.document, request.position, 7), Entry((offer,), source, 0, 0.0, 0.9))
    return memory


@pytest.mark.parametrize(
    ("now", "rest"),
    [
        ("x = $0\n", OFFER),
        ("x = f$0\n", "oo(left,\n    right)\nreturn x"),
        ("x = foo(left,$0\n", "\n    right)\nreturn x"),
        ("x = foo(left,\n    $0\n", "right)\nreturn x"),
        ("x = foo(left,\n    right)\nre$0\n", "turn x"),
        ("x = foo(left,\n    right)\nreturn x$0\n", None),  # all of it is typed
        ("x = g$0\n", None),
        ("y = f$0\n", None),
        ("x = f$0)\n", None),  # something else follows now
        ("import os\nx = f$0\n", None),  # something else stands above
    ],
)
def test_what_is_typed_along_is_continued(now: str, rest: str | None) -> None:
    found = remembered().find(request_of(now), 7, 1.0)
    assert (found[1].texts[0] if found else None) == rest
    if found:
        assert found[0] is (Source.CACHE if rest == OFFER else Source.TYPED_THROUGH)


def test_an_entry_ends_with_time_settings_language_or_epoch() -> None:
    request = request_of("x = $0\n")
    assert remembered().find(request, 7, LIFETIME_MS + 1) is None
    assert remembered().find(request, 8, 1.0) is None
    assert remembered().find(replace(request, epoch=1), 7, 1.0) is None
    assert remembered(source=Source.MODEL).find(replace(request, epoch=1), 7, 1.0) is not None
    other = replace(request, document=replace(request.document, language_id="ruby"))
    assert remembered().find(other, 7, 1.0) is None


def test_the_memory_is_bounded() -> None:
    memory = Memory()
    for number in range(MAX_PLACES + 50):
        request = request_of(f"x{number} = $0\n")
        memory.put(place_key(request.document, request.position, 0), Entry(("a",), Source.MODEL, 0, 0.0))
    assert len(memory) == MAX_PLACES


LINES = st.lists(st.text("ab x(\t", max_size=5), max_size=80)


@given(above=LINES, before=st.text("ab (", max_size=6), after=LINES, typed=st.text("ab (", max_size=4))
def test_whatever_the_document_a_stored_offer_is_found_again(
    above: list[str], before: str, after: list[str], typed: str
) -> None:
    """Read key == write key, at the place itself and after typing along."""
    head, tail = "".join(f"{line}\n" for line in above), "\n" + "\n".join(after)
    memory = remembered(f"{head}{before}$0{tail}", offer=typed + "rest")
    found = memory.find(request_of(f"{head}{before}{typed}$0{tail}"), 7, 1.0)
    assert found is not None
    assert found[1].texts == ("rest" if typed else typed + "rest",)


@pytest.mark.parametrize(
    "text", ["x = [" + "1, " * 66_666 + "\nx$0", "1, " * 1_500 + "$0", "1,\n" * 9_000 + "$0"]
)
def test_looking_back_costs_little_in_a_long_line(text: str) -> None:
    request = request_of(text)
    places = Memory._earlier(request, place_key(request.document, request.position, 7))
    assert sum(len(key.before) + len(typed) for key, typed in places) < 3_000_000
