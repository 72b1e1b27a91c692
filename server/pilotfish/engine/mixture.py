"""From places to probabilities: Witten-Bell interpolation over every match length, voice by voice.

For one context and one voice let n(k) be the weight of all places that match at least k tokens and d(k) how
many different tokens stand there. Then P(k) = (1 - l(k)) * votes(k) / n(k) + l(k) * P(k - 1) with l(k) =
d(k) / (n(k) + d(k)), from the longest match down. Unrolled, a place of length m adds weight * G(m) to its
token, where G(m) is the sum over k <= m of (1 - l(k)) / n(k) * the product of l(j) over j > k: one table a
context, one look-up a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.places import DEPTH, Places, Weights
from pilotfish.index.segment import Ids, Positions

VOICES = 4
"""Places speak with one of so many voices, which are mixed by `judge`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each candidate token, one element for each token of each row, sorted by row.

    Attributes:
        row: which context.
        token: identity of the token.
        share: float64[n, VOICES], what each voice gives it.
        length: int64[n, VOICES], the longest match of each voice that it follows.
        voters: numbers of the places that were asked, those for one candidate side by side.
        begin, end: int64[n], where in `voters` those for each candidate are.
    """

    row: Positions
    token: Ids
    share: Weights
    length: Positions
    voters: Positions
    begin: Positions
    end: Positions

    def __getitem__(self, kept: NDArray[np.bool_]) -> Evidence:
        """What speaks for some of the candidates."""
        rows = (self.row[kept], self.token[kept], self.share[kept], self.length[kept])
        return Evidence(*rows, self.voters, self.begin[kept], self.end[kept])


def evidence(places: Places, voice: Positions, rows: int) -> Evidence:
    """What each voice says comes next in each of `rows` contexts; `voice` is that of each place."""
    # The row in the high bits, so that candidates come sorted by row; the rest tells tokens apart.
    key = places.row.astype(np.uint64) << np.uint64(64 - _ROW_BITS)
    key |= (places.token * _SPREAD) >> np.uint64(_ROW_BITS)
    order = np.argsort(key)
    ordered = key[order]
    fresh = np.ones(len(key), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    begin = np.flatnonzero(fresh)
    first = order[begin]
    group = np.empty(len(key), np.int64)
    group[order] = np.cumsum(fresh) - 1
    row = places.row[first]
    cell = group * VOICES + voice
    longest = np.zeros(len(first) * VOICES, np.int64)
    np.maximum.at(longest, cell, places.length)
    speaker = places.row * VOICES + voice
    of_cell = (row[:, None] * VOICES + np.arange(VOICES)).ravel()
    votes = _at_least(speaker, places.length, rows * VOICES, places.weight)
    kinds = _at_least(of_cell, longest, rows * VOICES, None)
    gain = _gain(votes, kinds)
    heard = places.weight * gain[speaker, places.length]
    share = np.bincount(cell, heard, len(first) * VOICES).astype(np.float64).reshape(-1, VOICES)
    end = np.append(begin[1:], len(key))
    return Evidence(row, places.token[first], share, longest.reshape(-1, VOICES), order, begin, end)


def _at_least(row: Positions, length: Positions, rows: int, weight: Weights | None) -> NDArray[np.float64]:
    """[row, k]: the weight of elements whose length is at least k."""
    exact = np.bincount(row * (DEPTH + 1) + length, weight, rows * (DEPTH + 1)).reshape(rows, DEPTH + 1)
    return exact[:, ::-1].cumsum(axis=1)[:, ::-1].astype(np.float64)


def _gain(votes: NDArray[np.float64], kinds: NDArray[np.float64]) -> NDArray[np.float64]:
    """G(m) of the module's text for each row."""
    escape = np.where(votes > 0, kinds / np.maximum(votes + kinds, 1e-9), 1.0)
    escape[:, 0] = 1.0  # Places that match nothing were not looked for.
    longer = np.ones_like(escape)
    longer[:, :-1] = escape[:, :0:-1].cumprod(axis=1)[:, ::-1]
    return ((1 - escape) * longer / np.maximum(votes, 1e-9)).cumsum(axis=1)


_ROW_BITS = 4
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
