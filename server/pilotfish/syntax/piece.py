"""The piece of a text around a line that can be parsed by itself, in a tenth of the time that the text takes.

It is found by indentation alone: the largest block around the line that is not long, under the heads of the
blocks that it is in. Where indentation does not tell, as within a text of several lines, the piece does not
follow its grammar, which is seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FEW_LINES = 80
"""A block is not long up to here."""

MOST_LINES = 400
"""A longer block than that is no piece: it is most of the text."""

_BRACKET = re.compile(r"[()\[\]{}]")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENS_ALONE = "{"
_CLOSERS = (")", "]", "}", '"""', "'''")


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
    if last - first > MOST_LINES:
        return None
    above = "".join(_head(lines, head) for head in reversed(heads[1:]))
    return above + "".join(lines[first:line]), "".join(lines[line + 1 : last]) + closers(above)


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


def _head(lines: Sequence[str], head: int) -> str:
    """A head, with what opens its block on the next line."""
    return "".join(lines[head : head + 1 + (lines[head + 1].strip() == _OPENS_ALONE)])


def _between_blocks(lines: Sequence[str], line: int, comment: str) -> tuple[str, str] | None:
    """For a line that is not indented: the block before it and the one after it."""
    first = next((n for n in range(line - 1, -1, -1) if _is_outermost(lines[n], comment)), 0)
    last = _end(lines, _end(lines, line + 1, 0, comment) + 1, 0, comment)
    return (
        ("".join(lines[first:line]), "".join(lines[line + 1 : last])) if last - first <= MOST_LINES else None
    )


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
    return not bare.startswith(_CLOSERS) and not (comment and bare.startswith(comment))


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
