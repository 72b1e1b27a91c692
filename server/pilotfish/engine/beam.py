"""Beam search for the most probable ends of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.mixture import Forecast, forecast
from pilotfish.engine.places import Source, joined
from pilotfish.engine.scene import Scene
from pilotfish.index.segment import Ids
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import BREAK_BIT, token_id

BEAM = 5
WIDTH = 128
"""Places that are asked of each source for each hypothesis."""

LONGEST = 48
"""A line is given up after this many tokens."""

MARGIN = 4.0
"""Hypotheses that fall so far (in nats) behind the best finished one are dropped."""

_BRACKETS = {
    token_id(lead + sign): step
    for lead in ("", " ")
    for signs, step in (("([{", 1), (")]}", -1))
    for sign in signs
}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A beginning of what might be written.

    Attributes:
        context: uint64[DEPTH], the tokens before its end, the nearest first.
        tokens: identities of what it adds at the cursor.
        score: its log probability.
    """

    context: Ids
    tokens: tuple[int, ...] = ()
    score: float = 0.0

    def extended(self, token: int, score: float) -> Hypothesis:
        """With one more token, at a new total score."""
        return Hypothesis(after(self.context, token), (*self.tokens, token), score)

    @property
    def is_balanced(self) -> bool:
        """Whether it closes every bracket that it opens, and no other."""
        depth = 0
        for token in self.tokens:
            depth += _BRACKETS.get(token, 0)
            if depth < 0:
                return False
        return depth == 0


def search(scene: Scene) -> Steps[list[Hypothesis]]:
    """The most probable ways to end the cursor's line, best first; yields after each token."""
    active, done = [Hypothesis(scene.context)], list[Hypothesis]()
    for step in range(LONGEST):
        seen = ahead(np.stack([one.context for one in active]), scene.sources, WIDTH)
        scores = np.array([one.score for one in active])[seen.row] + np.log(seen.probability)
        ends = _is_end(seen.token, scene.rest)
        if step:
            done += [one for one in _ended(active, seen, ends) if not scene.rest or one.is_balanced]
        elif scene.partial:
            scores[~scene.spell.starting(seen.token, scene.partial)] = -np.inf
        scores[seen.token >= np.uint64(BREAK_BIT)] = -np.inf
        floor = max((one.score for one in done), default=-np.inf) - MARGIN
        best = np.argsort(-scores, kind="stable")[:BEAM]
        active = [
            active[seen.row[i]].extended(int(seen.token[i]), float(scores[i]))
            for i in best.tolist()
            if scores[i] > floor
        ]
        if not active:
            break
        yield
    return sorted(done, key=lambda one: -one.score)


def ahead(contexts: Ids, sources: Sequence[Source], width: int) -> Forecast:
    """What comes after each of `contexts`, uint64[rows, DEPTH]."""
    return forecast(joined([source.places(contexts, width) for source in sources]), len(contexts))


def after(context: Ids, token: int) -> Ids:
    """The context one token later."""
    later = np.empty_like(context)
    later[0] = token
    later[1:] = context[:-1]
    return later


def _is_end(tokens: Ids, rest: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which tokens end a candidate: the one that stands after the cursor, or a break where nothing does."""
    ends: NDArray[np.bool_] = tokens == np.uint64(rest[0]) if rest else tokens >= np.uint64(BREAK_BIT)
    return ends


def _ended(active: Sequence[Hypothesis], seen: Forecast, ends: NDArray[np.bool_]) -> list[Hypothesis]:
    """Each hypothesis as it would be if it ended here, where it can."""
    share = np.bincount(seen.row[ends], seen.probability[ends], len(active)).tolist()
    return [
        Hypothesis(one.context, one.tokens, one.score + log(part))
        for one, part in zip(active, share, strict=True)
        if part > 0
    ]
