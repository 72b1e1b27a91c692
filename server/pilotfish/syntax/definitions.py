"""Definitions: what the query `outline.scm` found, put inside one another.

The captures of a pattern say what it is about (the convention is that of tree-sitter's `tags.scm`):

- `@definition.<kind>`: a definition, with its `@name`; `@body` is where its head ends, `@container` names
  what it belongs to where it does not stand in it (a Go method's receiver);
- `@scope` with `@name`: no definition, but what stands in it belongs to that name (Rust's `impl`);
- `@base`: what the definition around it extends or implements;
- `@outer` around `@inner`: the definition `@inner` begins where `@outer` does (decorators, `template`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pilotfish.syntax.source import Source

if TYPE_CHECKING:
    import tree_sitter

Captures: TypeAlias = Mapping[str, Sequence["tree_sitter.Node"]]

CLASS_LIKE = frozenset({"class", "interface", "struct", "enum", "module", "namespace", "type", "scope"})
FUNCTION_LIKE = frozenset({"function", "method", "constructor"})

_PREFIX = "definition."
_VARIABLE = "definition.variable"
_DEFINES = (_PREFIX, "scope")
_QUALIFIER = re.compile(r"::|[.:\\]")
_NOT_IN_NAMES = re.compile(r"<[^<>]*>|[\"'`\s]|^[@:](?=\w)")
_NOT_CONTAINERS = frozenset({"prototype", "module", "exports", "this", "self", ""})
_HAS_METHODS = CLASS_LIKE - {"module", "namespace"}
_LEFT_OUT_OF_FUNCTIONS = frozenset({"variable", "constant", "type"})
_MAX_PATH_CHARS = 200
_ANCESTORS_ASKED = 32


@dataclass(slots=True)
class Definition:
    """One definition as found, in bytes of the source.

    Attributes:
        kind: as in `Symbol`, or `scope`.
        name: without what qualifies it.
        container: the dotted path of what it is in.
        outer_start: first byte of what is wrapped around it; where nothing is, the same as `start`.
        start: its first byte.
        end: the byte after its last one.
        name_start: where its name stands.
        body_start: where its body begins; -1 without one.
        bases: what it extends.
    """

    kind: str
    name: str
    container: str
    outer_start: int
    start: int
    end: int
    name_start: int
    body_start: int
    bases: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Its own dotted path."""
        return _joined(self.container, self.name)


def definitions_of(source: Source, matches: Sequence[tuple[int, Captures]]) -> list[Definition]:
    """All definitions in the order of the text, each with its container."""
    kinds: dict[int, str] = {}
    by_name: dict[int, tuple[int, Definition]] = {}
    bases: list[tuple[int, str]] = []
    outer: dict[int, int] = {}
    for pattern, captures in matches:
        kind = kinds.get(pattern)
        if kind is None:
            kind = kinds[pattern] = next((name for name in captures if name.startswith(_DEFINES)), "")
        if kind:
            if kind == _VARIABLE and captures[kind][0].has_error:
                continue  # C has macros that make it look like a declaration where none is
            definition = _read(source, kind, captures)
            known = by_name.get(definition.name_start)
            # Where several patterns find the same name, the one that stands first in the query holds.
            if known is None or pattern < known[0]:
                by_name[definition.name_start] = pattern, definition
        elif "base" in captures:
            bases += [(node.start_byte, _name_of_base(source, node)) for node in captures["base"]]
        elif "outer" in captures:
            start, inner = captures["outer"][0].start_byte, captures["inner"][0].start_byte
            outer[inner] = min(start, outer.get(start, start))
    definitions = [definition for _, definition in by_name.values() if definition.name]
    for definition in definitions:
        definition.outer_start = outer.get(definition.start, definition.start)
    definitions.sort(key=lambda one: (one.start, -one.end, one.name_start))
    bases.sort(reverse=True)
    return _placed(definitions, bases)


