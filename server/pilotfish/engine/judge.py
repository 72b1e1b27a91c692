"""How probable each candidate token is, from all that speaks for it: a small learned mixture.

Each candidate gets some twenty numbers (`FEATURES`); a perceptron with one hidden layer makes a score of
them, and a softmax over the candidates a probability. It was fitted by `tools/fit_engine.py` on public code
in five languages; it knows nothing of any language or word, only of how the voices are to be weighed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.mixture import VOICES, Evidence
from pilotfish.engine.near import Near, is_name, is_word
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT, token_id

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

_SCOPE_TOKENS = 120
_NEARNESS_TOKENS = 8.0

Numbers = NDArray[np.floating[Any]]

OPENING = np.array(sorted(token_id(lead + sign) for lead in ("", " ") for sign in "([{"), np.uint64)
CLOSING = np.array(sorted(token_id(lead + sign) for lead in ("", " ") for sign in ")]}"), np.uint64)


class Network:
    """The perceptron: score = tanh(x @ inner + bias) @ outer + x @ direct."""

    def __init__(self, inner: Numbers, bias: Numbers, outer: Numbers, direct: Numbers) -> None:
        self._inner, self._bias, self._outer, self._direct = inner, bias, outer, direct

    @classmethod
    @cache
    def load(cls) -> Network:
        """The one that was fitted."""
        stored = json.loads(files("pilotfish.engine").joinpath("judge.json").read_text("utf-8"))
        return cls(*(np.array(stored[name], np.float32) for name in ("inner", "bias", "outer", "direct")))

    def scores(self, features: Numbers) -> Numbers:
        """One score for each row of features."""
        hidden: Numbers = np.tanh(features @ self._inner + self._bias)
        scores: Numbers = hidden @ self._outer + features @ self._direct
        return scores


@dataclass(frozen=True, slots=True)
class Forecast:
    """What comes next, one element for each token of each row.

    Attributes:
        row: which hypothesis.
        token: identity of the token.
        probability: its share.
    """

    row: Positions
    token: Ids
    probability: Numbers


class Judge:
    """Weighs the evidence of one question.

    Args:
        network: what was learned.
        near: the own document is looked at for names in scope.
        below: the tokens of the line below the cursor, without its break.
    """

    def __init__(self, network: Network, near: Near, below: Ids) -> None:
        self._network = network
        self._below = below
        above, after = near.own_above, near.own_below
        self._recent = _Nearness(above[::-1])
        self._soon = _Nearness(after)
        self.scope: Ids = np.concatenate(
            [_first_names(above[::-1], SCOPE_BEFORE), _first_names(after, SCOPE_BELOW)]
        )

    def forecast(self, evidence: Evidence, depths: Positions, lines: Ids) -> Forecast:
        """The probability of each candidate.

        Args:
            evidence: what speaks for which candidate.
            depths: int64[rows], how many brackets each hypothesis has open.
            lines: uint64[rows, tokens], what each has on the cursor's line.
        """
        features = self.features(evidence, depths, lines)
        scores = self._network.scores(features)
        starts = np.flatnonzero(np.diff(evidence.row, prepend=-1))
        sizes = np.diff(starts, append=len(scores))
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        probability = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
        return Forecast(evidence.row, evidence.token, probability)

    def features(self, evidence: Evidence, depths: Positions, lines: Ids) -> Numbers:
        """float64[candidates, len(FEATURES)]."""
        token, row = evidence.token, evidence.row
        features = np.empty((len(token), len(FEATURES)), np.float32)
        features[:, :VOICES] = np.log(evidence.share + FLOOR)
        features[:, VOICES : 2 * VOICES] = evidence.length / 12
        longest = np.zeros((len(depths), VOICES))
        np.maximum.at(longest, row, evidence.length)
        features[:, 2 * VOICES : 3 * VOICES - 1] = longest[row, : VOICES - 1] / 12
        word, name = is_word(token), is_name(token)
        ends = token >= np.uint64(BREAK_BIT)
        closes = CLOSING[np.minimum(np.searchsorted(CLOSING, token), len(CLOSING) - 1)] == token
        is_open = depths[row] > 0
        again = word & (((lines[row] ^ token[:, None]) >> np.uint64(1)) == 0).any(axis=1)
        written = lines.shape[1]
        columns = (
            *(name, word & ~name, ends, closes, self._recent(token), self._soon(token)),
            *(ends & is_open, closes & ~is_open, again, self._is_as_below(token, row, lines)),
            *(written == 0, len(self._below) > 0, min(written, 20) / 10),
        )
        for number, column in enumerate(columns, 3 * VOICES - 1):
            features[:, number] = column
        return features

    def _is_as_below(self, token: Ids, row: Positions, lines: Ids) -> NDArray[np.bool_]:
        """Whether the candidate would make the line begin, or end, like the one below."""
        written, below = lines.shape[1], self._below
        if written > len(below) or not len(below):
            return np.zeros(len(token), np.bool_)
        same = (lines == below[:written]).all(axis=1)
        wanted = token == below[written] if written < len(below) else token >= np.uint64(BREAK_BIT)
        return np.asarray(same[row] & wanted)


class _Nearness:
    """How near the start of a run of tokens a word occurs: 1 there, falling slowly, 0 where it does not."""

    def __init__(self, tokens: Ids) -> None:
        words = tokens >> np.uint64(1)
        self._words, first = np.unique(words, return_index=True)
        self._value = 1 / (1 + np.log1p(first / _NEARNESS_TOKENS))

    def __call__(self, tokens: Ids) -> Numbers:
        words = tokens >> np.uint64(1)
        if not len(self._words):
            return np.zeros(len(words))
        at = np.minimum(np.searchsorted(self._words, words), len(self._words) - 1)
        return np.where(self._words[at] == words, self._value[at], 0.0)


def _first_names(tokens: Ids, count: int) -> Ids:
    """The first different names of a run of tokens."""
    some = tokens[:_SCOPE_TOKENS]
    names = some[is_name(some)]
    _, first = np.unique(names >> np.uint64(1), return_index=True)
    return np.asarray(names[np.sort(first)[:count]])
