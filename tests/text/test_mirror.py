"""Edits made in place must equal the same edits made on the whole text, whatever its characters."""

from __future__ import annotations

import time

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pilotfish.text.document import Document
from pilotfish.text.lines import split_lines
from pilotfish.text.mirror import Change, Mirror
from pilotfish.text.positions import Encoding, Place

LINE_ENDS = ["\n", "\r\n", "\r"]
NOT_LINE_ENDS = ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c", "\0"]
PIECES = ["a", "def f():", "\t", "é", "ß", "漢", "😀", "𝒳", *LINE_ENDS, *NOT_LINE_ENDS]
CODECS = {Encoding.UTF8: ("utf-8", 1), Encoding.UTF16: ("utf-16-le", 2), Encoding.UTF32: ("utf-32-le", 4)}

texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
places = st.builds(Place, st.integers(0, 8), st.integers(0, 20))


def mirror(text: str, encoding: Encoding = Encoding.UTF16) -> Mirror:
    return Mirror("file:///a.py", None, "Python", 0, text, encoding)


def byte_offset(text: str, place: Place, encoding: Encoding) -> int:
    """Where a place is in the encoded whole text, found the slow and obvious way."""
    codec, unit_bytes = CODECS[encoding]
    line = index = 0
    while line < place.line and index < len(text):
        index += 2 if text[index : index + 2] == "\r\n" else 1
        line += text[index - 1] in "\r\n"
    offset, units_left = len(text[:index].encode(codec)), place.units * unit_bytes
    if line < place.line:
        return offset
    for character in text[index:]:
        size = len(character.encode(codec))
        if character in "\r\n" or units_left < size:
            return offset + (units_left if encoding is Encoding.UTF16 and character not in "\r\n" else 0)
        offset, units_left = offset + size, units_left - size
    return offset


def edited(text: str, change: Change, encoding: Encoding) -> str:
    """`change` made on the whole text."""
    assert change.start
    assert change.end
    codec, _ = CODECS[encoding]
    start, end = sorted((byte_offset(text, change.start, encoding), byte_offset(text, change.end, encoding)))
    data = text.encode(codec)
    return (data[:start] + change.text.encode(codec) + data[end:]).decode(codec, "replace")


class Edits(RuleBasedStateMachine):
    """A mirror beside a plain string; both get the same edits."""

    text: str
    encoding: Encoding

    @initialize(text=texts, encoding=st.sampled_from(Encoding))
    def open(self, text: str, encoding: Encoding) -> None:
        self.encoding, self.text, self.version = encoding, text, 0
        self.mirror = mirror(text, encoding)
        self.kept: list[tuple[Document, str]] = []

    @rule(changes=st.lists(st.builds(Change, texts, places, places), max_size=4))
    def edit(self, changes: list[Change]) -> None:
        for change in changes:
            self.text = edited(self.text, change, self.encoding)
        self.version += 1
        self.mirror.apply(self.version, changes)

    @rule(text=texts)
    def replace_everything(self, text: str) -> None:
        self.text = text
        self.version += 1
        self.mirror.apply(self.version, [Change(text)])

    @rule()
    def keep_snapshot(self) -> None:
        self.kept.append((self.mirror.snapshot(), self.text))

    @invariant()
    def equal(self) -> None:
        if hasattr(self, "mirror"):
            snapshot = self.mirror.snapshot()
            assert snapshot.version == self.version
            assert list(snapshot.lines) == split_lines(self.text)

    def teardown(self) -> None:
        for snapshot, text in getattr(self, "kept", []):
            assert snapshot.text == text, "a snapshot changed after it was taken"


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)


def check_edit(before: str, change: tuple[str, tuple[int, int], tuple[int, int]], after: str) -> None:
    text, start, end = change
    edited_document = mirror(before).apply(1, [Change(text, Place(*start), Place(*end))])
    assert edited_document.text == after
    assert list(edited_document.lines) == split_lines(after)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("ab\r", ("\n", (1, 0), (1, 0)), "ab\r\n"),
        ("ab\nc", ("\r", (0, 2), (0, 2)), "ab\r\nc"),
        ("ab\r\nc", ("x", (0, 9), (0, 9)), "abx\r\nc"),
        ("a\rb\n", ("", (1, 0), (1, 1)), "a\r\n"),
        ("a\r\nb", ("", (0, 1), (1, 0)), "ab"),
        ("x😀y", ("\ude01", (0, 2), (0, 3)), "x😁y"),
        ("x😀y", ("", (0, 2), (0, 3)), "x\ufffdy"),
        ("a", ("z", (7, 7), (9, 9)), "az"),
        ("abc", ("-", (0, 2), (0, 1)), "a-c"),
    ],
    ids=["join CRLF below", "join CRLF above", "never inside CRLF", "join by deleting", "join lines",
         "half a pair replaced", "half a pair deleted", "outside the document", "ends swapped"],
)  # fmt: skip
def test_edit(before: str, change: tuple[str, tuple[int, int], tuple[int, int]], after: str) -> None:
    check_edit(before, change, after)


def test_half_pairs_of_a_full_text_become_replacement_characters() -> None:
    assert mirror("a\ud83d").snapshot().text == "a\ufffd"


def test_language_id_is_lower_case_and_snapshot_is_shared_until_an_edit() -> None:
    buffer = mirror("a")
    assert buffer.snapshot().language_id == "python"
    assert buffer.snapshot() is buffer.snapshot()
    assert buffer.apply(1, []) is not buffer.apply(2, [])


def test_a_hundred_edits_of_a_megabyte_do_not_rebuild_it() -> None:
    buffer = mirror("    return value + 1  # é\n" * 40_000)
    changes = [Change("x\ny", Place(line * 397, 4), Place(line * 397, 10)) for line in range(100)]
    full_text_started = time.process_time()
    split_lines(buffer.snapshot().text)
    full_text_once = time.process_time() - full_text_started
    started = time.process_time()
    buffer.apply(1, changes)
    assert time.process_time() - started < 10 * full_text_once  # Rebuilding would be a hundred times that.
