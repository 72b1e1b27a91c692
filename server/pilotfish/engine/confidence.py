"""How sure the engine is of a line: the probability that it is exactly what would be written.

Two logistic regressions: for lines that come while typing, in the order of the search, and for those that
were asked for, in the order of `ranking`. Both were fitted by `tests/quality/fit_confidence.py`, on other
lines than the mixture and the order were. `docs/engine.md` shows how true they are on repositories that
nothing was fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, expm1, inf, log, log1p

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.places import Weights
from pilotfish.engine.scene import Scene

_ANY = ("one", "odds", "match", "midline", "agreed", "repeated", "begun", "letters")
TRAITS = {"typing": (*_ANY, "lead"), "asked": (*_ANY, "share", "votes")}
"""What is known of a line, in the order of its numbers.

One; the logarithm of its odds by the search; its longest match by codes; whether tokens stand before the
cursor on its line; whether a line says the same that stands, elsewhere, before the one below; whether it
stands next to the cursor already, and then the three before are nothing; whether a word is begun, and by how
many letters.

While typing, how many nats it is ahead of the others. Asked by hand, the logarithm of its odds in the new
order, and how much the lines close by that stand elsewhere speak for it.
"""

LEAST_ODDS, MOST_ODDS = -4.0, 4.6
"""What the search takes for even less likely, or for even surer, is not told apart."""

LEAST_SHARE = 0.02
"""The same for the new order, at either end."""

LONG_MATCH = 24
"""Matches of so many tokens, or more, count fully."""

MANY_LETTERS = 8
"""So do so many letters."""

FAR_AHEAD = 1.0
"""So do so many nats."""


def while_typing(lines: Sequence[Hypothesis], scene: Scene) -> list[float]:
    """For each line, best first, the probability, 0 to 1, that it is exactly right."""
    scores = np.array([line.score for line in lines])
    second, first = np.sort([-inf, -inf, *scores])[-2:]
    leads = scores - np.where(scores == first, second, first)
    return claims("typing", traits(lines, scene), np.clip(leads, -FAR_AHEAD, FAR_AHEAD))


def when_asked(lines: Sequence[Hypothesis], shares: Weights, votes: Weights, scene: Scene) -> list[float]:
    """The same for lines in a new order.

    Args:
        lines: best first.
        shares: float64[n], 0 to 1, how much of its belief the new order gives each.
        votes: float64[n], how much the lines close by that stand elsewhere speak for each.
        scene: where they would stand.
    """
    shares = np.clip(shares, LEAST_SHARE, 1 - LEAST_SHARE)
    return claims("asked", traits(lines, scene), np.log(shares / (1 - shares)), votes)


def claims(when: str, any_traits: Weights, *more: Weights) -> list[float]:
    """The probabilities of lines of which so much is known, in the order of `TRAITS`."""
    odds = np.column_stack([any_traits, *more]) @ weights(when)
    # What comes first is the surest, also where it is not the most probable.
    return sorted((1 / (1 + np.exp(-odds))).tolist(), reverse=True)


def lowest_score(confidence: float, scene: Scene) -> float:
    """A score that a line must have to reach this confidence while typing, whatever else speaks for it."""
    if not 0 < confidence < 1:
        return inf if confidence > 0 else -inf
    known = weights("typing")
    best = (1, 0, 1, bool(scene.lead), bool(scene.node.agree.any()), 0, *_begun(scene), FAR_AHEAD)
    odds = (log(confidence / (1 - confidence)) - float(known @ best)) / float(known[1])
    if not LEAST_ODDS < odds <= MOST_ODDS:
        return inf if odds > 0 else -inf
    return -log1p(exp(-odds))


@cache
def weights(when: str) -> Weights:
    """What was fitted, in the order of `TRAITS`."""
    stored = json.loads(files("pilotfish.engine").joinpath("confidence.json").read_text("utf-8"))
    return np.array([stored[when][name] for name in TRAITS[when]])


def traits(lines: Sequence[Hypothesis], scene: Scene) -> Weights:
    """float64[n, 8]: what is known of any lines, in the order of `TRAITS`."""
    midline, begun = bool(scene.lead), _begun(scene)
    rows: list[tuple[float, ...]] = []
    for line in lines:
        merits = longest(line.node.trace.coded.length), midline, bool(line.node.agree.any())
        is_known = is_repeat(line, scene)
        rows.append((1, _odds(line.score), *((0, 0, 0) if is_known else merits), is_known, *begun))
    return np.array(rows, np.float64).reshape(len(rows), len(_ANY))


def _odds(score: float) -> float:
    """The logarithm of the odds of what has this log probability, within limits."""
    return min(max(score - log(max(-expm1(score), 1e-9)), LEAST_ODDS), MOST_ODDS)


def _begun(scene: Scene) -> tuple[bool, float]:
    """Whether a word is begun, and by how many letters, as a share of many."""
    return bool(scene.partial), min(len(scene.partial), MANY_LETTERS) / MANY_LETTERS


def longest(lengths: NDArray[np.int64]) -> float:
    """The longest match, as a share of a long one."""
    return min(int(lengths.max(initial=0)), LONG_MATCH) / LONG_MATCH


def is_repeat(line: Hypothesis, scene: Scene) -> bool:
    """Whether the whole line stands next to the cursor already."""
    return (*scene.lead, *line.tokens, *scene.rest) in scene.around.repeats