def _read(source: Source, capture: str, captures: Captures) -> Definition:
    node, kind = captures[capture][0], capture.removeprefix(_PREFIX)
    name = captures["name"][0]
    text, container = source.text(name.start_byte, name.end_byte), ""
    if kind != "package" and not text.isidentifier():
        container, text = _split_name(text)
    if "container" in captures:
        receiver = captures["container"][0]
        container = source.text(receiver.start_byte, receiver.end_byte)
    body_start = captures["body"][0].start_byte if "body" in captures else -1
    start = node.start_byte
    return Definition(kind, text, container, start, start, node.end_byte, name.start_byte, body_start)


def _split_name(text: str) -> tuple[str, str]:
    """`shop::Item<T>::sell` → `shop.Item` and `sell`."""
    qualified, operator, sign = text.partition("operator")
    plain = _NOT_IN_NAMES.sub("", qualified)
    *qualifiers, name = _QUALIFIER.split(plain) if plain or operator else [text]
    return ".".join(word for word in qualifiers if word not in _NOT_CONTAINERS), name + operator + sign


def _name_of_base(source: Source, node: tree_sitter.Node) -> str:
    return re.split(r"[<(\[{]", source.text(node.start_byte, node.end_byte), maxsplit=1)[0].strip()


def _placed(definitions: Sequence[Definition], bases: list[tuple[int, str]]) -> list[Definition]:
    """Each definition in its container; those left out that nobody but their function can see."""
    placed: list[Definition] = []
    around: list[Definition] = []
    members: set[tuple[str, str]] = set()
    for definition in definitions:
        _give_bases(bases, around, definition.start)
        while around and (
            around[-1].end <= definition.start
            or (around[-1].start, around[-1].end) == (definition.start, definition.end)
        ):
            around.pop()
        if _settle(definition, around):
            if definition.kind in ("field", "property"):
                member = definition.container, definition.name
                if member in members:
                    continue
                members.add(member)
            placed.append(definition)
            if definition.kind != "package":
                around.append(definition)
    _give_bases(bases, around, None)
    return placed


def _give_bases(bases: list[tuple[int, str]], around: Sequence[Definition], before: int | None) -> None:
    """Hand the bases that stand before a place (all that are left for None) to the class around them."""
    while bases and (before is None or bases[-1][0] < before):
        start, name = bases.pop()
        for definition in reversed(around[-_ANCESTORS_ASKED:]):
            if definition.kind in CLASS_LIKE and definition.start <= start < definition.end:
                definition.bases.append(name)
                break


def _settle(definition: Definition, around: Sequence[Definition]) -> bool:
    """Give a definition its container and its exact kind; whether it is to be kept."""
    kind, parent = definition.kind, around[-1] if around else None
    if kind == "package":
        return True
    if kind == "field":
        parent = next((one for one in reversed(around[-_ANCESTORS_ASKED:]) if one.kind in CLASS_LIKE), None)
        if parent is None:
            return False
    if parent is not None and parent.kind in FUNCTION_LIKE:
        is_prototype = kind == "function" and definition.body_start < 0
        if kind in _LEFT_OUT_OF_FUNCTIONS or is_prototype:
            return False
    if kind == "function" and (definition.container or (parent and parent.kind in _HAS_METHODS)):
        kind = "method"
    if parent is not None:
        definition.container = _joined(parent.path, definition.container)
    holder = definition.container.rpartition(".")[2]
    if kind == "method" and definition.name == holder:
        kind = "constructor"
    is_in_struct = parent is not None and parent.kind == "struct"
    if kind in ("variable", "field") and definition.name.isupper() and not is_in_struct:
        kind = "constant"
    definition.kind = kind
    return True


def _joined(container: str, name: str) -> str:
    """A dotted path, cut from the left where it grows without end."""
    if len(container) > _MAX_PATH_CHARS:
        container = container[-_MAX_PATH_CHARS:].partition(".")[2]
    return f"{container}.{name}" if container and name else container or name
