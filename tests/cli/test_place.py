from __future__ import annotations

import os
from pathlib import Path

import pytest

from pilotfish.cli.place import check_inside, open_document, parse_place
from pilotfish.errors import InputError
from pilotfish.text.document import Position


@pytest.mark.parametrize(
    ("place", "path", "position"),
    [
        ("a.py:1:1", "a.py", Position(0, 0)),
        ("src/a b.py:12:34", "src/a b.py", Position(11, 33)),
        ("we:ird:name.py:3:4", "we:ird:name.py", Position(2, 3)),
        ("12:3:4:5", "12:3", Position(3, 4)),
        (r"C:\code\a.py:7:1", r"C:\code\a.py", Position(6, 0)),
    ],
)
def test_places(place: str, path: str, position: Position) -> None:
    assert parse_place(place) == (Path(path), position)


@pytest.mark.parametrize(
    "place",
    ["", "a.py", "a.py:3", ":3:4", r"C:\code\a.py:7", "a.py:x:1", "a.py:-1:1", "a.py:1.5:1", "a.py:٣²:1"],
)
def test_what_is_no_place(place: str) -> None:
    with pytest.raises(InputError, match="is not a place; write FILE:LINE:COL"):
        parse_place(place)


@pytest.mark.parametrize("place", ["a.py:0:1", "a.py:1:0"])
def test_counting_begins_at_one(place: str) -> None:
    with pytest.raises(InputError, match="count from 1"):
        parse_place(place)


@pytest.mark.parametrize(
    ("position", "problem"),
    [
        (Position(0, 4), None),
        (Position(1, 0), None),
        (Position(2, 0), None),
        (Position(0, 5), "column 6 is outside line 1, whose last column is 5"),
        (Position(3, 0), "line 4 is outside the file, which has 3 lines"),
    ],
)
def test_inside(tmp_path: Path, position: Position, problem: str | None) -> None:
    file = tmp_path / "a.py"
    file.write_bytes("é= 😀\r\n\n".encode())
    document = open_document(file)
    if problem is None:
        check_inside(document, position)
    else:
        with pytest.raises(InputError, match=problem):
            check_inside(document, position)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing.py", "No such file"),
        (".", "directory"),
        ("latin.py", "not UTF-8 text"),
        ("nul\0.py", "cannot be read"),
        ("circle.py", "cannot be read"),
        ("pipe.py", "is not a file"),
    ],
)
def test_files_that_cannot_be_opened(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    (tmp_path / "circle.py").symlink_to("circle.py")
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(InputError, match=problem):
        open_document(tmp_path / name)
