"""*Implement abstract methods*: a stub for each method that a class's bases demand and it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pilotfish.actions.action import Kind
from pilotfish.actions.candidates import family
from pilotfish.actions.exact import Change, ExactAction, Proposal, in_thread
from pilotfish.actions.spot import Spot
from pilotfish.actions.tools import Tools
from pilotfish.errors import ActionStopped
from pilotfish.syntax.languages import language_of_path
from pilotfish.syntax.outline import outline_of
from pilotfish.syntax.symbols import Symbol
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit, insertion

if TYPE_CHECKING:
    from pilotfish.index.found import FoundSymbol
    from pilotfish.index.lookup import Lookup

LANGUAGES = frozenset({"python", "typescript", "typescriptreact", "java"})
MAX_DEPTH = 4
LOOKUP_S = 0.015
_CLASSES = frozenset({"class", "interface", "struct"})
_METHODS = frozenset({"method", "function", "property", "constructor"})
_INDENT = {"python": "    ", "java": "    "}
_DEFAULT_VALUES = re.compile(r"\s*(?:\{.*|;)?\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Member:
    """A method of a base.

    Attributes:
        name: its own.
        head: its lines up to the body, decorators included, without common indentation.
        text: all of its lines.
    """

    name: str
    head: str
    text: str


def find(spot: Spot, tools: Tools) -> Sequence[Proposal]:
    """In a class that lacks something."""
    missing = _missing(spot, tools, LOOKUP_S)
    if not missing:
        return []
    names = ", ".join(member.name for member in missing[:3]) + (", …" if len(missing) > 3 else "")
    return [Proposal(f"Implement {names}", is_preferred=True)]


def change(spot: Spot, tools: Tools, detail: str) -> Change:
    """Write the stubs at the end of the class."""
    del detail
    missing, owner = _missing(spot, tools, 1.0), _class_at(spot)
    if not missing or owner is None:
        raise ActionStopped("This class lacks nothing that its known bases demand.")
    document = spot.document
    line_end = "\r\n" if document.lines[0].endswith("\r\n") else "\n"
    head = document.line(owner.name_line)
    outer = head[: len(head) - len(head.lstrip())]
    indent = outer + _unit(document, owner, spot.language.id)
    stubs = [_stub(member, spot.language.id, indent) for member in missing]
    text = "".join(f"\n{stub}" for stub in stubs).replace("\n", line_end)
    if spot.language.id == "python":
        return _into_python_class(document, owner, text, line_end)
    for number in range(owner.end_line - 1, owner.name_line - 1, -1):
        closing = document.line(number).rfind("}")
        if closing >= 0 and not document.line(number)[:closing].strip():
            return Change(document, (insertion(number, text),))
        if closing >= 0:  # `class A implements B {}` on one line
            here = Position(number, closing)
            return Change(document, (Edit(Range(here, here), text.rstrip() + line_end + outer),))
    raise ActionStopped("The end of this class cannot be found.")


def _into_python_class(document: Document, owner: Symbol, text: str, line_end: str) -> Change:
    last = owner.end_line - 1
    body = [document.line(number).strip() for number in range(owner.name_line + 1, owner.end_line)]
    text = text.removeprefix(line_end) if not body or body in (["pass"], ["..."]) else text
    if body in (["pass"], ["..."]):  # The placeholder goes.
        span = Range(Position(last, 0), Position(last, len(document.line(last))))
        return Change(document, (Edit(span, text.rstrip("\r\n")),))
    if not body:
        code = document.line(last)
        colon = code.rfind(":")
        span = Range(Position(last, colon + 1), Position(last, len(code)))
        return Change(document, (Edit(span, line_end + text.rstrip("\r\n")),))
    if document.lines[last].endswith(("\n", "\r")):
        return Change(document, (insertion(last + 1, text),))
    return Change(document, (insertion(last, line_end + text.rstrip("\r\n"), len(document.line(last))),))


def _missing(spot: Spot, tools: Tools, seconds: float) -> list[Member]:
    """What the bases demand and neither the class nor a nearer base has, in the bases' order."""
    owner = _class_at(spot)
    if owner is None or not owner.bases or spot.language.id not in LANGUAGES:
        return []
    lookup = tools.lookup(spot.hidden, seconds)
    have = {each.name for each in spot.outline.symbols if each.container == owner.path}
    return list(_demanded(owner.bases, spot, lookup, have, MAX_DEPTH).values())


