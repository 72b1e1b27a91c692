"""How sure the engine is of a candidate: the probability that it is exactly what would be written.

A logistic regression of four things that are known of a line, fitted by `tests/quality/fit_engine.py` on
other lines than the mixture was. The plot in `docs/engine.md` shows how true it is on repositories that
neither has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.scene import Scene

BIAS, SCORE, MATCH, MIDLINE, AGREED = -0.264, 1.937, 1.134, 0.889, 0.849
"""Weights of: one; the log probability; the longest match by codes; tokens before the cursor on its line; a
line that stands elsewhere before the line below and is the same."""

REPEATED = 2.0
"""What a line loses, with all its merits but the score, that already stands next to the cursor."""

LONG_MATCH = 24
"""Matches of so many tokens, or more, count fully."""


def confidences(lines: Sequence[Hypothesis], scene: Scene) -> list[float]:
    """For each line the probability, 0 to 1, that it is exactly right."""
    # What comes first is the surest, also where it is not the most probable.
    return sorted((1 / (1 + exp(-_odds(line, scene))) for line in lines), reverse=True)


def lowest_score(confidence: float, scene: Scene) -> float:
    """A score that a line must have to reach this confidence, whatever else is to be said for it."""
    if confidence <= 0:
        return -inf
    odds = log(confidence / (1 - confidence)) if confidence < 1 else inf
    return (odds - BIAS - MATCH - MIDLINE * bool(scene.lead) - AGREED) / SCORE


def _odds(line: Hypothesis, scene: Scene) -> float:
    """The logarithm of the odds; a score is at most 0, so nothing overflows above, and below it is cut."""
    match, midline, agreed = traits(line, scene)
    if is_repeat(line, scene):
        return max(BIAS + SCORE * line.score - REPEATED, -50.0)
    return max(BIAS + SCORE * line.score + MATCH * match + MIDLINE * midline + AGREED * agreed, -50.0)


def traits(line: Hypothesis, scene: Scene) -> tuple[float, bool, bool]:
    """What is known of a line besides its score, each 0 to 1, in the order of the weights."""
    return longest(line.node.trace.coded.length), bool(scene.lead), bool(line.node.agree.any())


def longest(lengths: NDArray[np.int64]) -> float:
    """The longest match, as a share of a long one."""
    return min(int(lengths.max(initial=0)), LONG_MATCH) / LONG_MATCH


def is_repeat(line: Hypothesis, scene: Scene) -> bool:
    """Whether the whole line stands next to the cursor already."""
    return (*scene.lead, *line.tokens, *scene.rest) in scene.around.repeats
