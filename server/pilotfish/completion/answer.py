"""Taking the code out of what a chat model says: thoughts, tags, fences and prose around it are left.

It knows the two ways in which `prompt/chat.py` asks: between tags, or by the beginning of the answer.
"""

from __future__ import annotations

import re
from typing import Literal

from pilotfish.prompt.chat import CLOSING, FENCE, OPENING

AskedAs = Literal["hole", "tags", "begun"]
"""A hole filled by a model trained for it; a conversation that wants tags; one whose answer was begun."""

_FENCE_LINE = re.compile(rf"^[ \t]*{FENCE}(?P<language>[^\n`]*)\n", re.MULTILINE)
_END_OF_FENCE = re.compile(rf"^[ \t]*{FENCE}", re.MULTILINE)
_THOUGHTS = re.compile(r"<think>.*?(?:</think>\s*|\Z)", re.DOTALL)


def code_in(text: str, asked_as: AskedAs) -> str:
    """The code in an answer, also in one that has only partly come; empty while there is none yet."""
    if asked_as == "hole":
        return text
    text = _THOUGHTS.sub("", text)
    if OPENING in text:
        text = text.split(OPENING, 1)[1].split(CLOSING, 1)[0]
        asked_as = "begun"  # what is left may still be fenced, and is code if it is not
    opened = _FENCE_LINE.search(text)
    # A begun answer has its fence already, so one that names a language means: begun once more, with a word
    # of explanation before it.
    if opened is not None and (
        asked_as == "tags" or opened["language"].strip() or not text[: opened.start()].strip()
    ):
        text = text[opened.end() :]
    elif asked_as == "tags":
        return ""
    if (closed := _END_OF_FENCE.search(text)) is not None:
        text = text[: closed.start()].removesuffix("\n")
    return text


def without_repeats(text: str, above: list[str], before: str) -> str:
    """The text without what it says again of the lines above the cursor and of the cursor's line.

    Args:
        text: an answer, lines separated by newlines.
        above: the lines above the cursor, without their ends.
        before: the cursor's line up to the cursor.
    """
    lines = text.split("\n")
    said = [line.strip() for line in lines]
    standing = [line.strip() for line in above]
    for count in range(min(len(said) - 1, len(standing)), 0, -1):
        if said[:count] == standing[-count:] and any(said[:count]):
            lines = lines[count:]
            break
    if not before.strip():
        while len(lines) > 1 and not lines[0].strip():
            lines = lines[1:]
        return "\n".join([_without_indent(lines[0], before), *lines[1:]])
    first = lines[0]
    if first.strip().startswith(before.strip()):
        first = first[first.index(before.strip()) + len(before.strip()) :]
    if before != before.rstrip():  # a beginning cannot end in white space, so it is said again
        first = first.lstrip(" \t")
    return "\n".join([first, *lines[1:]])


def _without_indent(line: str, indent: str) -> str:
    return line.removeprefix(indent) if line.startswith(indent) else line.lstrip(" \t")
