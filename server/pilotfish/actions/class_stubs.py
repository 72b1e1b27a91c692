"""Stubs for what a class's bases demand, in languages whose classes name them: Python, TypeScript, Java."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pilotfish.actions.bases import CLASSES, Member, demanded
from pilotfish.actions.generics import in_full
from pilotfish.actions.insertions import after_line, before_brace, indent_of, line_end_of, unit_of
from pilotfish.actions.lack import Lack
from pilotfish.actions.spot import Spot
from pilotfish.syntax.symbols import Symbol
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.edit import Edit

if TYPE_CHECKING:
    from pilotfish.index.lookup import Lookup

_INDENT = {"python": "    ", "java": "    "}
MAX_LINES = 400
"""So many are looked at for how a file indents."""
_ABSTRACT = frozenset({"ABC", "Protocol"})
_PLACEHOLDERS = (["pass"], ["..."])
_END_OF_HEAD = re.compile(r"\s*(?:\{.*|;)?\s*$", re.DOTALL)


def lacks_of_class(spot: Spot, lookup: Lookup) -> list[Lack]:
    """What the class around the selection lacks."""
    owner = spot.innermost(CLASSES)
    if owner is None or not owner.bases or _is_abstract(owner, spot):
        return []
    have = {each.name for each in spot.outline.symbols if each.container == owner.path}
    bases = in_full(owner.bases, owner.signature)
    members = list(demanded(bases, have, spot, lookup).values())
    if not members:
        return []
    language, document = spot.language.id, spot.document
    usual = unit_of(document, 0, min(len(document.lines), MAX_LINES), _INDENT.get(language, "  "))
    unit = unit_of(document, owner.name_line, owner.end_line, usual)
    indent = indent_of(document, owner.name_line) + unit
    text = "".join(f"\n{_stub(member, language, indent, unit)}" for member in members)
    if language == "python":
        return [Lack("", members, _into_python_class(document, owner, text))]
    edit = before_brace(document, owner.name_line, owner.end_line, text)
    return [Lack("", members, edit)] if edit else []


def _is_abstract(owner: Symbol, spot: Spot) -> bool:
    """Whether a class leaves it to others to have what its bases demand."""
    if owner.kind == "interface" or spot.language.id != "python":
        return owner.kind == "interface" or re.search(r"\babstract\b", owner.signature) is not None
    if "ABCMeta" in owner.signature or any(base.rpartition(".")[2] in _ABSTRACT for base in owner.bases):
        return True
    above = (
        spot.document.line(number)
        for each in spot.outline.symbols
        if each.container == owner.path
        for number in range(each.start_line, each.name_line)
    )
    return any("abstractmethod" in line for line in above)


def _into_python_class(document: Document, owner: Symbol, text: str) -> Edit:
    """At the end of the class; a placeholder that is all of its body goes."""
    line_end, last = line_end_of(document), owner.end_line - 1
    body = [document.line(number).strip() for number in range(owner.name_line + 1, owner.end_line)]
    if body and body not in _PLACEHOLDERS:
        return after_line(document, last, text)
    text = text.strip("\n").replace("\n", line_end)
    code = document.line(last)
    if body:
        return Edit(Range(Position(last, 0), Position(last, len(code))), text)
    colon = code.rfind(":")
    return Edit(Range(Position(last, colon + 1), Position(last, len(code))), line_end + text)


def _stub(member: Member, language: str, indent: str, unit: str) -> str:
    """One method whose body says that it is still to be written."""
    if language == "python":
        decorators = [line.strip() for line in member.above.split("\n") if line.strip().startswith("@")]
        kept = [line for line in decorators if "abstract" not in line]
        if "abstractproperty" in member.above:
            kept.append("@property")
        lines = [*kept, f"{member.head.rstrip(':')}:", f"{unit}raise NotImplementedError"]
    elif language == "java":
        head = re.sub(r"\b(?:abstract|public|protected)\s+", "", _END_OF_HEAD.sub("", member.head))
        visibility = "protected" if re.search(r"\bprotected\b", member.head) else "public"
        body = f"{unit}throw new UnsupportedOperationException();"
        lines = ["@Override", f"{visibility} {head} {{", body, "}"]
    else:
        head = re.sub(r"\babstract\s+", "", _END_OF_HEAD.sub("", member.head)).rstrip(",;")
        body = f'{unit}throw new Error("not implemented");'
        lines = [f"{head} {{", body, "}"] if "(" in head else [f"{head};"]
    return "".join(f"{indent}{line}\n" for line in lines)
