"""How probable each candidate token is, from all that speaks for it: a small learned mixture.

Each candidate gets some twenty numbers (`FEATURES`); a perceptron with one hidden layer makes a score of
them, and a softmax over the candidates a probability. It was fitted by `tests/quality/fit_engine.py` on
public code in five languages; it knows nothing of any language or word, only of how the voices are to be
weighed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.brackets import is_closing
from pilotfish.engine.mixture import VOICES, Evidence
from pilotfish.engine.names import is_name, is_word
from pilotfish.engine.near import Near
from pilotfish.engine.places import Weights
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT, SPACE_BIT

FEATURES = (
    *(f"share_{voice}" for voice in ("exact", "own", "region", "between")),
    *(f"length_{voice}" for voice in ("exact", "own", "region", "between")),
    *(f"longest_{voice}" for voice in ("exact", "own", "region")),
    *("is_name", "is_keyword", "is_break", "closes", "recent", "soon", "breaks_inside", "overcloses"),
    *("again", "as_below", "starts", "has_below", "written"),
)
"""Log of each voice's share; the longest match that the candidate, and any, has in each voice; what the token
is; how near it occurs above and below the cursor; whether it ends the line within brackets or closes what is
not open; whether its word is on the line already; whether the line below starts so; about the line itself."""

FLOOR = 1e-4
"""Added to shares before the logarithm."""

SCOPE_BEFORE, SCOPE_BELOW = 24, 12
"""So many of the last names above the cursor, and of the next below, are candidates at any rate."""

SLIGHT, CLOSE = 0.004, (0.5, 0.35)
"""Other candidates are dropped: those to which no voice gives this share, and that are not so near above, or
below."""

_SCOPE_TOKENS = 120
_NEARNESS_TOKENS = 8.0

_BREAK, _SPACE = np.uint64(BREAK_BIT), np.uint64(SPACE_BIT)

Numbers = NDArray[np.floating[Any]]


class Network:
    """The perceptron: score = tanh(x @ inner + bias) @ outer + x @ direct."""

    def __init__(self, inner: Numbers, bias: Numbers, outer: Numbers, direct: Numbers) -> None:
        self._inner, self._bias, self._outer, self._direct = inner, bias, outer, direct

    @classmethod
    @cache
    def load(cls, name: str) -> Network:
        """One that was fitted, by the name of its file."""
        stored = json.loads(files("pilotfish.engine").joinpath(name).read_text("utf-8"))
        return cls(*(np.array(stored[name], np.float32) for name in ("inner", "bias", "outer", "direct")))

    def scores(self, features: Numbers) -> Numbers:
        """One score for each row of features."""
        hidden: Numbers = np.tanh(features @ self._inner + self._bias)
        scores: Numbers = hidden @ self._outer + features @ self._direct
        return scores


class Judge:
    """Weighs the evidence of one question.

    Args:
        network: what was learned.
        near: the own document is looked at for names in scope.
        below: the tokens of the line below the cursor, without its break.
    """

    def __init__(self, network: Network, near: Near, below: Ids) -> None:
        self._network = network
        self._below = tuple(below.tolist())
        above, after = near.own_above, near.own_below
        self._words = near.words
        self._nearness = 1 / (1 + np.log1p(near.how_near.T / _NEARNESS_TOKENS))
        self._close = near.words[(self._nearness.T > CLOSE).any(axis=1)]
        self.scope: Ids = np.concatenate(
            [_first_names(above[::-1], SCOPE_BEFORE), _first_names(after, SCOPE_BELOW)]
        )

    def probabilities(
        self, evidence: Evidence, depths: Positions, lines: Sequence[tuple[int, ...]]
    ) -> Weights:
        """The probability of each candidate among those of its row.

        Args:
            evidence: what speaks for which candidate.
            depths: int64[rows], how many brackets each hypothesis has open.
            lines: the tokens that each has on the cursor's line.
        """
        if not len(evidence.row):
            return np.zeros(0)
        scores = self._network.scores(self.features(evidence, depths, lines)).astype(np.float64)
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / np.bincount(evidence.row, odds)[evidence.row])

    def promising(self, evidence: Evidence) -> Evidence:
        """The candidates that some voice gives more than a slight share, or that occur close by."""
        words = evidence.token >> _SPACE
        is_close = self._close.take(self._close.searchsorted(words), mode="clip") == words
        return evidence[is_close | (evidence.share.max(axis=1) > SLIGHT)]

    def features(self, evidence: Evidence, depths: Positions, lines: Sequence[tuple[int, ...]]) -> Numbers:
        """float32[candidates, len(FEATURES)]."""
        token, row = evidence.token, evidence.row
        features = np.empty((len(FEATURES), len(token)), np.float32)
        features[:VOICES] = np.log(evidence.share.T + FLOOR)
        features[VOICES : 2 * VOICES] = evidence.length.T / 12
        starts = np.minimum(row.searchsorted(np.arange(len(depths))), len(row) - 1)
        longest = np.maximum.reduceat(evidence.length.T, starts, axis=1)
        features[2 * VOICES : 3 * VOICES - 1] = longest[: VOICES - 1, row] / 12
        word, name = is_word(token), is_name(token)
        ends, closes = token >= _BREAK, is_closing(token)
        is_open = depths[row] > 0
        written = np.array([len(line) for line in lines])
        on_line = np.array(list(zip_longest(*lines, fillvalue=0)), np.uint64).reshape(-1, len(lines))
        again = word & ((on_line[:, row] ^ token) <= _SPACE).any(axis=0)
        columns = (
            *(name, word & ~name, ends, closes, *self._near(token)),
            *(ends & is_open, closes & ~is_open, again, self._is_as_below(token, row, lines)),
            *((written == 0)[row], len(self._below) > 0, np.minimum(written, 20)[row] / 10),
        )
        for number, column in enumerate(columns, 3 * VOICES - 1):
            features[number] = column
        return features.T

    def _near(self, token: Ids) -> Numbers:
        """How near above, and below, the cursor each occurs: 1 there, falling slowly, 0 where it does not."""
        words = token >> _SPACE
        at = np.minimum(self._words.searchsorted(words), len(self._words) - 1)
        nearness: Numbers = self._nearness.take(at, axis=1) * (self._words[at] == words)
        return nearness

    def _is_as_below(self, token: Ids, row: Positions, lines: Sequence[tuple[int, ...]]) -> NDArray[np.bool_]:
        """Whether the candidate would make the line begin, or end, like the one below."""
        found = np.zeros(len(token), np.bool_)
        below = self._below
        for number, line in enumerate(lines):
            if below and below[: len(line)] == line:
                is_next = token == np.uint64(below[len(line)]) if len(line) < len(below) else token >= _BREAK
                found |= (row == number) & is_next
        return found


def _first_names(tokens: Ids, count: int) -> Ids:
    """The first different names of a run of tokens."""
    some = tokens[:_SCOPE_TOKENS]
    names = some[is_name(some)]
    _, first = np.unique(names >> np.uint64(1), return_index=True)
    return np.asarray(names[np.sort(first)[:count]])
