"""Kinds of work, each made up from a real file: what is typed is what stands there, so it can be judged.

Every generator is a function of a typist and a chance; it does one visit's worth of its work, and leaves the
text as it found it or as the file has it, so that visits can follow each other.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from pilotfish.bench.typist import Typist

MIN_LINE_CHARACTERS = 8
BODY_LINES = 6
KEYS_PER_VISIT = 12
KEYS_PER_FUNCTION = 48
_WORD = re.compile(r"[^\W\d]\w{2,}")

Generator = Callable[[Typist, random.Random], None]


def write_function(typist: Typist, chance: random.Random) -> None:
    """A body that is not there yet is written below the line that opens it."""
    places = list(bodies(typist.lines))
    if not places:
        return edit_in_the_middle(typist, chance)
    opener, end = chance.choice(places)
    body = "\n".join(["", *typist.lines[opener + 1 : end]])
    typist.cursor = opener, len(typist.lines[opener])
    typist.cut((end - 1, len(typist.lines[end - 1])))
    typist.go(*typist.cursor)
    typist.type(body[:KEYS_PER_FUNCTION])
    return typist.insert(body[KEYS_PER_FUNCTION:])


def edit_in_the_middle(typist: Typist, chance: random.Random) -> None:
    """A word in the middle of a line is written anew; what follows it stays."""
    line = _line(typist.lines, chance)
    words = list(_WORD.finditer(typist.lines[line]))[-3:]
    word = chance.choice(words)
    typist.cursor = line, word.start()
    typist.cut((line, word.end()))
    typist.go(line, word.start())
    typist.type(word.group()[:KEYS_PER_VISIT])
    typist.insert(word.group()[KEYS_PER_VISIT:])


def delete_and_retype(typist: Typist, chance: random.Random) -> None:
    """The end of a line is rubbed out, and then written again after all."""
    line = _line(typist.lines, chance)
    text = typist.lines[line]
    typist.go(line, len(text))
    rubbed = text[-KEYS_PER_VISIT // 2 :]
    typist.rub_out(len(rubbed))
    typist.type(rubbed)


def paste(typist: Typist, chance: random.Random) -> None:
    """Some lines of the file are pasted below another one, changed a little, and taken out again."""
    line = _line(typist.lines, chance)
    source = chance.randrange(max(len(typist.lines) - 10, 1))
    block = typist.lines[source : source + chance.randint(3, 10)]
    typist.go(line, len(typist.lines[line]))
    start = typist.cursor
    typist.paste("\n".join(["", *block]))
    rubbed = block[-1].strip()[-4:]
    typist.rub_out(len(rubbed))
    typist.type(rubbed)
    end, typist.cursor = typist.cursor, start
    typist.cut(end)


def jump(typist: Typist, chance: random.Random) -> None:
    """The cursor goes from place to place, stays at each for a moment, and comes back to the first."""
    places = [_line(typist.lines, chance) for _ in range(4)]
    for line in [*places, places[-1], places[0]]:
        typist.go(line, len(typist.lines[line]) // 2)


def accept_and_go_on(typist: Typist, chance: random.Random) -> None:
    """A line is begun, what is offered is taken, and the next line is begun."""
    line = _line(typist.lines, chance)
    text = typist.lines[line]
    first = len(text) - len(text.lstrip())
    typist.cursor = line, first
    typist.cut((line, len(text)))
    typist.go(line, first)
    begun = min(first + chance.randint(0, 3), len(text))
    typist.type(text[first:begun])
    typist.take(text[begun:])
    start = typist.cursor
    typist.type("\n" + text[:first])
    end, typist.cursor = typist.cursor, start
    typist.cut(end)


def finish_lines(typist: Typist, chance: random.Random) -> None:
    """The end of a line is not there yet; it is written key by key."""
    line = _line(typist.lines, chance)
    text = typist.lines[line]
    starts = [match.start() for match in re.finditer(r"\b\w|(?<=\w)\W", text[: -MIN_LINE_CHARACTERS // 2])]
    first = len(text) - len(text.lstrip())
    column = chance.choice(starts) if starts and chance.random() < 0.5 else first
    typist.cursor = line, column
    typist.cut((line, len(text)))
    typist.go(line, column)
    typist.type(text[column : column + KEYS_PER_VISIT])
    typist.insert(text[column + KEYS_PER_VISIT :])


GENERATORS: dict[str, Generator] = {
    "line": finish_lines,
    "new function": write_function,
    "middle": edit_in_the_middle,
    "retype": delete_and_retype,
    "paste": paste,
    "jump": jump,
    "accept": accept_and_go_on,
}


def worth_typing(lines: Sequence[str]) -> list[int]:
    """The numbers of the lines that have a word to type in them."""
    return [
        number
        for number, line in enumerate(lines)
        if len(line.strip()) >= MIN_LINE_CHARACTERS and len(line) <= 400 and _WORD.search(line)
    ]


def _line(lines: Sequence[str], chance: random.Random) -> int:
    return chance.choice(worth_typing(lines))


def bodies(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that open a deeper indented body of at least two lines, each with where it ends (exclusive)."""
    found = []
    for number in worth_typing(lines):
        depth, end = _depth(lines[number]), number + 1
        while end < min(len(lines), number + 1 + BODY_LINES) and _depth(lines[end]) > depth:
            end += 1
        if end >= number + 3:
            found.append((number, end))
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip()) if line.strip() else -1
