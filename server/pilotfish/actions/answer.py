"""Reading a model's answer: one fenced block, or search/replace blocks; what is anything else is refused.

The blocks are aider's (`<<<<<<< SEARCH`, `=======`, `>>>>>>> REPLACE`). An answer can only speak of the text
that the model was asked about: one that names another file is refused, and what is searched for must stand
there exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pilotfish.errors import AnswerUnusable

FENCE = "```"
SEARCH, DIVIDER, REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"
_PATH = re.compile(r"`?([\w.~-]*[/\\][\w./\\~-]+|[\w-]*\.[\w.-]{1,20})`?:?")


def new_text(answer: str, old: str, path: str) -> str:
    """What the answer makes of `old`, a stretch of the file `path`; line ends are those of `old`.

    Raises:
        AnswerUnusable: it cannot be applied to the letter.
    """
    answer = answer.replace("\r\n", "\n")
    lines = answer.split("\n")
    plain = old.replace("\r\n", "\n")
    if any(line.strip() == SEARCH for line in lines):
        made = _replaced(lines, plain, path)
    else:
        made = _with_last_line_end(reindented(fenced(answer), plain), plain)
    return made.replace("\n", "\r\n") if "\r\n" in old else made


def fenced(answer: str) -> str:
    """The text of the answer's only fenced block.

    Raises:
        AnswerUnusable: there is none, more than one, or it was cut off.
    """
    lines = answer.replace("\r\n", "\n").split("\n")
    fences = [number for number, line in enumerate(lines) if line.startswith(FENCE)]
    if not fences:
        raise AnswerUnusable("The model answered without code.", "no_code")
    if len(fences) == 1:
        raise AnswerUnusable("The model's answer was cut off.", "cut_off")
    if len(fences) > 2 or lines[fences[1]].strip() != FENCE:
        said = "The model answered with several pieces of code where one was asked for."
        raise AnswerUnusable(said, "several_pieces")
    first, last = fences
    return "".join(line + "\n" for line in lines[first + 1 : last])


def code_so_far(answer: str) -> str:
    """The whole lines of the fenced block as far as they have come; empty before it begins."""
    _, found, rest = ("\n" + answer.replace("\r\n", "\n")).partition("\n" + FENCE)
    _, begun, code = rest.partition("\n")
    if not (found and begun):
        return ""
    code = ("\n" + code).partition("\n" + FENCE)[0][1:]
    return code[: code.rfind("\n") + 1]


def reindented(text: str, old: str) -> str:
    """The text with the old one's indentation, where all of it was moved to the margin."""
    indent, was = _margin(text), _margin(old)
    if indent or not was:
        return text
    return "".join(was + line if line.strip() else line for line in text.splitlines(keepends=True))


def _replaced(lines: Sequence[str], old: str, path: str) -> str:
    made = old
    rest = list(enumerate(lines))
    while rest:
        number, line = rest.pop(0)
        if line.strip() in (DIVIDER, REPLACE):
            raise AnswerUnusable("The model's search/replace blocks are not well formed.", "bad_blocks")
        if line.strip() != SEARCH:
            continue
        _check_names_no_other_file(lines[:number], path)
        search, rest = _until(DIVIDER, rest)
        replace, rest = _until(REPLACE, rest)
        if not search:
            raise AnswerUnusable("The model named nothing to search for.", "bad_blocks")
        times = ("\n" + made).count("\n" + search)
        if times != 1:
            many = "not there" if times == 0 else f"there {times} times"
            raise AnswerUnusable(f"What the model wanted to replace is {many}.", "not_found")
        made = ("\n" + made).replace("\n" + search, "\n" + replace, 1)[1:]
    return made


def _until(mark: str, lines: list[tuple[int, str]]) -> tuple[str, list[tuple[int, str]]]:
    for place, (_, line) in enumerate(lines):
        if line.strip() == mark:
            return "".join(text + "\n" for _, text in lines[:place]), lines[place + 1 :]
        if line.strip() in (SEARCH, DIVIDER, REPLACE):
            break
    said = "The model's search/replace blocks are not well formed, or were cut off."
    raise AnswerUnusable(said, "bad_blocks")


def _check_names_no_other_file(above: Sequence[str], path: str) -> None:
    """The nearest line above a block that is not a fence may name the file."""
    named = next(
        (line.strip() for line in reversed(above) if line.strip() and not line.startswith(FENCE)), ""
    )
    match = _PATH.fullmatch(named)
    if match and match[1] not in (path, path.rsplit("/", 1)[-1]):
        said = f"The model wanted to change {match[1][:100]}, which it was not asked about."
        raise AnswerUnusable(said, "other_file")


def _margin(text: str) -> str:
    """The indentation that all lines share."""
    indents = [line[: len(line) - len(line.lstrip())] for line in text.split("\n") if line.strip()]
    return min(indents, key=len, default="")


def _with_last_line_end(text: str, old: str) -> str:
    return text if old.endswith("\n") or not old else text.removesuffix("\n")
