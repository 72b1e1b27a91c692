"""The cursor and all that is known of it, in the decoder's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_

from pilotfish.engine.brackets import STEPS
from pilotfish.engine.buffers import Buffers, Lexed
from pilotfish.engine.node import Node, Tree
from pilotfish.engine.query import Query
from pilotfish.engine.speller import Speller
from pilotfish.engine.surroundings import Surroundings, surroundings
from pilotfish.engine.tabs import Tabs
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import split_open_line, split_rest

STALE_TOKENS = 8
"""What surrounds a line is looked at anew once so many tokens were written: they choose regions as well."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the decoder knows of one question.

    Attributes:
        around: what is known of the line.
        partial: the start of the token at the cursor, which the first token must begin with.
        lead: the finished tokens before the cursor on its line.
        rest: what stands after the cursor on the line.
        owed: how many more brackets must be closed than opened on the line, `rest` apart.
        node: the beginning of the line that `lead` is.
    """

    around: Surroundings
    partial: str
    lead: tuple[int, ...]
    rest: tuple[int, ...]
    owed: int | None
    node: Node

    @property
    def spell(self) -> Speller:
        """Gives the text of a token."""
        return self.around.spell

    @property
    def tree(self) -> Tree:
        """The beginnings of the line."""
        return self.around.tree


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the surroundings of a line depend on.

    Attributes:
        query: what was asked.
        others: what was known of the other open documents.
        index: what else was known.
        indent: the indentation of the line.
        typed: how many tokens were written on it.
        forgotten: how many times spellings were forgotten.
    """

    query: Query
    others: Sequence[Lexed | None]
    index: IndexView
    indent: str
    typed: int
    forgotten: int

    def is_same(self, other: _Asked) -> bool:
        """Whether only the cursor's line differs, and that by a few tokens."""
        line, before, after = self.query.position.line, self.query.document, other.query.document
        return (
            self.index is other.index
            and before.uri == after.uri
            and line == other.query.position.line
            and self.indent == other.indent
            and self.forgotten == other.forgotten
            and abs(self.typed - other.typed) < STALE_TOKENS
            and _are_same(self.others, other.others)
            and _are_same(self.query.others, other.query.others)
            and _is_same_but(line, before.lines, after.lines)
        )


class Recent:
    """The surroundings of the last question: most keys are typed on the line of the one before.

    Attributes:
        tabs: what the index has of the other open documents.
    """

    def __init__(self) -> None:
        self.tabs = Tabs()
        self._last: tuple[_Asked, Surroundings] | None = None

    def rest(self) -> None:
        """Let go of the surroundings: nobody asks at the moment."""
        self._last = None

    def forget(self) -> None:
        """Let go of all documents."""
        self.tabs, self._last = Tabs(), None

    def around(self, asked: _Asked) -> Surroundings | None:
        """Those of the last question, if they are the same."""
        return self._last[1] if self._last is not None and self._last[0].is_same(asked) else None

    def keep(self, asked: _Asked, around: Surroundings) -> None:
        """This is now the last question."""
        self._last = asked, around


def scene(query: Query, buffers: Buffers, index: IndexView, recent: Recent) -> Steps[Scene]:
    """Look around the cursor, as far as it was not done for the last question."""
    document, position = query.document, query.document.clamp(query.position)
    indent, words, partial = split_open_line(document.before(position))
    lead = tuple(map(buffers.id_of, words))
    others = [buffers.last(other.uri) for other in query.others]
    asked = _Asked(query, others, index, indent, len(lead), buffers.forgotten)
    around = recent.around(asked)
    if around is None:
        tabs = yield from recent.tabs.find(query.others, asked.others, index)
        around = yield from surroundings(query, lead, tabs, buffers, index)
        recent.keep(asked, around)
    rest = tuple(map(buffers.id_of, split_rest(document.after(position))))
    owed = None if around.owed is None else around.owed + sum(STEPS.get(token, 0) for token in rest)
    return Scene(around, partial, lead, rest, owed, around.tree.at(lead))


def _is_same_but(line: int, one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all lines but one are the same."""
    return len(one) == len(other) and one[:line] == other[:line] and one[line + 1 :] == other[line + 1 :]


def _are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Whether these are the very same objects."""
    return len(some) == len(others) and all(map(is_, some, others))
