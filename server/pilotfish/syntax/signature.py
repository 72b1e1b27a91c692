"""The head of a function, taken apart: its parameters, what it gives back, what it raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotfish.syntax.tree import Tree

if TYPE_CHECKING:
    import tree_sitter

_NAMES = frozenset({"identifier", "field_identifier", "property_identifier", "shorthand_property_identifier"})
_FUNCTIONS_INSIDE = frozenset({"function_definition", "lambda", "class_definition", "method_declaration"})
_NOTHING = ("", "None", "void", "()", "Promise<void>")
_SELF = frozenset({"self", "cls", "this"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        name: without the stars or dots that may stand before it.
        type: as written, or empty.
        default: as written, or empty.
    """

    name: str
    type: str
    default: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One function's.

    Attributes:
        name: its own.
        parameters: without the receiver.
        returns: the type as written, or empty.
        raises: names of the exceptions that its own text raises or declares, each once.
        gives_back: whether a `return` with a value, or a `yield`, stands in it, or a type is declared.
        body_line: the line where its body begins, from 0; -1 where it has none, or on the line of its head.
        indent: white space before the body's first line.
        head_line: the first line of the function without what is above it (decorators, comments).
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    raises: tuple[str, ...]
    gives_back: bool
    body_line: int
    indent: str
    head_line: int


def signature_at(tree: Tree, name: str, name_line: int) -> Signature | None:
    """The function of this name whose name stands in that line; None where there is none."""
    for node in _walk(tree.root.root_node):
        function = _function_named(tree, node, name, name_line)
        if function is not None:
            return _signature(tree, function, name, node)
    return None


def _function_named(tree: Tree, node: tree_sitter.Node, name: str, line: int) -> tree_sitter.Node | None:
    """The function that a node is, or that it gives a name to (`const f = () => …`)."""
    named = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    if named is None or not named.start_point[0] <= line <= named.end_point[0]:
        return None
    value = node.child_by_field_name("value")
    for function in (node, value, named):
        if function is not None and function.child_by_field_name("parameters") is not None:
            own = function.child_by_field_name("declarator") if function is named else named
            if own is None or _text(tree, own).rpartition("::")[2] == name:
                return function
    return None


def _signature(tree: Tree, function: tree_sitter.Node, name: str, whole: tree_sitter.Node) -> Signature:
    parameters = function.child_by_field_name("parameters")
    assert parameters is not None
    result = next(filter(None, map(function.child_by_field_name, ("return_type", "result"))), None)
    if result is None and tree.language.id in ("java", "csharp", "c", "cpp"):
        result = whole.child_by_field_name("type")
    returns = _text(tree, result).lstrip(":-> ").strip() if result is not None else ""
    body = whole.child_by_field_name("body") or function.child_by_field_name("body")
    body_line, indent = -1, ""
    if body is not None and body.start_point[0] > parameters.end_point[0]:
        body_line, column = body.start_point
        indent = " " * column
        start = tree.source.rfind(b"\n", 0, body.start_byte) + 1
        indent = tree.source[start : body.start_byte].decode("utf-8", "replace")
    elif body is not None:
        body_line = body.start_point[0] if body.end_point[0] > body.start_point[0] else -1
    found = tuple(_parameters(tree, parameters))
    raises, gives_back = _body_facts(tree, body) if body is not None else ((), False)
    thrown = [child for child in function.children if child.type == "throws"]
    declared = tuple(_text(tree, child) for each in thrown for child in each.named_children)
    return Signature(
        name,
        found,
        returns,
        tuple(dict.fromkeys((*declared, *raises))),
        gives_back or returns not in _NOTHING,
        body_line,
        indent,
        whole.start_point[0],
    )


def _parameters(tree: Tree, parameters: tree_sitter.Node) -> Iterator[Parameter]:
    for number, node in enumerate(parameters.named_children):
        if node.type in ("comment", "positional_separator", "keyword_separator", "self_parameter"):
            continue
        names = (
            [child for child in node.children if child.type in _NAMES] if node.type not in _NAMES else [node]
        )
        type_node = node.child_by_field_name("type")
        default = node.child_by_field_name("value") or node.child_by_field_name("right")
        named = next(
            filter(None, map(node.child_by_field_name, ("name", "pattern", "left", "declarator"))), None
        )
        type_text = _text(tree, type_node).lstrip(": ").strip() if type_node is not None else ""
        default_text = _text(tree, default) if default is not None else ""
        if tree.language.id == "go":
            for each in names:
                yield Parameter(_text(tree, each), type_text, "")
            continue
        if node.type == "spread_parameter":  # Java's, which has no fields.
            named = node.named_children[-1]
        if named is None:
            named = next((child for child in node.named_children if child != type_node), node)
        name = _text(tree, named).strip("&* ") if tree.language.id in ("c", "cpp") else _text(tree, named)
        name = name.lstrip("*.")
        if number == 0 and name in _SELF and not type_text:
            continue
        if name and name[0] not in "[{(":
            yield Parameter(name, type_text, default_text)


def _body_facts(tree: Tree, body: tree_sitter.Node) -> tuple[tuple[str, ...], bool]:
    """The exceptions that are raised, and whether anything is given back; functions inside do not count."""
    raises: list[str] = []
    gives_back = not body.type.endswith(("block", "body", "statement")) and body.type != "compound_statement"
    waiting = list(body.named_children)
    while waiting:
        node = waiting.pop(0)
        if node.type in _FUNCTIONS_INSIDE:
            continue
        if (node.type == "return_statement" and node.named_children) or node.type == "yield":
            gives_back = True
        elif node.type == "raise_statement" and node.named_children:
            raised = node.named_children[0]
            called = raised.child_by_field_name("function") or raised
            if called.type in ("identifier", "attribute") and (name := _text(tree, called))[:1].isupper():
                raises.append(name)
        waiting += node.named_children
    return tuple(raises), gives_back


def _walk(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.named_children)


def _text(tree: Tree, node: tree_sitter.Node) -> str:
    return tree.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
