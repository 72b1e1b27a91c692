"""Whole lines put into a document where its own form asks for them: line ends, indentation, braces."""

from __future__ import annotations

from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, insertion


def indent_of(document: Document, line: int) -> str:
    """What a line begins with."""
    text = document.line(line)
    return text[: len(text) - len(text.lstrip())]


def unit_of(document: Document, first: int, end: int, default: str) -> str:
    """One step of indentation, as the lines of a block have it that begins at the first."""
    outer = len(indent_of(document, first))
    for number in range(first + 1, end):
        text = document.line(number).lstrip()
        if text and text[0] != "*" and len(indent_of(document, number)) > outer:
            return indent_of(document, number)[outer:]
    return default


def line_end_of(document: Document) -> str:
    """How the document ends its lines."""
    return "\r\n" if document.lines[0].endswith("\r\n") else "\n"


def before_brace(document: Document, first: int, end: int, text: str) -> Edit | None:
    """The text, whole lines after a blank one, put before the brace that closes the block in these lines."""
    text = text.replace("\n", line_end_of(document))
    for number in range(end - 1, first - 1, -1):
        closing = document.line(number).rfind("}")
        if closing >= 0 and not document.line(number)[:closing].strip():
            last = number - 1
            while last > first and not document.line(last).strip():
                last -= 1
            is_empty = document.line(last).rstrip().endswith("{")
            blank = Range(Position(last + 1, 0), Position(number, 0))
            return Edit(blank, text.lstrip("\r\n") if is_empty else text)
        if closing >= 0:  # `class A implements B {}` on one line
            here = Position(number, closing)
            ends = line_end_of(document) + indent_of(document, first)
            return Edit(Range(here, here), line_end_of(document) + text.strip("\r\n") + ends)
    return None


def after_line(document: Document, line: int, text: str) -> Edit:
    """The text, whole lines, put after a line that may be the last."""
    text = text.replace("\n", line_end_of(document))
    if document.lines[line].endswith(("\n", "\r")):
        return insertion(line + 1, text)
    return insertion(line, line_end_of(document) + text.rstrip("\r\n"), len(document.line(line)))
