"""Stubs for the methods that a Go type lacks of an interface.

Which interface is said by an assertion (`var _ Store = (*Disk)(nil)`) or the type's comment (`Disk implements
Store`); else those interfaces of the workspace are taken of which the type has most methods.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pilotfish.actions.bases import METHODS, Member, base_named, demanded, folder_of
from pilotfish.actions.insertions import after_line
from pilotfish.actions.lack import Lack
from pilotfish.actions.spot import Spot
from pilotfish.syntax.symbols import Symbol
from pilotfish.text.edit import Edit

if TYPE_CHECKING:
    from pilotfish.index.found import FoundSymbol
    from pilotfish.index.lookup import Lookup

MAX_GUESSES = 2
_MAX_INTERFACES = 20
_ASSERTION = re.compile(r"_ (\S+) = (?:\((\*)(\w+)[^)]*\)|(&)(\w+)|new\((\w+)|(\w+)(?:\[.*\])?[({])")
_SAID = re.compile(r"\bimplements (?:the )?`?((?:\w+\.)?[A-Z]\w*)")
_RECEIVER = re.compile(r"func (\(\w+ \*?\w+(?:\[[^\]]*\])?\))")


def lacks_of_type(spot: Spot, lookup: Lookup) -> list[Lack]:
    """What the type lacks that is defined, or said to implement something, at the selection."""
    name = _type_at(spot)
    if not name:
        return []
    have = _methods(name, spot, lookup)
    said = dict.fromkeys(_said(name, spot))
    found = []
    for written in (*said, *(guess for guess in _guesses(have, spot, lookup) if guess not in said)):
        members = list(demanded([written], have, spot, lookup).values())
        if members:
            edit = _written(name, members, spot)
            found.append(Lack(written, members, edit, is_said=written in said))
    return found[: max(len(said), MAX_GUESSES)]


def _type_at(spot: Spot) -> str:
    """The name of the type that the selection is about."""
    line = spot.selection.end.line
    for symbol in spot.outline.symbols:
        if not symbol.start_line <= line < symbol.end_line or symbol.container:
            continue
        if symbol.kind in ("struct", "type"):
            return symbol.name
        if match := _ASSERTION.search(symbol.signature):
            return str(match[3] or match[5] or match[6] or match[7])
    return ""


def _said(name: str, spot: Spot) -> Iterator[str]:
    """The interfaces that the file says the type implements; first what it says at the selection."""
    line = spot.selection.end.line
    for symbol in sorted(spot.outline.symbols, key=lambda each: not each.start_line <= line < each.end_line):
        match = _ASSERTION.search(symbol.signature) if symbol.name == "_" else None
        if match and name in match.groups():
            yield match[1]
        if symbol.name == name and symbol.kind in ("struct", "type"):
            yield from _SAID.findall(symbol.doc)


def _methods(name: str, spot: Spot, lookup: Lookup, depth: int = 2) -> dict[str, str]:
    """The methods of a type, with their heads; those of what is embedded in it among them."""
    found: dict[str, str] = {}
    own = folder_of(spot)
    elsewhere = [
        each
        for each in (*lookup.members([name]), *lookup.definitions([name]))
        if (each.root / each.path).parent.as_posix() == own
    ]
    known: list[Symbol | FoundSymbol] = [*spot.outline.symbols, *elsewhere]
    for symbol in known:
        if symbol.kind in METHODS and symbol.container == name:
            found[symbol.name] = symbol.signature
        if symbol.kind == "struct" and symbol.name == name and depth:
            for embedded in (base.lstrip("*") for base in symbol.bases):
                found |= dict.fromkeys(demanded([embedded], (), spot, lookup), "")
                found |= _methods(embedded.rpartition(".")[2], spot, lookup, depth - 1)
    return found


def _guesses(have: Mapping[str, str], spot: Spot, lookup: Lookup) -> list[str]:
    """Interfaces of which the type has at least half of the methods, and none in another shape."""
    own = folder_of(spot)
    names = dict.fromkeys(
        (symbol.container, own)
        for symbol in spot.outline.symbols
        if symbol.kind in METHODS and symbol.name in have
    )
    for found in lookup.definitions(sorted(have)):
        if found.kind in METHODS and found.path.endswith(".go") and found.container:
            names[found.container, (found.root / found.path).parent.as_posix()] = None
    shares: dict[str, float] = {}
    for name, folder in list(names)[:_MAX_INTERFACES]:
        written = name if folder == own else f"{PurePosixPath(folder).name}.{name}"
        base = base_named(written, spot, lookup)
        if base is None or base.kind != "interface" or base.parameters:
            continue  # What is to be written for type parameters, nobody knows.
        if folder != own and not name[:1].isupper():
            continue
        wanted = demanded([written], (), spot, lookup)
        there = [each for each in wanted.values() if _shape(have.get(each.name, "")) == _shape(each.head)]
        if len(there) == len(wanted.keys() & have.keys()) and 2 * len(there) >= len(wanted) > len(there):
            shares[written] = len(there) / len(wanted)
    return sorted(shares, key=lambda each: -shares[each])


def _shape(head: str) -> tuple[int, int]:
    """How many parameters a method has, and how many results."""
    inside, _, back = _RECEIVER.sub("", head).partition("(")[2].partition(")")
    return inside.count(","), back.count(",") + bool(back.strip())


def _written(name: str, members: list[Member], spot: Spot) -> Edit:
    """The stubs after the type's last method, else after the type."""
    document, receiver, line = spot.document, _default_receiver(name, spot), len(spot.document.lines) - 1
    own = [each for each in spot.outline.symbols if each.kind in METHODS and each.container == name]
    defined = [each for each in spot.outline.symbols if each.name == name and not each.container]
    if own:
        line = own[-1].end_line - 1
        match = _RECEIVER.search(own[-1].signature)
        receiver = match[1] if match else receiver
    elif defined:
        line = defined[0].end_line - 1
        if document.line(defined[0].name_line)[:1].isspace():  # In a group: after the bracket that closes it.
            while line < len(document.lines) - 1 and document.line(line) != ")":
                line += 1
    elif not document.lines[line]:
        line -= 1
    text = "".join(
        f'\nfunc {_free(receiver, member.head)} {member.head} {{\n\tpanic("not implemented")\n}}\n'
        for member in members
    )
    return after_line(document, line, text)


def _default_receiver(name: str, spot: Spot) -> str:
    """By pointer, but where the assertion speaks of the value itself."""
    is_pointer, parameters = True, ""
    for symbol in spot.outline.symbols:
        match = _ASSERTION.search(symbol.signature) if symbol.name == "_" else None
        if match and match[7] == name:
            is_pointer = False
        if symbol.name == name and (said := re.search(rf"\b{name}\[([^\]]*)\]", symbol.signature)):
            parameters = f"[{', '.join(part.split()[0] for part in said[1].split(','))}]"
    return f"({name[0].lower()} {'*' if is_pointer else ''}{name}{parameters})"


def _free(receiver: str, head: str) -> str:
    """The receiver under a name that no parameter has."""
    name = receiver[1:].partition(" ")[0]
    return receiver if not re.search(rf"\b{name}\b", head) else receiver.replace(name, "this", 1)
