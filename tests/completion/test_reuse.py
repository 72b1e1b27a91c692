"""The memory of offers: one key for writing and reading, typing along, and when an entry stops to hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.completion.request import Source
from pilotfish.completion.reuse import (
    LIFETIME_MS,
    MAX_PER_SPOT,
    MAX_PLACES,
    Entry,
    Memory,
    place_name,
    place_of,
)
from pilotfish.text.document import Position
from tests.marked import request_of

OFFER = "foo(left,\n    right)\nreturn x"


def remembered(text: str = "x = $0\n", offer: str = OFFER, source: Source = Source.EMBEDDED) -> Memory:
    memory = Memory()
    request = request_of(text)
    entry = Entry((offer,), source, 0, 0.0, 0.9, files=frozenset({"pkg/b.py"}))
    memory.put(request.document, request.position, "7", entry)
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
    found = remembered().find(request_of(now), "7", 1.0)
    assert (found[1].texts[0] if found else None) == rest
    if found:
        assert found[0] is (Source.CACHE if rest == OFFER else Source.TYPED_THROUGH)


def test_an_entry_ends_with_time_settings_language_or_epoch() -> None:
    request = request_of("x = $0\n")
    assert remembered().find(request, "7", LIFETIME_MS + 1) is None
    assert remembered().find(request, "8", 1.0) is None
    assert remembered().find(replace(request, epoch=1), "7", 1.0) is None
    assert remembered(source=Source.MODEL).find(replace(request, epoch=1), "7", 1.0) is not None
    other = replace(request, document=replace(request.document, language_id="ruby"))
    assert remembered().find(other, "7", 1.0) is None


@pytest.mark.parametrize(
    ("now", "deletions", "holds"),
    [
        ("x = f$0\n", 0, True),  # something was indexed
        ("x = f$0\n", 1, False),
        ("x = $0\n", 0, False),  # not typed along, but asked again
    ],
)
def test_what_is_read_and_typed_along_outlives_what_is_indexed(now: str, deletions: int, holds: bool) -> None:
    request = replace(request_of(now), epoch=1, deletions=deletions)
    assert (remembered().find(request, "7", 1.0) is not None) == holds
    memory = remembered()
    other = request_of("y = $0\n")
    memory.put(other.document, other.position, "7", Entry((), Source.EMBEDDED, 0, 0.0))
    assert memory.find(request, "7", 1.0) is None  # by now nothing is shown any more


def test_the_memory_is_bounded() -> None:
    memory = Memory()
    for number in range(MAX_PLACES + 50):
        request = request_of(f"# {number}\nx = $0\n")
        memory.put(request.document, request.position, "0", Entry(("a",), Source.MODEL, 0, 0.0))
    assert len(memory) == MAX_PLACES
    for number in range(MAX_PER_SPOT + 50):
        request = request_of(f"x{number} = $0\n")
        memory.put(request.document, request.position, "0", Entry(("a",), Source.MODEL, 0, 0.0))
    assert len(memory) == MAX_PLACES
    assert len(memory._spots[place_of(request, "0")[0]]) == MAX_PER_SPOT


LINES = st.lists(st.text("ab x(\t", max_size=5), max_size=80)


@given(above=LINES, before=st.text("ab (", max_size=6), after=LINES, typed=st.text("ab (", max_size=4))
def test_whatever_the_document_a_stored_offer_is_found_again(
    above: list[str], before: str, after: list[str], typed: str
) -> None:
    """Read key == write key, at the place itself and after typing along."""
    head, tail = "".join(f"{line}\n" for line in above), "\n" + "\n".join(after)
    memory = remembered(f"{head}{before}$0{tail}", offer=typed + "rest")
    found = memory.find(request_of(f"{head}{before}{typed}$0{tail}"), "7", 1.0)
    assert found is not None
    assert found[1].texts == ("rest" if typed else typed + "rest",)


@pytest.mark.parametrize(
    "text", ["x = [" + "1, " * 66_666 + "\nx$0", "1, " * 1_500 + "$0", "1,\n" * 9_000 + "$0"]
)
def test_looking_back_costs_little_in_a_long_line(text: str) -> None:
    memory = remembered(text, source=Source.MODEL)
    request = request_of(text)
    spot, _ = place_of(request, "7")
    for number in range(MAX_PLACES // 2):
        memory.put(
            request.document, Position(request.position.line, number), "7", Entry((), Source.MODEL, 0, 0.0)
        )
    places = list(memory._earlier(request, spot))
    assert sum(len(typed) for _, typed in places) < 300_000


@pytest.mark.parametrize(
    ("made_at", "offer", "now", "left"),
    [
        # a part was accepted, and the editor moved the next line its own way
        ("x = $0\n", "foo(\n    left)\nreturn", "x = foo(\n\tle$0\n", "ft)\nreturn"),
        ("x = $0\n", "foo(\n    left)\n    y", "x = foo(\n\t$0\n", "left)\n\ty"),
        ("x = $0\r\n", "foo(\r\n  a)", "x = foo(\r\n$0\r\n", "  a)"),
        # the line's indentation has changed
        ("    $0\n", "if x:\n        y", "        $0\n", "if x:\n            y"),
        ("        $0\n", "if x:\n            y", "    $0\n", "if x:\n        y"),
        # a step back
        ("x = foo$0\n", "(left)", "x = fo$0\n", "o(left)"),
        ("x = foo$0\n", "(left)", "x = $0\n", "foo(left)"),
        # the editor has closed the bracket by itself
        ("x = $0\n", "foo(left)", "x = foo($0)\n", "left"),
        ("x = $0\n", "foo(a[0])", "x = foo(a[$0])\n", "0"),
        ("x = $0\n", "foo(left)", "x = foo($0 + 1)\n", None),
    ],
)
def test_an_offer_outlives_what_editors_do(made_at: str, offer: str, now: str, left: str | None) -> None:
    found = remembered(made_at, offer, Source.MODEL).find(request_of(now), "7", 1.0)
    assert (found[1].texts[0] if found else None) == left


def test_what_used_a_snippet_of_a_file_goes_when_that_file_changes() -> None:
    request = request_of("x = $0\n")
    for path, is_gone in (("/workspace/pkg/b.py", True), ("/workspace/b.py", False)):
        memory = remembered()
        memory.changed(path, 5.0)
        assert (memory.find(request, "7", 6.0) is None) == is_gone


def test_a_place_has_one_name_whatever_the_process() -> None:
    request = request_of("import a\nx = $0\n")
    assert place_name(place_of(request, "7")) == place_name(place_of(replace(request, epoch=9), "7"))
    assert place_name(place_of(request, "7")) != place_name(place_of(request, "8"))
    assert place_name(place_of(request, "7")) == "41fddb97a8cbe990b1c67101eb753fd5f2f10a02122ae762"
