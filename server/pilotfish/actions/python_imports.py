"""Where an import belongs in a Python file: with the names of its module, else sorted into its section."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from pilotfish.actions.candidates import Candidate
from pilotfish.actions.spot import Spot
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, insertion

_IMPORT = re.compile(r"^(?:from\s+(\S+)\s+import\b|import\s+([\w.]+))")
_COMMENT = re.compile(r"^\s*#|^\s*$")


def python_import_edit(candidate: Candidate, new: str, spot: Spot) -> Edit:
    """The edit that writes an import; `new` is it as a line of its own. Line ends are single line feeds."""
    document = spot.document
    tops = _imports(document)
    if candidate.name:
        for line, module in tops:
            if module == candidate.module and document.line(line).startswith("from "):
                return _into_line(candidate, document, line)
    own = _section(candidate.module, spot)
    if not tops:
        return _first(new, document)
    is_from = new.startswith("from ")
    sections = [(line, module, _section(module, spot)) for line, module in tops]
    same = [(line, module) for line, module, section in sections if section == own]
    if same:
        form = [(ln, md) for ln, md in same if document.line(ln).startswith("from ") == is_from]
        if not form:
            # Plain imports stand before those with `from`, as isort puts them.
            return insertion(_end_of_statement(document, same[-1][0]) if is_from else same[0][0], new + "\n")
        before = [line for line, module in form if module.lower() <= candidate.module.lower()]
        return insertion(_end_of_statement(document, before[-1]) if before else form[0][0], new + "\n")
    earlier = [line for line, _, section in sections if section < own]
    if earlier:
        return insertion(_end_of_statement(document, earlier[-1]), f"\n{new}\n")
    return insertion(tops[0][0], f"{new}\n\n")


def _imports(document: Document) -> list[tuple[int, str]]:
    """Line and module of each import at the margin, up to the first other code that is not one."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(document.lines):
        match = _IMPORT.match(line)
        if match:
            found.append((number, match[1] or match[2]))
        elif re.match(r"(?:async def|def|class)\b|@", line) and found:
            break
    return found


def _section(module: str, spot: Spot) -> int:
    """The order of isort's sections: future, standard library, third party, this project, relative."""
    top = module.partition(".")[0]
    if module == "__future__":
        return 0
    if not top:
        return 4
    if top in sys.stdlib_module_names:
        return 1
    root = spot.root
    if root is not None and any(
        (root / folder / name).exists() for folder in ("", "src", "lib") for name in (top, f"{top}.py")
    ):
        return 3
    return 2


def _end_of_statement(document: Document, line: int) -> int:
    """The line after a statement that may go on in brackets or after a backslash."""
    depth = 0
    for number in range(line, len(document.lines)):
        code = document.line(number).partition("#")[0]
        depth += code.count("(") - code.count(")")
        if depth <= 0 and not code.rstrip().endswith("\\"):
            return number + 1
    return line + 1


def _into_line(candidate: Candidate, document: Document, line: int) -> Edit:
    """One more name in `from module import …`."""
    renamed = f" as {candidate.alias}" if candidate.alias and candidate.alias != candidate.name else ""
    new = candidate.name + renamed
    end = _end_of_statement(document, line)
    if end == line + 1 and "(" not in document.line(line):
        code, mark, _ = document.line(line).partition("#")
        code = code.rstrip()
        head, _, names = code.partition(" import ")
        there = [name.strip() for name in names.split(",")]
        text = f"{head} import {', '.join(_with(new, there))}"
        del mark
        return Edit(Range(Position(line, 0), Position(line, len(code))), text)
    if end == line + 1:
        code = document.line(line)
        opening, closing = code.index("("), code.rindex(")")
        there = [name.strip() for name in code[opening + 1 : closing].split(",") if name.strip()]
        span = Range(Position(line, opening + 1), Position(line, closing))
        return Edit(span, ", ".join(_with(new, there)))
    for number in range(line + 1, end - 1):
        entry = document.line(number)
        if entry.strip() and not entry.lstrip().startswith("#") and entry.strip(" ,\t") > new:
            return insertion(number, f"{entry[: len(entry) - len(entry.lstrip())]}{new},\n")
    last = document.line(end - 2)
    indent = last[: len(last) - len(last.lstrip())] if end - 2 > line else "    "
    body = last.partition("#")[0].rstrip()
    if body.endswith(("(", ",")) or not body:
        return insertion(end - 1, f"{indent}{new},\n")
    return insertion(end - 2, f",\n{indent}{new}", len(body))


def _with(new: str, names: Sequence[str]) -> list[str]:
    """The names with the new one: in its place where they are sorted, else last."""
    keys = [name.lower() for name in names]
    if keys == sorted(keys) or list(names) == sorted(names):
        key = str.lower if keys == sorted(keys) else str
        return sorted((*names, new), key=key)
    return [*names, new]


def _first(new: str, document: Document) -> Edit:
    """After the comments and the docstring that a file begins with."""
    number = 0
    while number < len(document.lines) and _COMMENT.match(document.line(number)) and document.line(number):
        number += 1
    while number < len(document.lines) - 1 and not document.line(number).strip():
        number += 1
    quote = re.match(r"""[rRuU]?("{3}|'{3}|"|')""", document.line(number))
    if quote:
        rest = document.line(number)[quote.end() :]
        while quote[1] not in rest and number < len(document.lines) - 1:
            number += 1
            rest = document.line(number)
        number += 1
        return insertion(number, f"\n{new}\n" if number < len(document.lines) else f"\n\n{new}\n")
    behind = document.line(number)
    if not behind.strip() or behind.startswith(("import", "from")):
        return insertion(number, f"{new}\n")
    is_definition = re.match(r"(?:async def|def|class)\b|@", behind)
    return insertion(number, f"{new}\n\n\n" if is_definition else f"{new}\n\n")
