"""The names that code at a place can use because of where it stands, and what the text says of their types.

The queries `locals.scm` say what binds a name: `@parameter`, `@variable` or `@field`, with its `@type` as
written or the `@value` it is given; `@scope` is what a name cannot be seen outside of, `@class` with its
`@name` what a field belongs to.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pilotfish.syntax.grammars import query_of
from pilotfish.syntax.tree import Tree
from pilotfish.text.document import Position

if TYPE_CHECKING:
    import tree_sitter

_Captures: TypeAlias = "dict[str, list[tree_sitter.Node]]"

_OUTERMOST_DEPTH = 3
_KINDS = ("parameter", "variable", "field")
_TEXT_BYTES = 200
_AROUND_A_TYPE = re.compile(
    r"(?:\b(?:typing|std|const|mut|ref|dyn|impl|struct|union|enum|readonly|unsigned|out|in"
    r"|Optional|Final|Annotated|ClassVar|Readonly|Partial|Awaited|Promise"
    r"|Box|Arc|Rc|Option|shared_ptr|unique_ptr)\b|'\w+|\W)*"
)
_DOTTED = re.compile(r"[^\W\d]\w*(?:(?:\.|::)[^\W\d]\w*)*")
_SAYS_NOTHING = frozenset({"auto", "var", "val", "let", "any", "Any", "object", "mixed", "unknown", "None"})
_CALL = re.compile(r"(?:await\s+|&\s*)*(new\s+)?([^\W\d]\w*(?:(?:\.|::)\w+)*)\s*(?:<[^<>()]*>)?\s*(?:[({]|$)")


@dataclass(frozen=True, slots=True)
class Local:
    """A name that can be used at a place.

    Attributes:
        name: as it is used; a field's is without `self.` or `this.`.
        kind: `parameter`, `variable` or `field`.
        line: where it is bound, from 0.
        type: the name of its type, without what is around it (`list` of `list[Order]`, `Order` of
            `Optional[Order]` and of `new shop.Order()`); empty where the text does not say.
    """

    name: str
    kind: str
    line: int
    type: str


def locals_at(tree: Tree, position: Position) -> tuple[Local, ...]:
    """The names bound around a place, each once, nearest first; `self` and `this` are of the class around it.

    Nothing is taken from other files, and nothing that is bound further down, but for fields. Only the
    top-level piece of the file that the place is in is looked into, and the outermost level of the rest.
    """
    query = query_of(tree.language, "locals")
    if query is None:
        return ()
    place = _Place.of(tree, position)
    found = list(_matches(query, tree.root.root_node, place))
    locals_ = {} if (around := _class_around(found, place)) is None else _itself(tree, around)
    for kind, captures in _visible(found, place):
        local = _local(tree, kind, captures)
        known = locals_.setdefault(local.name, local)
        if not known.type and known.kind == kind and local.type:
            # The nearest binding hides the others, but its type may have been told before.
            locals_[local.name] = Local(known.name, kind, known.line, local.type)
    return tuple(locals_.values())


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a source: `code_end` is where the last code before it ends, `indent` that of its line."""

    source: bytes
    offset: int
    code_end: int
    indent: int

    @staticmethod
    def of(tree: Tree, position: Position) -> _Place:
        offset = tree.offset(position)
        code_end = len(tree.source[:offset].rstrip())
        return _Place(tree.source, offset, code_end, _indent(tree.source, offset))

    def is_in(self, node: tree_sitter.Node) -> bool:
        """Whether the place is in a node, or on an indented line that goes on with it.

        Where no bracket closes a block, the lines that are still to be written are in no node yet.
        """
        start, end = node.start_byte, node.end_byte
        if end < self.offset and end >= self.code_end:
            indent = _indent(self.source, start)
            is_begun = self.source.endswith(b":", 0, self.code_end)
            is_open = is_begun or indent < _indent(self.source, self.code_end)
            return is_open and indent < self.indent
        return start <= self.offset <= end


def _indent(source: bytes, offset: int) -> int:
    """How far the line of an offset is indented, in bytes; a blank one as far as up to the offset."""
    start = source.rfind(b"\n", 0, offset) + 1
    end = source.find(b"\n", start)
    line = source[start : end if end >= 0 else len(source)]
    return len(line) - len(line.lstrip()) if line.strip() else offset - start


