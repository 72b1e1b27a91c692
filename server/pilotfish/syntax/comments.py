"""The comments and attributes that stand right above a definition, and what they say."""

from __future__ import annotations

import re

from pilotfish.syntax.languages import Language

_MAX_LINES = 200
_MAX_DOC_CHARS = 600
_ATTRIBUTES = (b"@", b"#[")
_NOT_OF_THE_NEXT_LINE = (b"#!", b"//!")
_BLOCKS = {b"//": (b"*/", b"/*"), b"--": (b"]]", b"--[[")}
_MARKS = re.compile(
    r"^\s*(?://[/!]?|/\*+!?|\*+/|\*|#+|--+(?:\[\[)?|\]\])?[ \t]?|[ \t]*(?:\*+/|\]\])?\s*$", re.M
)
_DOCSTRING = re.compile(rb"""[rRuU]?(\"\"\"|'''|"|')(.*?)\1""", re.S)
_XML_TAG = re.compile(r"</?(?:summary|remarks|para|c|see|param|returns)\b[^>]*>")


def lead_above(lines: list[bytes], line: int, floor: int, language: Language) -> tuple[int, int]:
    """What belongs to the definition on `line` → first line of it, and first line of its attributes.

    Comments and attributes count that stand above without a blank line between; nothing above line `floor`
    does.
    """
    mark = language.comment.encode()
    floor = max(floor, line - _MAX_LINES)
    first = attributes = line
    while first > floor:
        above = lines[first - 1].strip()
        if mark == b"//" and above.startswith(_ATTRIBUTES):
            first = attributes = first - 1
        elif mark and above.startswith(mark) and not above.startswith(_NOT_OF_THE_NEXT_LINE):
            first -= 1
        else:
            opening = _block_start(lines, first - 1, floor, mark)
            if opening is None:
                break
            first = opening
    return first, attributes


def _block_start(lines: list[bytes], last: int, floor: int, mark: bytes) -> int | None:
    """The line where the block comment begins that ends on line `last`; None where none does."""
    ends, begins = _BLOCKS.get(mark, (b"", b""))
    if not ends or not lines[last].rstrip().endswith(ends):
        return None
    for line in range(last, floor - 1, -1):
        at = lines[line].find(begins)
        if at >= 0:
            return None if lines[line][:at].strip() else line
    return None


def doc_of_comment(lines: list[bytes]) -> str:
    """What a comment says, without its marks."""
    text = b"".join(lines[:_MAX_LINES]).decode("utf-8", "replace")
    return _trimmed(_XML_TAG.sub("", _MARKS.sub("", text)))


def docstring(body: bytes) -> str:
    """The string that a body begins with; empty where it begins with something else."""
    found = _DOCSTRING.match(body)
    return _trimmed(found[2].decode("utf-8", "replace")) if found else ""


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text[:_MAX_DOC_CHARS].strip().splitlines())
