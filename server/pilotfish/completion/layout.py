"""Blanks: the document's own indentation, tabs and line ends, whatever the model is used to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pilotfish.completion.extent import opens_block
from pilotfish.completion.gap import Gap, indent_of, width

_REPEATED_LINES = 3
_LOOP = re.compile(r"(.{6,80}?)\1{3,}")


def plain_line_ends(text: str, _gap: Gap) -> str:
    r"""One kind of line end while we work: `\n`. The document's own are put back at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def indentation(text: str, gap: Gap) -> str:
    """Indent as the document does: its tabs or spaces, and relative to the cursor's line."""
    lines = text.split("\n")
    if not gap.before.strip():
        lines = _at_the_cursor(lines, gap)
    if len(lines) > 1:
        lines[1:] = _in_the_files_blanks(lines[1:], gap)
    return "\n".join(lines)


def repetition(text: str, _gap: Gap) -> str:
    """A model that has lost its thread says the same thing over and over: once is enough."""
    lines = text.split("\n")
    for number in range(len(lines) - _REPEATED_LINES + 1):
        same = lines[number : number + _REPEATED_LINES]
        if len(same[0].strip()) > 5 and len(set(same)) == 1:
            lines = lines[: number + 1]
            break
    kept: list[str] = []
    for line in lines:
        loop = _LOOP.search(line)
        if loop is not None and len(set(loop[1])) > 3:
            return "\n".join([*kept, line[: loop.end(1)]])
        kept.append(line)
    return "\n".join(kept)


def trailing_space(text: str, _gap: Gap) -> str:
    """No white space at line ends, and no blank lines at the end."""
    return "\n".join(line.rstrip(" \t") for line in text.split("\n")).rstrip("\n")


def document_line_ends(text: str, gap: Gap) -> str:
    """The line end that the document uses at the cursor, or above it."""
    if "\n" not in text:
        return text
    lines = gap.document.lines
    for number in (gap.line, gap.line - 1, 0):
        if 0 <= number < len(lines) and lines[number].endswith(("\n", "\r")):
            end = lines[number][len(lines[number].rstrip("\r\n")) :][-2:]
            return text.replace("\n", end if end in ("\r\n", "\r") else "\n")
    return text


def _at_the_cursor(lines: list[str], gap: Gap) -> list[str]:
    """On a line that holds blanks only, those are the user's: the text's own come off its first line.

    If its next lines were indented from the margin, and not from where the cursor is, they are moved.
    """
    own = indent_of(lines[0])
    if not gap.before and _may_start_with(own, gap):
        return lines
    first = lines[0][len(own) :]
    wanted = gap.indent
    if own == wanted or len(lines) == 1:
        return [first, *lines[1:]]
    follower = next(filter(str.strip, lines[1:]), "")
    deep, shift = width(indent_of(follower)), width(wanted) - width(own)
    from_margin = deep > width(own) and (own or (opens_block(first) and deep <= width(wanted)))
    if not from_margin or not shift:
        return [first, *lines[1:]]
    return [first, *(_moved(line, shift) for line in lines[1:])]


def _may_start_with(indent: str, gap: Gap) -> bool:
    """Whether a line that begins at the margin may be given this indentation: one that is used around it."""
    if not indent:
        return True
    above = gap.line_above
    return indent in (indent_of(above), indent_of(gap.line_below)) or (
        opens_block(above) and width(indent) > width(indent_of(above))
    )


def _moved(line: str, columns: int) -> str:
    if not line.strip():
        return ""
    return " " * max(0, width(indent_of(line)) + columns) + line.lstrip(" \t")


def _in_the_files_blanks(lines: list[str], gap: Gap) -> list[str]:
    """Lines with their leading blanks as the file has them: tabs, or spaces of its own step."""
    style = _style((gap.before, *gap.above(), *gap.below()))
    if style is None:
        return lines
    if style == "\t":
        step = _step(lines) or 4
        return [_with_tabs(line, step) for line in lines]
    return [
        line.replace("\t", style, len(indent_of(line))) if "\t" in indent_of(line) else line for line in lines
    ]


def _with_tabs(line: str, step: int) -> str:
    indent = indent_of(line)
    if " " not in indent:
        return line
    tabs, rest = divmod(len(indent.expandtabs(step)), step)
    return "\t" * tabs + " " * rest + line[len(indent) :]


def _style(around: Iterable[str]) -> str | None:
    """What one level of indentation is near the cursor: a tab, or so many spaces; None if nothing tells."""
    spaces: list[str] = []
    for line in around:
        indent = indent_of(line)
        if indent.startswith("\t"):
            return "\t"
        if len(indent) > 1:
            spaces.append(indent)
            if len(spaces) > 40:
                break
    return min(spaces, key=len) if spaces else None


def _step(lines: list[str]) -> int:
    """The smallest indentation by spaces in these lines."""
    return min((len(indent) for line in lines if (indent := indent_of(line)).startswith(" ")), default=0)
