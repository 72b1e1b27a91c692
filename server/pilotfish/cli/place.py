"""Places on the command line: `FILE:LINE:COL`, both from 1, columns in characters."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path

from pilotfish.errors import InputError
from pilotfish.syntax.languages import language_of_path
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.lines import split_lines


def parse_place(place: str) -> tuple[Path, Position]:
    """The file and the position (from 0) of `FILE:LINE:COL`; the file's own name may hold colons.

    Raises:
        InputError: it is not of that form.
    """
    parts = place.rsplit(":", 2)
    if len(parts) != 3 or not parts[0] or not (parts[1].isdecimal() and parts[2].isdecimal()):
        raise InputError(f"{place!r} is not a place; write FILE:LINE:COL, for example app.py:12:5")
    line, column = int(parts[1]), int(parts[2])
    if line < 1 or column < 1:
        raise InputError(f"{place!r}: lines and columns count from 1")
    return Path(parts[0]), Position(line - 1, column - 1)


def parse_range(place: str) -> tuple[Path, Range]:
    """The file and the range of `FILE:LINE`, `FILE:LINE-LINE` (whole lines) or `FILE:LINE:COL[-LINE:COL]`.

    Raises:
        InputError: it is of none of these forms.
    """
    match = re.fullmatch(r"(.+?):(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?", place)
    if match is None:
        raise InputError(f"{place!r} is not a range; write FILE:LINE or FILE:LINE-LINE, as app.py:3-9")
    name, *numbers = match.groups()
    first, column, last, last_column = (int(number) if number else None for number in numbers)
    if 0 in (first, column, last, last_column):
        raise InputError(f"{place!r}: lines and columns count from 1")
    assert first is not None, "the pattern has it"
    if column is None:
        start = Position(first - 1, 0)
        end = Position(last, 0) if last else start
    else:
        start = Position(first - 1, column - 1)
        end = Position(last - 1, (last_column or 1) - 1) if last else start
    if end < start or (last is not None and last < first):
        raise InputError(f"{place!r} ends before it begins")
    return Path(name), Range(start, end)


def folder(name: str) -> Path:
    """A folder that the user named, resolved.

    Raises:
        InputError: it is not there, or may not be entered.
    """
    path = Path(name)
    try:
        if not path.is_dir():
            raise InputError(f"{name} is not a folder")
        return path.resolve()
    except OSError as error:
        raise InputError(f"the folder {name} cannot be used: {error.strerror or error}") from error


def here() -> Path:
    """The current folder, resolved.

    Raises:
        InputError: it was deleted, or may not be entered.
    """
    return folder(".")


def open_document(path: Path) -> Document:
    """A file as an editor would open it, line ends as they are.

    Raises:
        InputError: it cannot be read, or is not text in UTF-8.
    """
    try:
        path = path.resolve()
        if path.exists() and not path.is_file() and not path.is_dir():  # Reading a pipe would wait for ever.
            raise InputError(f"{path} is not a file")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (at byte {error.start})") from error
    except (OSError, ValueError, RuntimeError) as error:  # A name with a NUL byte; links in a circle.
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return Document(path.as_uri(), path, language_of_path(path).id, 1, split_lines(text))


def check_inside(document: Document, position: Position) -> None:
    """Raise InputError, in the user's own counting, when `position` is not in `document`."""
    lines, columns = len(document.lines), len(document.line(position.line)) + 1
    if position.line >= lines:
        raise InputError(f"line {position.line + 1} is outside the file, which has {lines} lines")
    if position.column >= columns:
        number = position.line + 1
        raise InputError(
            f"column {position.column + 1} is outside line {number}, whose last column is {columns}"
        )


def without_rest_of_line(document: Document, position: Position) -> Document:
    """The document as if the rest of the cursor's line were not there yet; its line end stays."""
    lines = list(document.lines)
    end = lines[position.line][len(document.line(position.line)) :]
    lines[position.line] = document.before(position) + end
    return replace(document, lines=lines)


def workspace_of(file: Path, named: str | None) -> Path:
    """The folder whose code counts: the one that was named, else the current one if the file is in it."""
    if named:
        return folder(named)
    current = here()
    return current if file.is_relative_to(current) else file.parent


def place_given(args: argparse.Namespace) -> tuple[Document, Position, Path]:
    """The document, the position in it and the workspace that `place`, `--cut-line` and `--workspace` name.

    Raises:
        InputError: there is no such place.
    """
    path, position = parse_place(args.place)
    document = open_document(path)
    check_inside(document, position)
    if args.cut_line:
        document = without_rest_of_line(document, position)
    assert document.path is not None
    return document, position, workspace_of(document.path, args.workspace)
