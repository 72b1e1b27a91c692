"""The gap that a text is to fill: what stands around the cursor, and what the text may be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pilotfish.completion.answer import AskedAs
from pilotfish.completion.request import CompletionRequest
from pilotfish.platform.steps import Steps, within
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.piece import Piece

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree
    from pilotfish.text.document import Document

TREE_STEPS = 12
"""Of four milliseconds each."""

NEAR_LINES = 200
"""How far from the cursor the file's own style is looked for."""


Members = Callable[[str], Collection[str]]


def no_members(_name: str) -> Collection[str]:
    """Nothing is known of any type."""
    return ()


def no_tree() -> Steps[Tree | None]:
    """For languages without a grammar, and where trees are not wanted."""
    return None
    yield


@dataclass(frozen=True)
class Gap:
    """What each step of trimming is told.

    Attributes:
        request: the document and the cursor.
        max_lines: the most lines to show.
        stop: strings that end the text.
        asked_as: how a model was asked, which says what may stand around its text.
        tree: reads the document's syntax tree, which takes a while: most texts are judged without. It is None
            where its language has no grammar.
        members: the names of all members of a type; none where they are not all known.
    """

    request: CompletionRequest
    max_lines: int = 1
    stop: Sequence[str] = ()
    asked_as: AskedAs = "hole"
    tree: Callable[[], Steps[Tree | None]] = no_tree
    members: Members = no_members

    @property
    def document(self) -> Document:
        """The document."""
        return self.request.document

    @cached_property
    def _read(self) -> list[Tree | None]:
        return []

    def tree_in_time(self) -> Steps[Tree | None]:
        """The tree, or None if it takes longer than somebody should wait for it; tried once."""
        if not self._read:
            self._read.append((yield from within(self.tree(), TREE_STEPS)))
        return self._read[0]

    @cached_property
    def piece(self) -> Piece:
        """The piece of the document around the cursor's line; its language must have a grammar."""
        return Piece(self.document.lines, self.line, language_of_id(self.document.language_id))

    @property
    def line(self) -> int:
        """The cursor's line."""
        return self.request.position.line

    @property
    def before(self) -> str:
        """The cursor's line up to the cursor."""
        return self.document.before(self.request.position)

    @property
    def after(self) -> str:
        """The rest of the cursor's line, without its end."""
        return self.document.after(self.request.position)

    @property
    def indent(self) -> str:
        """The indentation of the cursor's line, as far as it stands before the cursor."""
        return indent_of(self.before)

    def above(self) -> Iterator[str]:
        """The lines above the cursor's, the nearest first, without their ends."""
        return map(self.document.line, range(self.line - 1, max(-1, self.line - 1 - NEAR_LINES), -1))

    def below(self) -> Iterator[str]:
        """The lines below the cursor's, the nearest first, without their ends."""
        end = min(len(self.document.lines), self.line + 1 + NEAR_LINES)
        return map(self.document.line, range(self.line + 1, end))

    @property
    def line_above(self) -> str:
        """The nearest line above that is not blank; empty where there is none."""
        return next(filter(str.strip, self.above()), "")

    @property
    def line_below(self) -> str:
        """The nearest line below that is not blank; empty where there is none."""
        return next(filter(str.strip, self.below()), "")


def indent_of(line: str) -> str:
    """The blanks that a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def width(indent: str) -> int:
    """How deep an indentation is, in columns; a tab counts as four, whatever the editor shows."""
    return len(indent.expandtabs(4))
