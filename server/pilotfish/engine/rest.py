"""What already stands after the cursor on its line, as evidence for what is written before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import exp, log

from pilotfish.engine.beam import Hypothesis, extended
from pilotfish.engine.scene import Scene
from pilotfish.platform.steps import Steps

TOKENS = 4
"""So many tokens after the cursor are looked at."""

RESCORED = 3
"""So many candidates are scored anew; the others are dropped."""

_UNSEEN = 1e-4


def rescored(lines: Sequence[Hypothesis], scene: Scene) -> Steps[list[Hypothesis]]:
    """The candidates in a new order: those come first after which the rest of the line is to be expected."""
    best = list(lines[:RESCORED])
    if len(best) < 2 or len(scene.rest) < 2:
        return list(lines)
    scores, grown = [line.score for line in best], best
    # The first token of the rest is already in the score: it is what ended the candidate.
    for token, expected in pairwise(scene.rest[: TOKENS + 1]):
        grown = [extended(one, token, 0.0, None, scene) for one in grown]
        looks = scene.tree.looks([one.node for one in grown])
        scores = [
            score + log(exp(look.score_of(expected)) + _UNSEEN)
            for score, look in zip(scores, looks, strict=True)
        ]
        yield
    moved = [replace(line, score=score) for line, score in zip(best, scores, strict=True)]
    return sorted(moved, key=lambda line: -line.score)
