"""Whether a place is in a comment or a string, where anything may be written."""

from __future__ import annotations

from pilotfish.syntax.tree import Tree
from pilotfish.text.document import Position

_PROSE = ("comment", "string", "heredoc", "text")
_CODE = ("interpolation", "substitution", "interpolated_expression")


def is_prose(tree: Tree, position: Position) -> bool:
    """Whether a position lies inside a comment or a string, and not in code that the string holds."""
    offset = tree.offset(position)
    node = tree.root.root_node.descendant_for_byte_range(offset, offset)
    while node is not None:
        kind = node.type
        if any(word in kind for word in _CODE):
            return False
        if any(word in kind for word in _PROSE) and node.start_byte < offset < node.end_byte:
            return True
        node = node.parent
    return False
