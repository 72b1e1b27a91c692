"""Heads of functions that were written on several lines, as they are written on one."""

from __future__ import annotations

import re


def on_one_line(head: str, text: str, language: str) -> str:
    """A head without the comments, blanks and comma that only several lines ask for.

    Args:
        head: its lines joined by blanks, as an outline has it.
        text: the lines that it was written on, and what follows them.
        language: the id of its language.
    """
    mark = "#" if language == "python" else "//"
    if mark in head:
        head = _without_comments(head, text, re.compile(rf"(?:^|\s){mark}.*"))
    head = head.replace("( ", "(", 1)
    depth = 0
    for place, sign in enumerate(head):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == ")" and depth == 0:
            return head[:place].rstrip(", ") + head[place:]
    return head


def _without_comments(head: str, text: str, comment: re.Pattern[str]) -> str:
    whole, kept = "", ""
    for line in text.split("\n"):
        above, whole = whole, " ".join(f"{whole} {line}".split())
        if whole.startswith(head):
            return f"{kept} {head[len(above) :].strip()}".strip()
        kept = f"{kept} {comment.sub('', line).strip()}".strip()
    return head
