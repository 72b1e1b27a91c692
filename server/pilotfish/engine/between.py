"""Lines that stand, elsewhere, before the very line that follows the cursor.

Such a line is a candidate for the cursor's place, the more so the better what stands before it matches too,
and the further the text goes on as it does below the cursor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.near import BETWEEN, Near
from pilotfish.engine.places import DEPTH, Places, SegmentSource, nowhere, share
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT

LONGEST = 40
"""Tokens of a line; longer ones are left out."""

OWN_WEIGHT = 3.0
"""What a line of an open document counts; one of the index counts 1."""

WIDTH = 200
"""So many places are looked at in all sources together."""

FURTHER = 24
"""So many tokens after the line below are compared."""

GOES_ON = 0.3
"""By the exponential of so much, for each token that is equal there, a line counts more."""

_SEEN = LONGEST + DEPTH


class Between:
    """The lines found for one question.

    Args:
        below: the line after the cursor, its break first; nothing is found where it is empty.
        further: up to `FURTHER` tokens after that line.
        context: the tokens before the cursor's line, the nearest first: its break.
    """

    def __init__(
        self,
        below: Ids,
        further: Ids,
        context: Ids,
        near: Near,
        sources: Sequence[SegmentSource],
    ) -> None:
        pattern = below[:DEPTH]
        found, beyond = [np.zeros((0, _SEEN), np.uint64)], [np.zeros((0, FURTHER), np.uint64)]
        if len(pattern) > 1:
            before, after = near.around(pattern[1:], _SEEN, FURTHER)
            found.append(before)
            beyond.append(after)
            wanted = np.zeros((1, DEPTH), np.uint64)
            wanted[0, : len(pattern)] = pattern[::-1]
            for source in sources:
                places = source.places(wanted, share(WIDTH, sources))
                enough = min(int(places.length.max(initial=0)), len(pattern))
                if enough >= len(pattern) - 1:
                    ends = places.position[places.length >= enough]
                    found.append(source.around(ends - len(pattern), -_SEEN, 0))
                    beyond.append(source.around(ends, 0, FURTHER))
        weight = np.repeat([0.0, OWN_WEIGHT, *[1.0] * len(found)][: len(found)], [len(one) for one in found])
        weight *= np.exp(GOES_ON * _equal(np.concatenate(beyond), further))
        backwards = np.concatenate(found)[:, ::-1]
        ends_at = (backwards >= np.uint64(BREAK_BIT)).argmax(axis=1)
        kept = (ends_at > 0) & (ends_at <= LONGEST)
        self._tokens, self._length = _lines(backwards[kept], ends_at[kept], context)
        self._weight = weight[kept]

    def start(self) -> NDArray[np.bool_]:
        """Which lines agree with an empty hypothesis."""
        return np.ones(len(self._tokens), np.bool_)

    def agreeing(self, agree: NDArray[np.bool_], written: int, token: int) -> NDArray[np.bool_]:
        """Which lines still agree once `token` is written after `written` tokens of the line."""
        if not len(agree):
            return agree
        agrees: NDArray[np.bool_] = agree & (self._tokens[:, min(written, LONGEST)] == np.uint64(token))
        return agrees

    def beginning(self, line: Sequence[int]) -> NDArray[np.bool_]:
        """Which lines begin with these tokens."""
        begins = self._tokens[:, : len(line)] == np.array(line[: LONGEST + 1], np.uint64)
        return np.asarray(begins.all(axis=1))

    def places(self, agree: Sequence[NDArray[np.bool_]], written: Sequence[int]) -> Places:
        """The votes of the lines that agree with each beginning, of so many tokens."""
        if not len(self._tokens):
            return nowhere()
        row, line = np.nonzero(np.stack(agree))
        token = self._tokens[line, np.minimum(written, LONGEST)[row]]
        kept = token != 0
        row, line, token = row[kept], line[kept], token[kept]
        source = np.full(len(row), BETWEEN)
        return Places(row, token, self._length[line], self._weight[line], source, line)


def _equal(rows: Ids, wanted: Ids) -> Positions:
    """How many tokens at the start of each row equal the wanted ones."""
    differs = np.ones((len(rows), len(wanted) + 1), np.bool_)
    np.not_equal(rows[:, : len(wanted)], wanted, out=differs[:, :-1])
    return np.asarray(differs.argmax(axis=1))


def _lines(backwards: Ids, size: Positions, context: Ids) -> tuple[Ids, Positions]:
    """The last lines of runs of tokens that are given from their ends on, `size` tokens each.

    Returns:
        uint64[lines, LONGEST + 1], the tokens of each, a break after them, then 0; and one more than how many
        tokens before it equal the context's.
    """
    rows = np.arange(len(size))[:, None]
    at = size[:, None] - 1 - np.arange(LONGEST + 1)
    tokens = np.where(at >= 0, backwards[rows, np.maximum(at, 0)], np.uint64(0))
    tokens[rows[:, 0], size] = np.uint64(BREAK_BIT)
    before = np.zeros(DEPTH, np.uint64)
    before[: len(context)] = context[:DEPTH]
    differs = backwards[rows, size[:, None] + np.arange(DEPTH)] != before
    differs[:, DEPTH - 1] = True
    return tokens, differs.argmax(axis=1) + 1
