"""From places to probabilities: Witten-Bell interpolation over every match length, in closed form.

For one context let n(k) be the weight of all places that match at least k tokens and d(k) how many different
tokens stand there. Then P(k) = (1 - l(k)) * votes(k) / n(k) + l(k) * P(k - 1) with l(k) = d(k) / (n(k) +
d(k)), from the longest match down. Unrolled, a place of length m adds weight * G(m) to its token, where
G(m) is the sum over k <= m of (1 - l(k)) / n(k) * the product of l(j) over j > k: one table a context, one
look-up a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.places import DEPTH, Places, Weights
from pilotfish.index.segment import Ids, Positions


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes next, one element for each token of each row.

    Attributes:
        row: which context.
        token: identity of the token.
        probability: its share.
        length: the longest match that it follows.
    """

    row: Positions
    token: Ids
    probability: Weights
    length: Positions


def forecast(places: Places, rows: int) -> Forecast:
    """The probability of each token that stands at some place, for each of `rows` contexts."""
    if not len(places.row):
        nothing = np.zeros(0, np.int64)
        return Forecast(nothing, nothing.astype(np.uint64), nothing.astype(np.float64), nothing)
    mixed = places.token ^ (places.row.astype(np.uint64) * _SPREAD)
    _, first, group = np.unique(mixed, return_index=True, return_inverse=True)
    row = places.row[first]
    longest = np.zeros(len(first), np.int64)
    np.maximum.at(longest, group, places.length)
    gain = _gain(
        _at_least(places.row, places.length, rows, places.weight), _at_least(row, longest, rows, None)
    )
    votes = places.weight * gain[places.row, places.length]
    probability = np.bincount(group, votes, len(first)).astype(np.float64)
    return Forecast(row, places.token[first], probability, longest)


def _at_least(row: Positions, length: Positions, rows: int, weight: Weights | None) -> NDArray[np.float64]:
    """[row, k]: the weight of elements whose length is at least k."""
    exact = np.bincount(row * (DEPTH + 1) + length, weight, rows * (DEPTH + 1)).reshape(rows, DEPTH + 1)
    return exact[:, ::-1].cumsum(axis=1)[:, ::-1].astype(np.float64)


def _gain(votes: NDArray[np.float64], kinds: NDArray[np.float64]) -> NDArray[np.float64]:
    """G(m) of the module's text for each row."""
    kinds = kinds * ESCAPE
    escape = np.where(votes > 0, kinds / np.maximum(votes + kinds, 1e-9), 1.0)
    escape[:, 0] = 1.0  # Places that match nothing were not looked for.
    longer = np.ones_like(escape)
    longer[:, :-1] = escape[:, :0:-1].cumprod(axis=1)[:, ::-1]
    return ((1 - escape) * longer / np.maximum(votes, 1e-9)).cumsum(axis=1)


ESCAPE = 1.0
"""How strongly a variety of tokens speaks for something unseen."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
