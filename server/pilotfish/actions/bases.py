"""What a class's bases demand of it: in open documents, in the index, in the language's own library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from pilotfish.actions import generics, libraries
from pilotfish.actions.candidates import family
from pilotfish.actions.heads import on_one_line
from pilotfish.actions.origin import Origin, origin_of, within
from pilotfish.actions.python_classes import class_source
from pilotfish.actions.spot import Spot
from pilotfish.syntax.languages import language_of_path
from pilotfish.syntax.outline import outline_of
from pilotfish.syntax.symbols import Symbol
from pilotfish.text.lines import split_lines

if TYPE_CHECKING:
    from pilotfish.index.found import FoundImport, FoundSymbol
    from pilotfish.index.lookup import Lookup
    from pilotfish.syntax.imports import Import

MAX_DEPTH = 4
CLASSES = frozenset({"class", "interface", "struct"})
METHODS = frozenset({"method", "constructor"})
"""What an outline calls methods; one with the name of its type is a constructor to it, in Go as well."""
_STANDARD = frozenset({"std", "core", "alloc", "java"})
_DOCSTRING = re.compile(r"""\s*[rR]?(\"{3}|'{3}|\"|').*?\1""")


class Member(NamedTuple):
    """What a base says of one of its methods, fields or types.

    Attributes:
        name: its own.
        kind: as in `Symbol`.
        head: its lines up to the body, in one, with the arguments of the base for its parameters.
        above: the lines above it: decorators and comments.
        text: all its lines from its name's on.
        is_open: whether it is left to whoever has this base.
    """

    name: str
    kind: str
    head: str
    above: str
    text: str
    is_open: bool


class Base(NamedTuple):
    """A class, an interface or a trait.

    Attributes:
        name: its own.
        kind: as in `Symbol`.
        folder: of its file, or the library's module that it is in.
        members: its own, in order.
        bases: what it has itself, as it is written.
        parameters: its type parameters, each with its default or nothing.
    """

    name: str
    kind: str
    folder: str
    members: tuple[Member, ...]
    bases: tuple[str, ...]
    parameters: Mapping[str, str]


def demanded(
    bases: Iterable[str], have: Iterable[str], spot: Spot, lookup: Lookup, depth: int = MAX_DEPTH
) -> dict[str, Member]:
    """What these bases and theirs leave open and nobody nearer has, by name, in the bases' order.

    Args:
        bases: as they are written.
        have: the names of what is there.
        spot: the place where they are written.
        lookup: what to ask.
        depth: so many bases above one another.
    """
    found: dict[str, Member] = {}
    known = set(have)
    for written in bases:
        base = base_named(written, spot, lookup)
        if base is None:
            continue
        for member in base.members:
            if not member.is_open:
                known.add(member.name)
            elif member.name not in known:
                found.setdefault(member.name, member)
        if depth > 1:
            for member in demanded(base.bases, known | set(found), spot, lookup, depth - 1).values():
                found.setdefault(member.name, member)
    return {name: member for name, member in found.items() if name not in known}


def base_named(written: str, spot: Spot, lookup: Lookup) -> Base | None:
    """The likeliest base that is written so (`Repo<User>`, `fmt::Display`), what is in brackets put in."""
    path, arguments = generics.taken_apart(written)
    origin = origin_of(path, spot)
    is_standard = bool(origin.module) and origin.module[0] in _STANDARD
    own = () if is_standard else _in_workspace(origin, spot, lookup)
    library = _in_library(origin, spot)
    base = next(chain(library, own) if spot.language.id == "python" else chain(own, library), None)
    return _with_arguments(base, arguments) if base else None


# --- where it is looked for ---------------------------------------------------------------------------


def _in_workspace(origin: Origin, spot: Spot, lookup: Lookup) -> Iterator[Base]:
    """In this document first; else where the path is most like the module that the name comes from."""
    name, module = origin.name, origin.module
    if not (origin.is_elsewhere or (module and spot.language.id == "go")):
        yield from _in_outline(name, spot.outline.symbols, spot.document.lines, folder_of(spot), spot)
    for document in spot.others:
        path = document.path.as_posix() if document.path else ""
        if name in document.text and _is_visible(path, origin, spot):
            outline, folder = outline_of(document.text, spot.language), PurePosixPath(path).parent
            for base in _in_outline(name, outline.symbols, document.lines, folder.as_posix(), spot):
                yield _with_origins(base, outline.imports, spot)
    found = [
        each
        for each in lookup.definitions([name])
        if each.kind in CLASSES and _is_visible((each.root / each.path).as_posix(), origin, spot)
    ]
    parts = set(module)

    def likeness(symbol: FoundSymbol) -> int:
        return len(parts & set(PurePosixPath(symbol.path).with_suffix("").parts))

    for symbol in sorted(found, key=likeness, reverse=True):
        file, path = symbol.root / symbol.path, ".".join(filter(None, (symbol.container, symbol.name)))
        own = [each for each in lookup.symbols_of(file) if each.container == path]
        lines = split_lines(lookup.lines(file, 0, symbol.end_line) or "")
        base = _known(symbol, own, lines, file.parent.as_posix(), spot)
        yield _with_origins(base, lookup.imports_of(file), spot)


def _is_visible(path: str, origin: Origin, spot: Spot) -> bool:
    """Whether a file is in a language that can be meant; in Go, whether it is of that very package."""
    if family(language_of_path(PurePosixPath(path)).id) != family(spot.language.id):
        return False
    if spot.language.id != "go" or spot.document.path is None:
        return origin.may_be_in(path)
    folder = PurePosixPath(path).parent
    return folder.name == origin.module[-1] if origin.module else folder.as_posix() == folder_of(spot)


