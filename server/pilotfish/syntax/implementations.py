"""Blocks that implement an interface for a type, apart from the type's own definition (Rust's `impl`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pilotfish.syntax.grammars import query_of
from pilotfish.syntax.tree import Tree

if TYPE_CHECKING:
    import tree_sitter


class Implementation(NamedTuple):
    """One block.

    Attributes:
        interface: as it is written, with its arguments.
        type: as it is written.
        start_line: of the block, from 0.
        end_line: the line after its last one.
        names: what stands in it.
    """

    interface: str
    type: str
    start_line: int
    end_line: int
    names: frozenset[str]


def implementations(tree: Tree) -> list[Implementation]:
    """All that a file has, in order; none in a language without such blocks."""
    query = query_of(tree.language, "implements")
    if query is None:
        return []
    import tree_sitter  # noqa: PLC0415  (loaded already, with the grammar)

    found = []
    for _, captures in tree_sitter.QueryCursor(query).matches(tree.root.root_node):
        (block,), (body,) = captures["implementation"], captures["body"]
        names = (child.child_by_field_name("name") for child in body.named_children)
        found.append(
            Implementation(
                _text(tree, captures["interface"][0]),
                _text(tree, captures["type"][0]),
                block.start_point[0],
                block.end_point[0] + 1,
                frozenset(_text(tree, name) for name in names if name is not None),
            )
        )
    return found


def _text(tree: Tree, node: tree_sitter.Node) -> str:
    return tree.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
