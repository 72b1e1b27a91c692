"""What is open, in the order of use, and when text has vanished."""

from __future__ import annotations

import pytest

from pilotfish.session.documents import Documents
from pilotfish.text.document import Position
from pilotfish.text.mirror import Change
from pilotfish.text.positions import Encoding, Place

INSERT = Change("x", Place(0, 0), Place(0, 0))
DELETE = Change("", Place(0, 1), Place(0, 3))
PUT_BACK = Change("te", Place(0, 1), Place(0, 1))
OTHERWISE = Change("to", Place(0, 1), Place(0, 1))
REPLACE_ALL = Change("new")


def opened(*uris: str) -> Documents:
    documents = Documents(Encoding.UTF16)
    for uri in uris:
        documents.open(uri, None, "python", 1, f"text of {uri}")
    return documents


def test_the_most_recently_used_comes_first() -> None:
    documents = opened("a", "b", "c")
    documents.change("a", 2, [INSERT])
    documents.use("b")
    assert [document.uri for document in documents.all()] == ["b", "a", "c"]
    assert [document.uri for document in documents.others("b")] == ["a", "c"]


@pytest.mark.parametrize(
    ("changes", "grows"),
    [([], 0), ([DELETE], 1), ([REPLACE_ALL], 1), ([DELETE, OTHERWISE], 1), ([DELETE, PUT_BACK], 0)],
    ids=["insert", "delete", "whole", "another letter", "put back"],
)
def test_the_epoch_grows_when_text_vanishes(changes: list[Change], grows: int) -> None:
    documents = opened("a")
    before = documents.epoch
    documents.change("a", 2, [INSERT, *changes])
    assert documents.epoch == before + grows


def test_closing_and_opening_again() -> None:
    documents = opened("a")
    before = documents.epoch
    closed, was_edited = documents.close("a")
    assert (closed is not None, was_edited) == (True, False)
    assert documents.close("a") == (None, False)
    assert documents.change("a", 2, [INSERT]) is None
    assert documents.get("a") is None
    assert documents.epoch == before + 1
    documents.open("a", None, "python", 1, "one")
    documents.open("a", None, "python", 1, "two")
    assert documents.epoch == before + 3, "what is opened may lack what its file has"
    assert [document.text for document in documents.all()] == ["two"]


def test_whether_it_was_edited_is_told_when_it_is_closed() -> None:
    documents = opened("a")
    documents.change("a", 2, [INSERT])
    assert documents.close("a")[1]
    documents.open("a", None, "python", 1, "")
    assert not documents.close("a")[1]


@pytest.mark.parametrize(
    ("text", "changes", "cursor"),
    [
        ("x = \n", [Change("y", Place(0, 4), Place(0, 4))], Position(0, 5)),
        ("😀 = \n", [Change("😀y", Place(0, 5), Place(0, 5))], Position(0, 6)),
        ("x = 12\n", [Change("", Place(0, 5), Place(0, 6))], Position(0, 5)),
        ("x = (\n", [Change("\r\n    😀", Place(0, 5), Place(0, 5))], Position(1, 5)),
        ("f\n", [Change("()", Place(0, 1), Place(0, 1))], Position(0, 2)),
        ("😀 = \n", [Change('""', Place(0, 5), Place(0, 5))], Position(0, 5)),
        ("f(x\n", [Change("()", Place(0, 3), Place(0, 2))], Position(0, 3)),
        ("f {}\n", [Change("\r\n\t\r\n", Place(0, 3), Place(0, 3))], Position(1, 1)),
        ("  {}\n", [Change("\n\n  ", Place(0, 3), Place(0, 3))], Position(1, 0)),
        ("f\n", [Change("\n    \n", Place(0, 1), Place(0, 1))], Position(2, 0)),
        ("x\n", [Change("whole")], None),
        ("x\n", [INSERT, INSERT], None),
    ],
)
def test_where_the_cursor_stands_after_an_edit(
    text: str, changes: list[Change], cursor: Position | None
) -> None:
    documents = Documents(Encoding.UTF16)
    documents.open("a", None, "python", 1, text)
    document = documents.change("a", 2, changes)
    assert document is not None
    assert documents.cursor_after(document, changes) == cursor
