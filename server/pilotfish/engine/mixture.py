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

MOST_ROWS = 16
"""So many contexts are asked about at once, at most."""


@dataclass(slots=True, eq=False)
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
        at = kept.nonzero()[0]
        share, length = self.share.T.take(at, axis=1).T, self.length.T.take(at, axis=1).T
        some = (self.row[at], self.token[at], share, length)
        return Evidence(*some, self.voters, self.begin[at], self.end[at])


def evidence(places: Places, voice: Positions, rows: int) -> Evidence:
    """What each voice says comes next in each of `rows` contexts; `voice` is that of each place."""
    row, length = places.row, places.length
    order, begin = _by_candidate(row, places.token)
    end = np.append(begin[1:], len(order))
    first = order[begin]
    group = np.empty(len(order), np.int64)
    group[order] = np.repeat(np.arange(len(begin)), end - begin)
    # One line for each voice: along lines of any length numpy is fast, across four columns it is not.
    cell = voice * len(begin) + group
    longest = np.zeros((VOICES, len(begin)), np.int64)
    np.maximum.at(longest.ravel(), cell, length)
    speaker = voice * rows + row
    gain = _gain(speaker, places, _SPEAKERS * rows + row[first], longest, rows)
    heard = places.weight * gain[speaker, length]
    share = np.bincount(cell, heard, longest.size).astype(np.float64).reshape(VOICES, -1)
    return Evidence(row[first], places.token[first], share.T, longest.T, order, begin, end)


def _by_candidate(row: Positions, token: Ids) -> tuple[Positions, Positions]:
    """All places, those of a row side by side, and in it those for a token; and where each token begins."""
    # The row in the high bits, so that candidates come sorted by row; the rest tells tokens apart.
    key = (token * _SPREAD) >> _ROW_BITS
    key |= row.astype(np.uint64) << _ROW_SHIFT
    order = key.argsort()
    key = key[order]
    fresh = np.ones(len(key), np.bool_)
    np.not_equal(key[1:], key[:-1], out=fresh[1:])
    return order, fresh.nonzero()[0]


def _gain(
    speaker: Positions, places: Places, speaker_of: Positions, longest: Positions, rows: int
) -> NDArray[np.float64]:
    """float64[VOICES * rows, DEPTH + 1], G(m) of the module's text for each voice in each row.

    Args:
        speaker: who gives each place, as a row of the result.
        places: what is given.
        speaker_of: int64[VOICES, candidates], the same of each candidate in each voice.
        longest: of the same shape, the longest match there; 0 where there is none.
        rows: how many contexts there are.
    """
    size = VOICES * rows * _LENGTHS
    # The longest first: so what matches at least so many tokens is a running sum, in reading order.
    exactly = (
        np.bincount(speaker * _LENGTHS + (DEPTH - places.length), places.weight, size),
        np.bincount((speaker_of * _LENGTHS + (DEPTH - longest)).ravel(), None, size),
    )
    votes, kinds = np.concatenate(exactly, dtype=np.float64).reshape(2, -1, _LENGTHS).cumsum(axis=2)
    kinds += _TINY
    votes += kinds
    longer = np.ones_like(votes)
    np.cumprod((kinds / votes)[:, :-1], axis=1, out=longer[:, 1:])
    gain = longer / votes  # (1 - l) / n is 1 / (n + d).
    gain[:, -1] = 0  # Places that match nothing were not looked for.
    return np.asarray(gain[:, ::-1].cumsum(axis=1))


_TINY = 1e-9
_LENGTHS = DEPTH + 1
_SPEAKERS = np.arange(VOICES)[:, None]
_ROW_BITS, _ROW_SHIFT = np.uint64(4), np.uint64(60)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
