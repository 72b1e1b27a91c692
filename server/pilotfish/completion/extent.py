"""How much is offered: the rest of a line, a statement, a block, or the lines up to the next blank one.

Where the cursor is decides first, then what the text itself opens. The same rule ends a model's stream as
soon as the answer is complete, and cuts what came beyond.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pilotfish.completion.gap import Gap, indent_of, width

_OPENERS, _CLOSERS = "([{", ")]}"
_STRING = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`""")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//).*$")
_BLOCK_OPENERS = (":", "{", "=>", "->")
_CLOSING = re.compile(r"\s*(?:[)\]}]|end\b)")
_BLOCK_WORDS = re.compile(r"(?:\b(?:do|then|begin)|\|)$")


class Reach(StrEnum):
    """How far a completion goes."""

    LINE = "line"
    STATEMENT = "statement"
    BLOCK = "block"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much fits.

    Attributes:
        reach: up to where.
        floor: columns of indentation: for a block of the line that opened it, else of the cursor's own line.
        max_lines: never more lines than these.
    """

    reach: Reach
    floor: int = 0
    max_lines: int = 1


def extent_at(gap: Gap) -> Extent:
    """What fits at the cursor, as far as that can be told before there is a text."""
    floor = width(gap.indent)
    if gap.after.strip() or gap.max_lines <= 1:
        return Extent(Reach.LINE, floor)
    if gap.before.strip():
        if opens_block(gap.before):
            return Extent(Reach.BLOCK, floor, gap.max_lines + 1)  # its first line end is only the opener's
        return Extent(Reach.STATEMENT, floor, gap.max_lines)
    above = gap.line_above
    opener = width(indent_of(above))
    if above and opens_block(above) and width(indent_of(gap.line_below)) <= opener < max(floor, opener + 1):
        return Extent(Reach.BLOCK, opener, gap.max_lines)
    return Extent(Reach.LINES, floor, gap.max_lines)


def end_of(text: str, extent: Extent) -> int | None:
    """Where the text has all that fits; None if it may still go on. Lines are separated by newlines."""
    reach = extent.reach
    if reach is Reach.STATEMENT and text[:1] == "\n":
        reach = Reach.LINES  # what stands on the line is complete: these are the next ones
    start, depth, taken = 0, 0, 0
    in_block = has_begun = False
    while True:
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        is_blank = not line.strip()
        if has_begun and not depth and not is_blank and _is_beyond(line, reach, extent.floor):
            closes = _CLOSING.match(line) and width(indent_of(line)) == extent.floor
            if not closes or not (in_block or reach is Reach.BLOCK):
                return start - 1
            return end if end >= 0 else None
        if end < 0:
            return None
        if is_blank and has_begun and not depth and reach is not Reach.BLOCK:
            return start - 1
        taken += 1
        if not is_blank:
            has_begun = True
            depth = max(0, depth + balance(line))
            in_block = in_block or opens_block(line)
        is_whole = reach is Reach.STATEMENT and not depth and not in_block
        if taken >= extent.max_lines or (has_begun and (reach is Reach.LINE or is_whole)):
            return end
        start = end + 1


def _is_beyond(line: str, reach: Reach, floor: int) -> bool:
    """Whether a line, not the first, no more belongs to what was begun."""
    column = width(indent_of(line))
    return column < floor if reach is Reach.LINES else column <= floor


def opens_block(line: str) -> bool:
    """Whether a line ends with what opens a block or a bracket, a comment behind it aside."""
    bare = _COMMENT.sub("", _STRING.sub("''", line)).rstrip()
    return bare.endswith(_BLOCK_OPENERS) or bare.endswith(tuple(_OPENERS)) or bool(_BLOCK_WORDS.search(bare))


def balance(line: str) -> int:
    """How many more brackets a line opens than it closes, strings and comments aside."""
    bare = _COMMENT.sub("", _STRING.sub("", line))
    return sum(map(bare.count, _OPENERS)) - sum(map(bare.count, _CLOSERS))


def unpaired(line: str) -> list[int]:
    """Where the brackets stand that a line opens without closing them, or the other way; strings aside."""
    blank = _STRING.sub(lambda string: " " * len(string[0]), line)
    opened: list[int] = []
    lone: list[int] = []
    for at, char in enumerate(blank):
        if char in _OPENERS:
            opened.append(at)
        elif char in _CLOSERS:
            if opened and _OPENERS.index(blank[opened[-1]]) == _CLOSERS.index(char):
                opened.pop()
            else:
                lone.append(at)
    return lone + opened
