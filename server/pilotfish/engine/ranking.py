"""The order of whole lines, for who asks by hand and may wait for a wider search.

Token by token a line is judged by what stands before each of its tokens. Some things can be told of a line
only when it is finished (`traits`), and some lines are proposed as a whole (`parallels`, `alongside`). A sum
of small decision trees puts the candidates in order, fitted by `tests/quality/fit_ranking.py` on public code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilotfish.engine.alongside import Alongside, as_hypothesis
from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.forest import Forest
from pilotfish.engine.parallels import Parallel
from pilotfish.engine.places import Weights
from pilotfish.engine.scene import Scene
from pilotfish.engine.traits import FEATURES, traits

MOST = 12
"""So many candidates are compared, and with them all that are proposed."""

_VOTES = FEATURES.index("votes")


@dataclass(frozen=True, slots=True)
class Order:
    """Lines, the most probably right one first.

    Attributes:
        lines: in their order.
        shares: float64[n], how much of the belief in all of them is in each; together 1.
        votes: float64[n], how much the lines close by that stand elsewhere speak for each.
    """

    lines: list[Hypothesis]
    shares: Weights
    votes: Weights


def ranked(
    lines: Sequence[Hypothesis],
    proposals: Sequence[tuple[Hypothesis, Parallel]],
    beside: Alongside,
    scene: Scene,
) -> Order:
    """The first candidates and what is proposed in a new order."""
    some, orders = compared(lines, proposals, beside, scene)
    if not some:
        return Order([], np.zeros(0), np.zeros(0))
    numbers = traits(some, orders, beside, scene)
    scores = numbers[:, 0] + Forest.load("ranking.json").scores(numbers)
    best = np.argsort(-scores, kind="stable")
    odds = np.exp(scores[best] - scores[best[0]], dtype=np.float64)
    votes = numbers[best, _VOTES].astype(np.float64)
    return Order([some[number] for number in best.tolist()], odds / odds.sum(), votes)


def compared(
    lines: Sequence[Hypothesis],
    proposals: Sequence[tuple[Hypothesis, Parallel]],
    beside: Alongside,
    scene: Scene,
) -> tuple[list[Hypothesis], list[Parallel | None]]:
    """What is to be put in order; and which order each continues, if it does."""
    orders = {line.tokens: order for line, order in proposals}
    some = list(lines[:MOST])
    found = {line.tokens for line in some}
    some += [line for line, _ in proposals if line.tokens not in found]
    found |= orders.keys()
    some += [as_hypothesis(tokens, scene) for tokens in beside.best if tokens not in found]
    return some, [orders.get(line.tokens) for line in some]
