"""The order of whole lines, for who asks by hand and may wait for a wider search.

Token by token a line is judged by what stands before each of its tokens. Some things can be told of a line
only when it is finished (`traits`), and some lines are proposed as a whole (`parallels`, `alongside`). A sum
of small decision trees puts the candidates in order, fitted by `tests/quality/fit_ranking.py` on public code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pilotfish.engine.alongside import Alongside, as_hypothesis
from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.forest import Forest
from pilotfish.engine.parallels import Parallel
from pilotfish.engine.scene import Scene
from pilotfish.engine.traits import traits

MOST = 12
"""So many candidates are compared, and with them all that are proposed."""


def ranked(
    lines: Sequence[Hypothesis],
    proposals: Sequence[tuple[Hypothesis, Parallel]],
    beside: Alongside,
    scene: Scene,
) -> list[Hypothesis]:
    """The first candidates and what is proposed in a new order, the most probably right one first."""
    some, orders = compared(lines, proposals, beside, scene)
    if len(some) < 2:
        return some
    numbers = traits(some, orders, beside, scene)
    scores = numbers[:, 0] + Forest.load("ranking.json").scores(numbers)
    return [some[number] for number in np.argsort(-scores, kind="stable").tolist()]


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