def _matches(query: tree_sitter.Query, root: tree_sitter.Node, place: _Place) -> Iterator[_Captures]:
    """What the query finds in the piece around the place, and at the outermost level."""
    import tree_sitter  # noqa: PLC0415  (loaded already, with the grammar)

    near = max(place.code_end - 1, 0)
    piece = root.descendant_for_byte_range(near, near)
    while piece is not None and piece.parent is not None and piece.parent.parent is not None:
        piece = piece.parent
    if piece is not None and piece.parent is not None:
        inside = tree_sitter.QueryCursor(query)
        inside.set_byte_range(piece.start_byte, piece.end_byte)
        yield from (captures for _, captures in inside.matches(root))
    outermost = tree_sitter.QueryCursor(query)
    outermost.set_max_start_depth(_OUTERMOST_DEPTH)
    yield from (captures for _, captures in outermost.matches(root))


def _visible(found: Sequence[_Captures], place: _Place) -> list[tuple[str, _Captures]]:
    """The bindings that can be seen from the place, with their kinds, nearest first."""
    scopes, functions = _stretches(found, "scope", place)
    classes, _ = _stretches(found, "class", place)
    visible = []
    for captures in found:
        kind = next((kind for kind in _KINDS if kind in captures), None)
        if kind is None:
            continue
        start = captures[kind][0].start_byte
        is_seen = kind == "field" or (start < place.offset and not scopes.hold(start))
        # A parameter outside of all functions around is that of a declaration without a body.
        if is_seen and not classes.hold(start) and (kind != "parameter" or functions.hold(start)):
            visible.append((abs(place.offset - start), kind, captures))
    visible.sort(key=lambda binding: binding[0])
    return [(kind, captures) for _, kind, captures in visible]


class _Stretches:
    """Parts of a text, which may hold one another."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if not self._ends or end > self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)

    def hold(self, offset: int) -> bool:
        """Whether any of them does."""
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]


def _stretches(found: Sequence[_Captures], capture: str, place: _Place) -> tuple[_Stretches, _Stretches]:
    """The scopes, or classes, that the place is not in, and those around it."""
    nodes = [node for captures in found for node in captures.get(capture, ())]
    around = {(node.start_byte, node.end_byte) for node in nodes if place.is_in(node)}
    elsewhere = {(node.start_byte, node.end_byte) for node in nodes} - around
    return _Stretches(elsewhere), _Stretches(around)


def _class_around(found: Sequence[_Captures], place: _Place) -> _Captures | None:
    around = [captures for captures in found if "class" in captures and place.is_in(captures["class"][0])]
    return max(around, key=lambda captures: captures["class"][0].start_byte, default=None)


def _itself(tree: Tree, around: _Captures) -> dict[str, Local]:
    line = tree.position(around["class"][0].start_byte).line
    return {name: Local(name, "parameter", line, _text(tree, around["name"][0])) for name in ("self", "this")}


def _local(tree: Tree, kind: str, captures: _Captures) -> Local:
    node = captures[kind][0]
    told = ""
    if "type" in captures:
        told = type_name(_text(tree, captures["type"][0]))
    if not told and "value" in captures:
        told = constructed(_text(tree, captures["value"][0]))
    return Local(_text(tree, node), kind, tree.position(node.start_byte).line, told)


def _text(tree: Tree, node: tree_sitter.Node) -> str:
    return tree.source[node.start_byte : min(node.end_byte, node.start_byte + _TEXT_BYTES)].decode(
        "utf-8", "replace"
    )


def type_name(text: str) -> str:
    """The name of a type as written: `Order` of `Optional[shop.Order]`, `*Order` and `const Order&`."""
    if text.startswith("["):
        return ""  # Go's arrays: many of them, not one
    around = _AROUND_A_TYPE.match(text)
    name = _DOTTED.match(text, around.end() if around else 0)
    last = re.split(r"\.|::", name[0])[-1] if name else ""
    return "" if last in _SAYS_NOTHING else last


def constructed(text: str) -> str:
    """The type that an expression makes one of: `Order(…)`, `new Order`, `Order::new(…)`, `NewOrder(…)`."""
    call = _CALL.match(text)
    if call is None:
        return ""
    *qualifiers, name = re.split(r"\.|::", call[2])
    if call[1]:
        return name
    if not name[:1].isupper():
        return qualifiers[-1] if qualifiers and qualifiers[-1][:1].isupper() else ""
    if name.startswith("New"):
        return name[3:]
    return name if any(letter.islower() for letter in name) else ""
