"""What stands around the cursor already is not offered again: before it, after it, and on the next lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pilotfish.completion.extent import unpaired
from pilotfish.completion.gap import Gap

LINES_SAID_AGAIN = 20
CLOSERS = frozenset(")]}>\"'`;,: \t")

_NAME = re.compile(r"(?:[^\W\d]\w*\.)*[^\W\d]\w+[.(\[]?")
"""What a model begins anew with: a word of some letters, or names with dots, perhaps with what opens next."""


def lines_above(text: str, gap: Gap) -> str:
    """Models like to begin with lines that stand above the cursor."""
    lines = text.split("\n")
    standing = [line for line, _ in zip(gap.above(), range(LINES_SAID_AGAIN), strict=False)][::-1]
    for count in range(min(len(lines) - 1, len(standing)), 0, -1):
        said, there = lines[:count], standing[-count:]
        # A lone bracket may well come twice, but not on a line that is indented already.
        is_the_same = said == there and any(said) and bool(gap.before) and gap.before.isspace()
        if is_the_same or (_bare(said) == _bare(there) and any(map(_says_something, said))):
            return "\n".join(lines[count:])
    return text


def said_again(text: str, gap: Gap) -> str:
    """Or with the beginning of the cursor's own line, or of the name at the cursor."""
    text = lines_above(text, gap)
    before = gap.before
    if not before.strip():
        return text.lstrip("\n") if not before or text.strip() else text
    there = before.strip()
    if text.lstrip().startswith(there):
        text = text.lstrip("\n")
    first, newline, more = text.partition("\n")
    if first.strip().startswith(there) and len(there) > 1:
        first = first[first.index(there) + len(there) :]
        if before != before.rstrip():  # the blank at its end is said again as well
            first = first.lstrip(" \t")
    else:
        first = first[_overlap(before, first) :]
    if before[-1:] == " " and gap.asked_as != "hole":  # a beginning cannot end in white space
        first = first.lstrip(" \t")
    return first + newline + more


def rest_of_line(text: str, gap: Gap) -> str:
    """What stands after the cursor is not offered again, closing brackets of the editor's making included."""
    after = gap.after.rstrip()
    if not after:
        return text
    first, newline, more = text.partition("\n")
    if first.rstrip().endswith(after) and not set(after) <= CLOSERS:
        return first.rstrip()[: -len(after)] + newline + more
    kept = [first, *(first[:at] for at in _closed_again(gap.before, first, after[0]))]
    for length in range(1, min(len(after), len(first)) + 1):
        if set(after[:length]) <= CLOSERS and first.endswith(after[:length]):
            kept.append(first[:-length])
    # Of the ways to leave some out, the one after which the brackets fit best; then the shortest.
    best = min(sorted(kept, key=len), key=lambda each: _unfit(gap.before + each + after))
    # What comes behind a bracket that is closed already has no place before it, and further lines neither.
    return best + newline + more if after.startswith(first[len(best) :]) else best


def lines_below(text: str, gap: Gap) -> str:
    """Never the line that already stands below: cut where the text begins to repeat what follows."""
    lines = text.split("\n")
    below = [line.rstrip() for line in islice(filter(str.strip, gap.below()), len(lines))]
    if not below:
        return text
    said = [line.rstrip() for line in (gap.before + lines[0], *lines[1:])]
    for number, line in enumerate(said):
        if line.strip() == below[0].strip() and len(line.strip()) > 2:
            return "\n".join(lines[:number])
        rest = [each for each in said[number:] if each]
        if number and rest and _repeats(rest, below):
            return "\n".join(lines[:number])
    return text


def _bare(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines]


def _says_something(line: str) -> bool:
    """Whether a line can be known again: a lone bracket may well come twice."""
    return any(map(str.isalnum, line))


def _overlap(before: str, first: str) -> int:
    """How many characters of the name right before the cursor the text begins with once more."""
    for start in range(max(0, len(before) - len(first)), len(before) - 1):
        whole_word = start == 0 or not (before[start - 1].isalnum() or before[start - 1] in "_.")
        if whole_word and first.startswith(before[start:]) and _NAME.fullmatch(before[start:]):
            return len(before) - start
    return 0


def _repeats(rest: list[str], below: list[str]) -> bool:
    """Whether all that is left to say stands below, the last line perhaps not to its end.

    Brackets alone can be told apart by their indentation only.
    """
    if len(rest) > len(below):
        return False
    there = below[: len(rest)]
    if any(map(_says_something, rest)):
        rest, there = _bare(rest), _bare(there)
        return rest[:-1] == there[:-1] and there[-1].startswith(rest[-1])
    return rest == there


def _closed_again(before: str, first: str, closer: str) -> Iterator[int]:
    """Where a text closes what is open before it, as the bracket or quote behind the cursor does already."""
    if closer in "\"'`":
        if before.count(closer) % 2 and closer in first:
            yield first.index(closer)
        return
    yield from (at for at in unpaired(first) if first[at] == closer)


def _unfit(line: str) -> int:
    """How many brackets and quotes of a line have no partner."""
    return len(unpaired(line)) + sum(line.count(quote) % 2 for quote in "\"'`")
