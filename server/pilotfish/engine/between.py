"""Lines that stand, elsewhere, before the very line that follows the cursor.

Such a line is a candidate for the cursor's place, the more so the better what stands before it matches too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.near import BETWEEN, Near
from pilotfish.engine.places import DEPTH, Places, SegmentSource
from pilotfish.index.segment import Ids
from pilotfish.syntax.lexer import BREAK_BIT

LONGEST = 40
"""Tokens of a line; longer ones are left out."""

OWN_WEIGHT = 3.0
"""What a line of an open document counts; one of the index counts 1."""

WIDTH = 64
"""So many places are looked at in each source."""


class Between:
    """The lines found for one question.

    Args:
        below: the line after the cursor, its break first; nothing is found where it is empty.
        lead: the tokens of the cursor's line before the cursor.
        context: the tokens before `lead`, the nearest first, which is the break of the cursor's line.
    """

    def __init__(
        self, below: Ids, lead: Ids, context: Ids, near: Near, sources: Sequence[SegmentSource]
    ) -> None:
        self._lead = len(lead)
        pattern = below[:DEPTH]
        found: list[tuple[Ids, float]] = []
        if len(pattern) > 1:
            found += [(tokens, OWN_WEIGHT) for tokens in near.before(pattern[1:], LONGEST + DEPTH)]
            wanted = np.zeros((1, DEPTH), np.uint64)
            wanted[0, : len(pattern)] = pattern[::-1]
            for source in sources:
                places = source.places(wanted, WIDTH)
                enough = min(int(places.length.max(initial=0)), len(pattern))
                if enough < len(pattern) - 1:
                    continue
                ends = places.position[places.length >= enough] - len(pattern)
                found += [(tokens, 1.0) for tokens in source.before(ends, LONGEST + DEPTH)]
        lines = [(*_split(tokens, context), weight) for tokens, weight in found]
        lines = [one for one in lines if len(one[0]) and (one[0][: len(lead)] == lead[: len(one[0])]).all()]
        self._tokens = np.zeros((len(lines), LONGEST + 1), np.uint64)
        for number, (tokens, _, _) in enumerate(lines):
            self._tokens[number, : len(tokens)] = tokens
            self._tokens[number, len(tokens)] = np.uint64(BREAK_BIT)
        self._length = np.array([length for _, length, _ in lines], np.int64)
        self._weight = np.array([weight for _, _, weight in lines])

    def start(self) -> NDArray[np.bool_]:
        """Which lines agree with an empty hypothesis."""
        return np.ones(len(self._tokens), np.bool_)

    def agreeing(self, agree: NDArray[np.bool_], written: int, token: int) -> NDArray[np.bool_]:
        """Which lines still agree once `token` is written after `written` tokens of the hypothesis."""
        at = min(self._lead + written, LONGEST)
        agrees: NDArray[np.bool_] = agree & (self._tokens[:, at] == np.uint64(token))
        return agrees

    def places(self, agree: Sequence[NDArray[np.bool_]], written: int) -> Places:
        """The votes of the lines that agree with each hypothesis, all of which have `written` tokens."""
        row, line = np.nonzero(np.stack(agree))
        token = self._tokens[line, min(self._lead + written, LONGEST)]
        kept = token != 0
        row, line, token = row[kept], line[kept], token[kept]
        source = np.full(len(row), BETWEEN)
        return Places(row, token, self._length[line], self._weight[line], source, line)


def _split(tokens: Ids, context: Ids) -> tuple[Ids, int]:
    """The last line of a run of tokens, and one more than how many tokens before it equal the context's."""
    breaks = np.flatnonzero(tokens >= np.uint64(BREAK_BIT))
    if not len(breaks) or len(tokens) - breaks[-1] - 1 > LONGEST:
        return tokens[:0], 0
    line = tokens[breaks[-1] + 1 :]
    before = tokens[: breaks[-1] + 1][::-1]
    compared = min(len(before), len(context), DEPTH - 1)
    differs = np.flatnonzero(before[:compared] != context[:compared])
    return line, int(differs[0] if len(differs) else compared) + 1
