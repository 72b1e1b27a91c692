"""What of a text is code: everything but comments, Python's docstrings, and blanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from pilotfish.syntax.tree import Tree

if TYPE_CHECKING:
    import tree_sitter


def same_code(one: Tree, other: Tree) -> bool:
    """Whether two texts of one language differ in nothing but comments, docstrings and blanks."""
    return all(mine == theirs for mine, theirs in zip_longest(_tokens(one), _tokens(other)))


def _tokens(tree: Tree) -> Iterator[tuple[int, bytes]]:
    """The tokens in order, each with its depth in the tree: indentation has no token of its own."""
    waiting = [(tree.root.root_node, 0)]
    while waiting:
        node, depth = waiting.pop()
        children = node.children
        if not children or "string" in node.type:  # The blanks in a string are code.
            yield depth, tree.source[node.start_byte : node.end_byte]
            continue
        kept: Sequence[tree_sitter.Node] = [child for child in children if "comment" not in child.type]
        if tree.language.id == "python" and node.type in ("module", "block"):
            kept = _without_docstring(kept)
        waiting += [(child, depth + 1) for child in reversed(kept)]


def _without_docstring(statements: Sequence[tree_sitter.Node]) -> Sequence[tree_sitter.Node]:
    """The statements of a block but the first, if that is nothing but a string."""
    first = statements[0] if statements else None
    is_docstring = (
        first is not None
        and first.type == "expression_statement"
        and [child.type for child in first.children] == ["string"]
    )
    return statements[1:] if is_docstring else statements
