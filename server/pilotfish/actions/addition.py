"""Code put at the end of a file of tests, its imports to the others; in Rust, into the module of tests."""

from __future__ import annotations

import re
import textwrap

from pilotfish.actions.exact import Change
from pilotfish.actions.insertions import after_line, before_brace, line_end_of
from pilotfish.errors import ActionStopped
from pilotfish.syntax.languages import Language, language_of_id
from pilotfish.syntax.outline import Outline, outline_of
from pilotfish.syntax.symbols import Symbol
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit

_ENDS_IN_A_CLASS = frozenset({"java", "csharp", "kotlin"})
_BLANK_LINES = {"python": 2}
_USES_ALL = re.compile(r"^\s*use super::\*;\n+", re.MULTILINE)


def with_code(document: Document, code: str) -> Change:
    """The change that adds code to a document; imports that the code begins with go to the others."""
    line_end = line_end_of(document)
    code = code.replace("\r\n", "\n").strip("\n") + "\n"
    if document.text == "":
        start = Position(0, 0)
        return Change(document, (Edit(Range(start, start), code.replace("\n", line_end)),))
    language = language_of_id(document.language_id)
    there = outline_of(document.text, language)
    if language.id == "rust":
        return Change(document, (_into_rust_tests(document, there, code, language),))
    head = _leading_imports(code, outline_of(code, language))
    body = code[sum(len(line) + 1 for line in head) :].strip("\n") + "\n"
    imports = [line for line in head if line.strip() and line + line_end not in document.lines]
    edits: list[Edit] = []
    if imports:
        here = Position(_after_imports(document, there), 0)
        edits.append(Edit(Range(here, here), "".join(line + line_end for line in imports)))
    end = _end(document)
    lead = line_end * _BLANK_LINES.get(language.id, 1)
    if document.lines[-1] and end.line == len(document.lines) - 1:
        lead = line_end + lead
    edits.append(Edit(Range(end, end), lead + body.replace("\n", line_end)))
    return Change(document, tuple(edits))


def _into_rust_tests(document: Document, there: Outline, code: str, language: Language) -> Edit:
    """Into the module of tests, or a new one; such a module around the code is taken for what is in it."""
    around = _rust_tests(outline_of(code, language))
    if around is not None:
        inside = code.split("\n")[around.name_line + 1 : around.end_line - 1]
        code = textwrap.dedent("\n".join(inside)).strip("\n") + "\n"
    own = _rust_tests(there)
    if own is None:
        used = "" if _USES_ALL.search(code) else "use super::*;\n\n"
        module = f"\n#[cfg(test)]\nmod tests {{\n{textwrap.indent(used + code, '    ')}}}\n"
        return after_line(document, len(document.lines) - (1 if document.lines[-1] else 2), module)
    code = _USES_ALL.sub("", code).strip("\n") + "\n"
    edit = before_brace(document, own.name_line, own.end_line, "\n" + textwrap.indent(code, "    "))
    if edit is None:
        raise ActionStopped("The end of the module of tests cannot be found.")
    return edit


def _rust_tests(outline: Outline) -> Symbol | None:
    return next((each for each in outline.symbols if each.kind == "module" and each.name == "tests"), None)


def _leading_imports(code: str, outline: Outline) -> list[str]:
    """The lines that code begins with up to its last import of one line before anything else."""
    lines = code.split("\n")
    known = {found.line for found in outline.imports}
    count = 0
    for number, line in enumerate(lines):
        if number in known and not line.rstrip().endswith("("):
            count = number + 1
        elif line.strip():
            break
    return lines[:count]


def _after_imports(document: Document, outline: Outline) -> int:
    """The line after the last import at the margin."""
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
