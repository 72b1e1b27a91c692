"""Code put into a file beside the one that the user is in: at its end, its imports where imports are."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pilotfish.actions.apply import replace_target
from pilotfish.actions.gate import check_syntax
from pilotfish.actions.screen import Screen
from pilotfish.actions.target import Target
from pilotfish.actions.testfile import NEW
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.outline import outline_of
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, applied, end_of, minimal_edits
from pilotfish.text.lines import split_lines

_ENDS_IN_A_CLASS = frozenset({"java", "csharp", "kotlin"})
_BLANK_LINES = {"python": 2}


async def add_code(document: Document, code: str, tools: Tools, screen: Screen, label: str) -> None:
    """Add code to a file; makes the file where there is none.

    Raises:
        ActionStopped: it cannot be added.
    """
    new = await asyncio.to_thread(with_code, document, code)
    whole = whole_range(document)
    if document.version == NEW and document.text == "":
        await check_syntax(document, whole, new)
        if not await screen.create(label, replace(document, lines=split_lines(new))):
            raise ActionStopped(f"The editor did not make the file {document.uri.rsplit('/', 1)[-1]}.")
        return
    await check_syntax(document, whole, new)
    if document.version == NEW:  # Not open: no change of it will be seen, so the editor is believed.
        edits = minimal_edits(Position(0, 0), document.text, new)
        if not await screen.apply(label, document, edits):
            raise ActionStopped("The editor did not make the change.")
        return
    target = Target(document, whole)
    with tools.follow(target):
        await replace_target(target, new, screen, label)


def with_code(document: Document, code: str) -> str:
    """The document's text with code at its end; imports that it begins with go to the others."""
    line_end = "\r\n" if any(line.endswith("\r\n") for line in document.lines[:1]) else "\n"
    code = code.replace("\r\n", "\n").strip("\n") + "\n"
    language = language_of_id(document.language_id)
    head = _leading_imports(code, language.id)
    old = document.text
    if not old:
        return code.replace("\n", line_end)
    imports = [line for line in head if line.strip() and line + line_end not in document.lines]
    rest = code[sum(len(line) + 1 for line in head) :].strip("\n") + "\n"
    lines = list(document.lines)
    edits = []
    if imports:
        here = Position(_after_imports(document), 0)
        edits.append(Edit(Range(here, here), "".join(line + line_end for line in imports)))
    end = _end(document)
    blank = line_end * (_BLANK_LINES.get(language.id, 1))
    lead = "" if not old.strip() else blank
    if end == whole_range(document).end and not old.endswith(("\n", "\r")):
        lead = line_end + lead
    edits.append(Edit(Range(end, end), lead + rest.replace("\n", line_end)))
    return applied(lines, edits)


def whole_range(document: Document) -> Range:
    """All of a document."""
    start = Position(0, 0)
    return Range(start, end_of(start, document.text))


def _leading_imports(code: str, language: str) -> list[str]:
    """The lines that code begins with up to its last import before anything else."""
    outline = outline_of(code, language_of_id(language))
    lines = code.split("\n")
    known = {found.line for found in outline.imports}
    count = 0
    for number, line in enumerate(lines):
        if number in known and "(" not in line:
            count = number + 1
        elif line.strip():
            break
    return lines[:count]


def _after_imports(document: Document) -> int:
    outline = outline_of(document.text, language_of_id(document.language_id))
    top = [found.line for found in outline.imports if not document.line(found.line)[:1].isspace()]
    return max(top, default=-1) + 1


def _end(document: Document) -> Position:
    """Where code is added: at the end, or before the brace that closes the last class."""
    if document.language_id in _ENDS_IN_A_CLASS:
        for number in range(len(document.lines) - 1, -1, -1):
            if document.line(number) == "}":
                return Position(number, 0)
    last = len(document.lines) - 1
    return Position(last, len(document.lines[last]))