def _demanded(
    bases: Iterable[str], spot: Spot, lookup: Lookup, have: set[str], depth: int
) -> dict[str, Member]:
    found: dict[str, Member] = {}
    have = set(have)
    for base in bases:
        name = re.split(r"[<\[(]", base, maxsplit=1)[0].rpartition(".")[2].strip()
        members, further = _members(name, spot, lookup)
        for member in members:
            is_demanded = _is_demanded(member, spot.language.id)
            if is_demanded and member.name not in have:
                found.setdefault(member.name, member)
            elif not is_demanded:
                have.add(member.name)
        if depth > 1 and further:
            for member in _demanded(further, spot, lookup, have | set(found), depth - 1).values():
                found.setdefault(member.name, member)
    return {name: member for name, member in found.items() if name not in have}


def _members(name: str, spot: Spot, lookup: Lookup) -> tuple[list[Member], tuple[str, ...]]:
    """The members of a class of this name and its own bases: of an open document, else of the index."""
    for document in (spot.document, *spot.others):
        symbols = spot.outline.symbols if document is spot.document else ()
        if document is not spot.document and name in document.text:
            symbols = outline_of(document.text, spot.language).symbols
        for symbol in symbols:
            if symbol.name == name and symbol.kind in _CLASSES:
                own = [each for each in symbols if each.container == symbol.path]
                return [_member(each, _lines(document, each)) for each in own], symbol.bases
    for found in lookup.definitions([name]):
        language = language_of_path(PurePosixPath(found.path)).id
        if found.kind not in _CLASSES or family(language) != family(spot.language.id):
            continue
        file = found.root / found.path
        own_path = f"{found.container}.{name}" if found.container else name
        members = [
            _member(each, lookup.lines(file, each.start_line, each.end_line) or "")
            for each in lookup.symbols_of(file)
            if each.container == own_path
        ]
        return members, found.bases
    return [], ()


def _lines(document: Document, symbol: Symbol) -> str:
    return "".join(document.lines[symbol.start_line : symbol.end_line])


def _member(symbol: Symbol | FoundSymbol, text: str) -> Member:
    return Member(symbol.name, symbol.signature, text.replace("\r\n", "\n"))


def _is_demanded(member: Member, language: str) -> bool:
    """Whether a class that derives from this one must have it."""
    if language == "python":
        return "abstractmethod" in member.text.partition("def ")[0] or bool(
            re.search(r"^\s+raise NotImplementedError\b", member.text, re.MULTILINE)
            and len(re.findall(r"^\s+\S", member.text.partition("def ")[2], re.MULTILINE)) <= 3
        )
    head = member.head
    if language == "java":
        is_plain = not re.search(r"\b(?:default|static|private)\b", head)
        return is_plain and "(" in head and "{" not in member.text and member.text.rstrip().endswith(";")
    if re.search(r"\babstract\b", head):
        return True
    return "{" not in member.text and "=" not in head and not re.match(r"[\w$]+\?", head)


def _class_at(spot: Spot) -> Symbol | None:
    line = spot.selection.end.line
    around = [
        each
        for each in spot.outline.symbols
        if each.kind in _CLASSES and each.start_line <= line < each.end_line
    ]
    return min(around, key=lambda each: each.end_line - each.start_line, default=None)


def _unit(document: Document, owner: Symbol, language: str) -> str:
    """One step of indentation, as the class has it."""
    outer = len(document.line(owner.name_line)) - len(document.line(owner.name_line).lstrip())
    for number in range(owner.name_line + 1, owner.end_line):
        line = document.line(number)
        if line.strip() and len(line) - len(line.lstrip()) > outer:
            return line[outer : len(line) - len(line.lstrip())]
    return _INDENT.get(language, "  ")


def _stub(member: Member, language: str, indent: str) -> str:
    """One method whose body says that it is still to be written."""
    unit = _INDENT.get(language, "  ")
    if language == "python":
        head = member.head.rstrip(":")
        kept = [
            line.strip()
            for line in member.text.partition("def ")[0].split("\n")
            if line.strip().startswith("@") and "abstract" not in line
        ]
        if "abstractproperty" in member.text.partition("def ")[0]:
            kept.append("@property")
        lines = [*kept, f"{head}:", f"{unit}raise NotImplementedError"]
    elif language == "java":
        head = re.sub(r"\b(?:abstract|public|protected)\s+", "", _DEFAULT_VALUES.sub("", member.head))
        visibility = "protected" if re.search(r"\bprotected\b", member.head) else "public"
        lines = [
            "@Override",
            f"{visibility} {head} {{",
            f"{unit}throw new UnsupportedOperationException();",
            "}",
        ]
    else:
        head = re.sub(r"\babstract\s+", "", _DEFAULT_VALUES.sub("", member.head)).rstrip(",;")
        if "(" not in head:
            lines = [f"{head};"]
        else:
            lines = [f"{head} {{", f'{unit}throw new Error("not implemented");', "}"]
    return "".join(f"{indent}{line}\n" for line in lines)


STUBS = ExactAction("stubs", Kind.QUICKFIX, find, in_thread(change))
