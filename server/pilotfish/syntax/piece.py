"""The piece of a text around a line that can be parsed by itself, in a tenth of the time that the text takes.

It is found by indentation alone: the largest block around the line that is not long, under the heads of the
blocks that it is in. Where indentation does not tell, as within a text of several lines, the piece does not
follow its grammar, which is seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps
from pilotfish.syntax.languages import Language

if TYPE_CHECKING:
    from pilotfish.syntax.tree import Tree

FEW_LINES = 80
"""A block is not long up to here."""

MOST_LINES = 400
"""A longer block than that is no piece: it is most of the text."""

MOST_CHARS = 20_000
"""Lines may be as long as a text; a piece is read at once, within a few milliseconds."""

MOST_HEAD_LINES = 30
"""A head is no longer: signatures of so many lines are rare, brackets within quotes are not."""

_BRACKET = re.compile(r"[()\[\]{}]")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENS_ALONE = "{"
_CLOSERS = (")", "]", "}", '"""', "'''")
_GO_ON = ("else", "elif", "except", "finally", "catch", "case")
"""A line that begins so belongs to a block before it."""

_DECORATOR = "@"


class Piece:
    """The piece of a text around one of its lines, read with this and that in the line's place.

    That takes some tenths of a millisecond; once a line has no fault, another one a third of it.

    Args:
        lines: of the text.
        line: what the piece is around.
        language: what it is written in, which has a grammar.
    """

    def __init__(self, lines: Sequence[str], line: int, language: Language) -> None:
        self._around = piece_around(lines, line, language.comment)
        self._language = language
        self._sound: Tree | None = None
        self._known: dict[str, int] = {}

    def faults(self, line: str) -> Steps[int | None]:
        """How many faults the piece has with this line; None where there is no piece."""
        from pilotfish.syntax.tree import parse_steps  # noqa: PLC0415 - not before `initialize` is answered

        if self._around is None:
            return None
        if line not in self._known:
            text = f"{self._around[0]}{line}{self._around[1]}"
            if self._sound is not None:
                tree: Tree | None = self._sound.edited(text)
            else:
                tree = yield from parse_steps(text, self._language)
            if tree is None:
                return None
            self._known[line] = len(tree.faults())
            if not self._known[line]:
                self._sound = tree
        return self._known[line]


def piece_around(lines: Sequence[str], line: int, comment: str) -> tuple[str, str] | None:
    """What stands above and below a line in its piece; None where there is none.

    Args:
        lines: of the text.
        line: what the piece is around.
        comment: what opens a line comment; a block neither begins nor ends with one.
    """
    heads = _heads(lines, line, comment)
    if not heads:
        return _between_blocks(lines, line, comment)
    first, last = heads[0], _end(lines, line + 1, _width(lines[heads[0]]), comment)
    while len(heads) > 1:
        end = _end(lines, last, _width(lines[heads[1]]), comment)
        if end - heads[1] > FEW_LINES:
            break
        del heads[0]
        first, last = heads[0], end
    if lines[first].lstrip().startswith(_DECORATOR):
        last = _end(lines, last + 1, _width(lines[first]), comment)
    if last - first > MOST_LINES:
        return None
    above = "".join(_head(lines, head, inner) for inner, head in reversed([*pairwise(heads)]))
    return _short(above + "".join(lines[first:line]), "".join(lines[line + 1 : last]) + closers(above))


def _short(above: str, below: str) -> tuple[str, str] | None:
    return (above, below) if len(above) + len(below) <= MOST_CHARS else None


def closers(text: str) -> str:
    """What closes the brackets that a text leaves open."""
    opened: list[str] = []
    for sign in _BRACKET.findall(text):
        if sign in _CLOSING:
            opened.append(_CLOSING[sign])
        elif opened and sign == opened[-1]:
            opened.pop()
    return "".join(reversed(opened))


def _heads(lines: Sequence[str], line: int, comment: str) -> list[int]:
    """The lines under which this one is indented, the nearest first."""
    heads: list[int] = []
    width = _width(lines[line])
    for above in range(line - 1, -1, -1):
        if not width:
            break
        if lines[above][:width].strip() and _begins(lines[above], comment):
            width = _width(lines[above])
            heads.append(above - (above > 0 and lines[above].strip() == _OPENS_ALONE))
    return heads


def _head(lines: Sequence[str], head: int, inner: int) -> str:
    """A head, with what opens its block on the next line.

    Brackets that it leaves open are those of a long signature, if they close before the block within begins.
    """
    for last in range(head + 1, min(inner, head + MOST_HEAD_LINES) + 1):
        text = "".join(lines[head:last])
        if closers(text) in ("", _CLOSING[_OPENS_ALONE]):
            break
    else:
        last, text = head + 1, lines[head]
    return text + lines[last] if lines[last].strip() == _OPENS_ALONE else text


def _between_blocks(lines: Sequence[str], line: int, comment: str) -> tuple[str, str] | None:
    """For a line that is not indented: the block before it and the one after it."""
    first = next((n for n in range(line - 1, -1, -1) if _is_outermost(lines[n], comment)), 0)
    last = _end(lines, _end(lines, line + 1, 0, comment) + 1, 0, comment)
    if last - first > MOST_LINES:
        return None
    return _short("".join(lines[first:line]), "".join(lines[line + 1 : last]))


def _end(lines: Sequence[str], line: int, width: int, comment: str) -> int:
    """From `line` on the first that does not belong to a block whose head is indented by `width`."""
    for below in range(line, len(lines)):
        near = lines[below][: width + 1]
        if near.strip() and (near[:width].strip() or _begins(lines[below], comment)):
            return below
    return len(lines)


def _is_outermost(line: str, comment: str) -> bool:
    return bool(line[:1].strip()) and _begins(line, comment)


def _begins(line: str, comment: str) -> bool:
    """Whether something begins with a line that is not blank."""
    bare = line.lstrip()
    return not bare.startswith((*_CLOSERS, *_GO_ON)) and not (comment and bare.startswith(comment))


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
