"""Lines as the protocol counts them."""

from __future__ import annotations

import io


def split_lines(text: str) -> list[str]:
    r"""Cut into lines, each with its own end; only `\n`, `\r\n` and `\r` end one.

    `str.splitlines` also ends lines at U+2028, `\x0b` and others, which no editor counts. The last line has
    no end and may be empty, so there is always at least one.
    """
    lines = io.StringIO(text, newline="").readlines()
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


def lines_between(text: str, start: int, end: int) -> str:
    """The lines from `start` up to but not including `end` of those that `split_lines` makes."""
    if "\r" in text:
        return "".join(split_lines(text)[start:end])
    lines = text.split("\n", end)
    last_end = "\n" if start < end < len(lines) else ""
    return "\n".join(lines[start:end]) + last_end
