"""The comments and attributes that stand right above a definition, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pilotfish.syntax.languages import Language

_MAX_LINES = 200
_MAX_DOC_CHARS = 600
_BLOCKS = {"//": (b"/*", b"*/"), "--": (b"--[[", b"]]")}
_NOT_OF_THE_NEXT_LINE = (b"#!", b"//!")
_OPENING = re.compile(r"^\s*(?://[/!]?|/\*+!?|\*+/|\*|#+|--+(?:\[\[)?|\]\])?[ \t]?")
_USUAL = ("* ", "*")
_DOCSTRING = re.compile(rb"""[rRuU]?(\"\"\"|'''|"|')(.*?)\1""", re.S)
_XML_TAG = re.compile(r"</?(?:summary|remarks|para|c|see|param|returns)\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Marks:
    """How a language marks what belongs to the next line: comments, blocks of them, attributes."""

    line: tuple[bytes, ...]
    block_start: bytes
    block_end: bytes
    attribute: tuple[bytes, ...]

    @staticmethod
    def of(language: Language) -> Marks:
        """Those of a language: its line comment tells which family it is of."""
        start, end = _BLOCKS.get(language.comment, (b"", b""))
        line = (language.comment.encode(),) if language.comment else ()
        return Marks(line, start, end, (b"@", b"#[") if language.comment == "//" else ())


def lead_above(lines: list[bytes], line: int, floor: int, marks: Marks) -> tuple[int, int]:
    """What belongs to the definition on `line` → first line of it, and first line of its attributes.

    Comments and attributes count that stand above without a blank line between; nothing above line `floor`
    does.
    """
    floor = max(floor, line - _MAX_LINES)
    first = attributes = line
    while first > floor:
        above = lines[first - 1].strip()
        if not above:
            break
        if above.startswith(marks.attribute):
            first = attributes = first - 1
        elif above.startswith(marks.line) and not above.startswith(_NOT_OF_THE_NEXT_LINE):
            first -= 1
        elif marks.block_end and above.endswith(marks.block_end):
            opening = _block_start(lines, first - 1, floor, marks)
            if opening is None:
                break
            first = opening
        else:
            break
    return first, attributes


def _block_start(lines: list[bytes], last: int, floor: int, marks: Marks) -> int | None:
    """The line where the block comment begins that ends on line `last`; None where code stands before it."""
    for line in range(last, floor - 1, -1):
        at = lines[line].find(marks.block_start)
        if at >= 0:
            return None if lines[line][:at].strip() else line
    return None


def doc_of_comment(lines: list[bytes]) -> str:
    """What a comment says, without its marks."""
    text = b"".join(lines)[: 2 * _MAX_DOC_CHARS].decode("utf-8", "replace")
    said = [_without_marks(line) for line in text.split("\n")]
    text = "\n".join(line for line in said if line is not None)
    return _trimmed(_XML_TAG.sub("", text) if "<" in text else text)


def _without_marks(line: str) -> str | None:
    """What a line of a comment says; None of one that only closes it, or is blank."""
    line = line.rstrip()
    body = line.lstrip()
    if body[:2] in _USUAL and not body.endswith(("/", "]")):
        return body[2:]
    if line.endswith("*/"):
        line = line[:-1].rstrip("*").rstrip()
    elif line.endswith("]]"):
        line = line[:-2].rstrip()
    opening = _OPENING.match(line)
    return line[opening.end() :] if line and opening else None


def docstring(body: bytes) -> str:
    """The string that a body begins with; empty where it begins with something else."""
    found = _DOCSTRING.match(body)
    return _trimmed(found[2].decode("utf-8", "replace")) if found else ""


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text[:_MAX_DOC_CHARS].strip().splitlines())
