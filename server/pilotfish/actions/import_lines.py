"""Writing an import: into the line of its module where there is one, else where such a line belongs."""

from __future__ import annotations

import re

from pilotfish.actions.candidates import Candidate, family
from pilotfish.actions.insertions import line_end_of
from pilotfish.actions.python_imports import python_import_edit
from pilotfish.actions.spot import Spot
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, insertion

_GO_BLOCK = re.compile(r"^import\s*\(")
_SCRIPT_IMPORT = re.compile(r"""^import\b(?!\s*\().*?["']([^"']+)["'](;?)""")
_QUOTED = re.compile(r"""["']([^"']+)["']""")
_JAVA_IMPORT = re.compile(r"^import\s+(?!static\b)([\w.]+);")
_RUST_USE = re.compile(r"^use\s+([\w:]+)")
_COMMENT = re.compile(r"^\s*(?:#|//|/\*|\*)|^\s*$")


def statement(candidate: Candidate, language: str) -> str:
    """The import as a line of its own, without its end; this is also what the menu shows."""
    module, name, alias = candidate.module, candidate.name, candidate.alias
    renamed = f" as {alias}" if alias and alias != name else ""
    kind = family(language)
    if kind == "python":
        return f"from {module} import {name}{renamed}" if name else f"import {module}{renamed}"
    if kind == "go":
        return f'import {alias} "{module}"' if alias else f'import "{module}"'
    if kind == "java":
        return f"import {module}.{name};"
    if kind == "rust":
        return f"use {module}::{name}{renamed};" if name else f"use {module}{renamed};"
    if name == "default":
        return f'import {alias} from "{module}";'
    return (
        f'import {{ {name}{renamed} }} from "{module}";' if name else f'import * as {alias} from "{module}";'
    )


def import_edit(candidate: Candidate, spot: Spot) -> Edit:
    """The edit of the spot's document that writes the import."""
    document, kind = spot.document, family(spot.language.id)
    line_end = line_end_of(document)
    if kind == "python":
        edit = python_import_edit(candidate, statement(candidate, kind), spot)
    elif kind == "go":
        edit = _go(candidate, document)
    elif kind == "java":
        edit = _sorted(statement(candidate, kind), document, _JAVA_IMPORT, after=r"^package\b")
    elif kind == "rust":
        edit = _sorted(statement(candidate, kind), document, _RUST_USE, after=r"^#!\[")
    else:
        edit = _script(candidate, document)
    return Edit(edit.range, edit.text.replace("\n", line_end))


def _script(candidate: Candidate, document: Document) -> Edit:
    found = [
        (number, match)
        for number, line in enumerate(document.lines)
        if (match := _SCRIPT_IMPORT.match(_joined(document, number))) and line.startswith(("import", "}"))
    ]
    renamed = f" as {candidate.alias}" if candidate.alias and candidate.alias != candidate.name else ""
    if candidate.name and candidate.name != "default":
        for number, match in found:
            line = document.line(number)
            names = re.match(r"import (?!type\b)(?:[\w$]+, )?\{([^}]*)\}", line)
            if match[1] == candidate.module and names:
                there = [name.strip() for name in names[1].split(",") if name.strip()]
                span = Range(Position(number, names.start(1)), Position(number, names.end(1)))
                return Edit(span, f" {', '.join([*there, candidate.name + renamed])} ")
    text = statement(candidate, "typescript")
    if found:
        number, match = found[-1]
        if "'" in document.line(_last_of(document, number)):
            text = text.replace('"', "'")
        if not match[2]:
            text = text.removesuffix(";")
        return insertion(_last_of(document, number) + 1, text + "\n")
    number = 0
    while number < len(document.lines) - 1 and (
        _COMMENT.match(document.line(number)) or document.line(number).startswith(("'use", '"use'))
    ):
        number += 1
    return insertion(number, f"{text}\n\n")


def _joined(document: Document, number: int) -> str:
    """An import that may take several lines, as one."""
    if not document.line(number).startswith("import"):
        return ""
    last = _last_of(document, number)
    return " ".join(document.line(line) for line in range(number, last + 1))


def _last_of(document: Document, number: int) -> int:
    line = document.line(number)
    if "{" not in line or "}" in line:
        return number
    for last in range(number + 1, min(number + 200, len(document.lines))):
        if document.line(last).startswith("}"):
            return last
    return number


def _go(candidate: Candidate, document: Document) -> Edit:
    spec = f'{candidate.alias} "{candidate.module}"' if candidate.alias else f'"{candidate.module}"'
    is_standard = "." not in candidate.module.partition("/")[0]
    for number, line in enumerate(document.lines):
        if _GO_BLOCK.match(line):
            return _into_go_block(spec, candidate.module, number, document, is_standard=is_standard)
    singles = [number for number, line in enumerate(document.lines) if line.startswith("import ")]
    if singles:
        return insertion(singles[-1] + 1, f"import {spec}\n")
    package = next((n for n, line in enumerate(document.lines) if line.startswith("package ")), -1)
    return insertion(package + 1, f"\nimport {spec}\n")


def _into_go_block(spec: str, module: str, opening: int, document: Document, *, is_standard: bool) -> Edit:
    place = -1
    for number in range(opening + 1, len(document.lines)):
        line = document.line(number)
        if line.startswith(")"):
            break
        match = _QUOTED.search(line)
        if match and ("." not in match[1].partition("/")[0]) == is_standard:
            if match[1] < module:
                place = number + 1
            elif place < 0:
                place = number
    return insertion(place if place >= 0 else opening + 1, f"\t{spec}\n")


def _sorted(new: str, document: Document, pattern: re.Pattern[str], *, after: str) -> Edit:
    """Among the lines of its kind by the alphabet; the first of them after the line that matches `after`."""
    there = [(number, line) for number, line in enumerate(document.lines) if pattern.match(line)]
    if there:
        before = [number for number, line in there if line.rstrip("\r\n") < new]
        return insertion(before[-1] + 1 if before else there[0][0], new + "\n")
    head = [number for number, line in enumerate(document.lines) if re.match(after, line)]
    if head:
        return insertion(head[-1] + 1, f"\n{new}\n")
    number = 0
    while number < len(document.lines) - 1 and re.match(r"\s*//", document.line(number)):
        number += 1
    return insertion(number, f"{new}\n\n")
