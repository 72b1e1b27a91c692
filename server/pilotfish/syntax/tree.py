"""A text as its syntax tree: immutable, re-parsed from where it changed.

What other rooms ask of syntax starts from a `Tree`; tree-sitter itself stays in here. Positions count lines
and code points, as everywhere inside pilotfish. A parse takes about 0.1 s for a megabyte and holds the
interpreter meanwhile, so that on the server's loop `parse_steps` is the one to use; an edit takes 0.2 to
8 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps, finish
from pilotfish.syntax.grammars import grammar_of
from pilotfish.syntax.languages import Language
from pilotfish.syntax.parsing import parse_edited, parse_in_steps
from pilotfish.syntax.source import encode
from pilotfish.text.document import Position, Range
from pilotfish.text.prefix import common_length

if TYPE_CHECKING:
    import tree_sitter

_FAULTS_LISTED = 100


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax tree of one text.

    Attributes:
        language: what the text was parsed as.
        source: the text as UTF-8, each line ended by a single line feed.
        root: tree-sitter's tree; only this package looks into it.
    """

    language: Language
    source: bytes
    root: tree_sitter.Tree

    def edited(self, text: str) -> Tree:
        """The tree of another version of the text; what stayed the same is not parsed again."""
        source = encode(text)
        start, old_end, new_end = _difference(self.source, source)
        if start == old_end == new_end:
            return self
        old = self.root.copy()
        old.edit(
            start,
            old_end,
            new_end,
            _point(self.source, start),
            _point(self.source, old_end),
            _point(source, new_end),
        )
        return Tree(self.language, source, parse_edited(source, old))

    def edited_steps(self, text: str) -> Steps[Tree]:
        """As `edited`, with a pause before: it takes some milliseconds for a long text."""
        yield
        return self.edited(text)

    def faults(self) -> tuple[Range, ...]:
        """Where the text does not follow the grammar, in order; at most 100 places.

        A place is the outermost piece that could not be understood, or the empty range where something is
        missing.
        """
        found: list[Range] = []
        waiting = [self.root.root_node]
        while waiting and len(found) < _FAULTS_LISTED:
            node = waiting.pop()
            if node.is_error or node.is_missing:
                found.append(Range(self.position(node.start_byte), self.position(node.end_byte)))
            elif node.has_error:
                waiting += [child for child in reversed(node.children) if child.has_error]
        return tuple(found)

    def offset(self, position: Position) -> int:
        """The byte in `source` where a position is; a column beyond its line is the line's end."""
        start = line_start(self.source, position.line)
        end = self.source.find(b"\n", start)
        line = self.source[start : len(self.source) if end < 0 else end].decode("utf-8", "surrogatepass")
        return start + len(line[: position.column].encode("utf-8", "surrogatepass"))

    def position(self, offset: int) -> Position:
        """The place of a byte of `source`."""
        row, column_bytes = _point(self.source, offset)
        before = self.source[offset - column_bytes : offset]
        return Position(row, len(before.decode("utf-8", "replace")))


def parse(text: str, language: Language) -> Tree | None:
    """The tree of a text; None where the language has no grammar."""
    return finish(parse_steps(text, language))


def parse_steps(text: str, language: Language) -> Steps[Tree | None]:
    """As `parse`, in steps of a few milliseconds."""
    grammar = grammar_of(language)
    if grammar is None:
        return None
    source = encode(text)
    return Tree(language, source, (yield from parse_in_steps(grammar, source)))


def adds_fault(before: Tree, after: Tree) -> bool:
    """Whether `after` breaks the grammar in more places than `before` did."""
    return len(after.faults()) > len(before.faults())


def line_start(source: bytes, line: int) -> int:
    """Where a line begins; the end of the text for a line that it does not have.

    By halving, since counting line ends is much faster than listing them.
    """
    low, high = 0, len(source)
    if line <= 0:
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        ends = source.count(b"\n", low, middle)
        if ends >= line:
            high = middle
        else:
            line -= ends
            low = middle
    return high


def _point(source: bytes, offset: int) -> tuple[int, int]:
    """Row and column in bytes."""
    return source.count(b"\n", 0, offset), offset - source.rfind(b"\n", 0, offset) - 1


def _difference(old: bytes, new: bytes) -> tuple[int, int, int]:
    """Where two texts begin to differ, and where each has its part that differs behind it."""
    start = common_length(old, new)
    rest = common_length(old[start:][::-1], new[start:][::-1])
    return start, len(old) - rest, len(new) - rest