def _with_origins(base: Base, imports: Iterable[Import | FoundImport], spot: Spot) -> Base:
    """A Python class with the modules before its bases that are imported where it is defined."""
    if spot.language.id != "python":
        return base
    known = {each.name: each.module for each in imports if each.name and not each.alias}
    return base._replace(bases=tuple(within(known.get(each, ""), each) for each in base.bases))


def _in_library(origin: Origin, spot: Spot) -> Iterator[Base]:
    """In what the language brings along: Python's own library, or `library/<language>_interfaces.txt`."""
    name, module = origin.name, origin.module
    if spot.language.id == "python":
        if found := class_source(".".join(module), name):
            package, text = found
            symbols = outline_of(text, spot.language).symbols
            for base in _in_outline(name, symbols, split_lines(text), package, spot):
                yield base._replace(bases=tuple(within(package, each) for each in base.bases))
        return
    for package, text in libraries.interfaces(spot.language.id):
        is_everywhere = not package or spot.language.id != "go"
        is_meant = re.split(r"[/.]", package)[-1] == module[-1] if module else is_everywhere
        if is_meant and re.search(rf"\b{re.escape(name)}\b", text):
            symbols = outline_of(text, spot.language).symbols
            yield from _in_outline(name, symbols, split_lines(text), package, spot)


def _in_outline(
    name: str, symbols: Sequence[Symbol], lines: Sequence[str], folder: str, spot: Spot
) -> Iterator[Base]:
    for symbol in symbols:
        if symbol.name == name and symbol.kind in CLASSES:
            own = [each for each in symbols if each.container == symbol.path]
            yield _known(symbol, own, lines, folder, spot)


def _known(
    symbol: Symbol | FoundSymbol,
    own: Iterable[Symbol | FoundSymbol],
    lines: Sequence[str],
    folder: str,
    spot: Spot,
) -> Base:
    language, members = spot.language.id, []
    parameters = generics.parameters_of(symbol.name, symbol.signature)
    package = PurePosixPath(folder).name if language == "go" and folder != folder_of(spot) else ""
    for each in own:
        if not symbol.start_line <= each.name_line < symbol.end_line:
            continue  # It is in a namespace of the same name.
        above = "".join(lines[each.start_line : each.name_line])
        text = "".join(lines[each.name_line : each.end_line]).replace("\r\n", "\n")
        member = Member(each.name, each.kind, each.signature, above, text, is_open=False)
        is_open = _is_open(member, symbol.kind, language)
        member = member._replace(head=on_one_line(member.head, text, language), is_open=is_open)
        members.append(_seen_from_outside(member, package, parameters) if package else member)
    bases = generics.in_full(symbol.bases, symbol.signature)
    if package:
        bases = tuple(_qualified(base, package, parameters) for base in bases)
    return Base(symbol.name, symbol.kind, folder, tuple(members), bases, parameters)


def folder_of(spot: Spot) -> str:
    """The folder of the spot's file, as `Base.folder` says it."""
    return spot.document.path.parent.as_posix() if spot.document.path else ""


def _seen_from_outside(member: Member, package: str, parameters: Mapping[str, str]) -> Member:
    """A method of a Go interface with its package before the types of that package."""
    start = len(member.name)
    return member._replace(head=member.head[:start] + _qualified(member.head[start:], package, parameters))


def _qualified(text: str, package: str, parameters: Mapping[str, str]) -> str:
    return re.sub(
        r"(?<![\w.])[A-Z]\w*",
        lambda match: match[0] if match[0] in parameters else f"{package}.{match[0]}",
        text,
    )


# --- what is open -------------------------------------------------------------------------------------


def _is_open(member: Member, kind: str, language: str) -> bool:
    """Whether a class that derives from one of this kind must have it."""
    head = member.head
    if language == "python":
        return "abstractmethod" in member.above or "abstractproperty" in member.above or _only_raises(member)
    if language == "go":
        return kind == "interface" and member.kind in METHODS
    if language == "rust":
        is_function = member.kind in ("method", "function")
        return kind == "interface" and (_after_head(member) == ";" if is_function else "=" not in head)
    if language == "java":
        is_plain = not re.search(r"\b(?:default|static|private)\b", head)
        return is_plain and "(" in head and _after_head(member) == ";"
    if kind == "interface":
        return "=" not in head and not re.match(r"(?:readonly\s+)?[\w$]+\?", head)
    return re.search(r"\babstract\b", head) is not None


def _only_raises(member: Member) -> bool:
    """Whether a Python method does no more than say that it is not implemented."""
    body = _DOCSTRING.sub("", _behind_head(member).removeprefix(":"), count=1)
    return body.lstrip().startswith("raise NotImplementedError")


def _after_head(member: Member) -> str:
    """What stands after the head: `{` before a body, `;` where there is none."""
    return _behind_head(member)[:1] or "{"


def _behind_head(member: Member) -> str:
    """All that follows the head, with single blanks; empty where the head is not found."""
    text = " ".join(member.text.split())
    return text.partition(member.head)[2].lstrip()


def _with_arguments(base: Base, arguments: Sequence[str]) -> Base:
    """The base with what is written for its type parameters."""
    filled = generics.filling(base.parameters, arguments)
    members = tuple(member._replace(head=filled(member.head)) for member in base.members)
    return base._replace(members=members, bases=tuple(map(filled, base.bases)))
