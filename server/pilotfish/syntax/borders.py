"""Where a piece of text that is too long is best cut: between statements, as far out as it goes."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from pilotfish.syntax.source import Source

if TYPE_CHECKING:
    import tree_sitter

_MAX_DEPTH = 64
_COMMENTS = (b"//", b"/*", b"* ", b"--", b"# ")


class Borders:
    """The places of one text where it may be cut; `root` is None for a text without a grammar."""

    def __init__(self, source: Source, root: tree_sitter.Node | None) -> None:
        self._source = source
        self._root = root
        # Children and where they end, of each node that was looked into: a table has one with very many.
        self._children: dict[int, tuple[list[tree_sitter.Node], list[int]]] = {}

    def last(self, start: int, limit: int) -> int:
        """The best line to cut before: after `start`, not too near to it, and not after `limit`."""
        nearest = start + max(1, (limit - start) // 3)
        cut = self._between_statements(nearest, limit) if self._root is not None else 0
        if cut < nearest:
            return self._by_looks(nearest, limit)
        while cut > nearest and self._source.lines[cut - 1].lstrip().startswith(_COMMENTS):
            cut -= 1
        return cut

    def _between_statements(self, nearest: int, limit: int) -> int:
        """The last line up to `limit` where a statement begins; 0 where none does after `nearest`.

        What reaches over the limit is cut before it, or, where that would leave too little, inside it.
        """
        limit_byte = self._source.starts[limit]
        over = self._root
        for _ in range(_MAX_DEPTH):
            if over is None or over.start_byte >= limit_byte:
                return limit
            line = self._source.line_of(over.start_byte)
            if line >= nearest:
                return line
            over = self._child_ending_after(over, limit_byte)
        return 0

    def _child_ending_after(self, node: tree_sitter.Node, byte: int) -> tree_sitter.Node | None:
        known = self._children.get(node.id)
        if known is None:
            children = node.children
            known = self._children[node.id] = children, [child.end_byte for child in children]
        children, ends = known
        at = bisect_right(ends, byte)
        return children[at] if at < len(children) else None

    def _by_looks(self, nearest: int, limit: int) -> int:
        """The line that is least indented, best after a blank one, and late rather than early."""
        lines = self._source.lines

        def merit(line: int) -> tuple[bool, int, int]:
            text = lines[line] if line < len(lines) else b"x"
            is_start = not lines[line - 1].strip() and bool(text.strip())
            return is_start, len(text.lstrip()) - len(text) if text.strip() else -1000, line

        return max(range(nearest, limit + 1), key=merit)
