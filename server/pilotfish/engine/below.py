"""What already follows the cursor, on its line and below, as evidence for what stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pilotfish.engine.beam import Hypothesis, after
from pilotfish.engine.mixture import forecast
from pilotfish.engine.scene import Scene
from pilotfish.platform.steps import Steps

SHARE = 0.3
"""How much the log probability of the line below counts, against that of the cursor's own line."""

TOKENS = 10
"""So much of the line below is looked at, and of the rest of the cursor's line."""

RESCORED = 6
"""So many candidates are scored anew; the others are dropped."""

_WIDTH = 32
_UNSEEN = 1e-4


def rescored(lines: Sequence[Hypothesis], scene: Scene) -> Steps[list[Hypothesis]]:
    """The candidates in a new order: those come first after which what follows is to be expected."""
    rest, below = scene.rest[:TOKENS], scene.below[:TOKENS]
    best, target = lines[:RESCORED], rest + below
    if len(best) < 2 or not target:
        return list(best)
    contexts = []
    for line in best:
        context = line.context
        for token in target:
            contexts.append(context)
            context = after(context, token)
    seen = forecast(scene.corpus.places(np.stack(contexts), _WIDTH), len(contexts))
    yield
    wanted = np.array(target * len(best), np.uint64)
    hit = seen.token == wanted[seen.row]
    probability = np.full(len(wanted), _UNSEEN)
    probability[seen.row[hit]] += seen.probability[hit]
    # The first token of the rest is already in the score: it is what ended the candidate.
    share = np.array([0.0, *[1.0] * len(rest)][: len(rest)] + [SHARE] * len(below))
    evidence = np.log(probability).reshape(len(best), len(target)) @ share
    evidence -= evidence.max()
    moved = [
        replace(line, score=line.score + more) for line, more in zip(best, evidence.tolist(), strict=True)
    ]
    return sorted(moved, key=lambda line: -line.score)
