"""Beam search for the most probable ends of the line.

Looking for places is the dear part. So a hypothesis that is carried by a long match is not looked up again:
its places are *followed* token by token, and only hypotheses without such a trail are searched afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.mixture import Forecast, forecast
from pilotfish.engine.places import Corpus, Places, joined
from pilotfish.engine.scene import Scene
from pilotfish.index.segment import Ids
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import BREAK_BIT, token_id

BEAM = 5
WIDTH = 64
"""Places that are asked of each source for each hypothesis."""

TRAIL = 6
"""Places that match so many tokens are followed instead of searched again."""

LONGEST = 48
"""A line is given up after this many tokens."""

LAG = 3.0
"""Hypotheses that fall so far (in nats) behind the best are dropped."""

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
        trail: the places that gave its last token, if they match long enough to be followed.
    """

    context: Ids
    tokens: tuple[int, ...] = ()
    score: float = 0.0
    trail: Places | None = None

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
        places = _places(active, scene.corpus)
        seen = forecast(places, len(active))
        scores = np.array([one.score for one in active])[seen.row] + np.log(seen.probability)
        ends = _is_end(seen.token, scene.rest)
        if step:
            done += [one for one in _ended(active, seen, ends) if not scene.rest or one.is_balanced]
        elif scene.partial:
            scores[~scene.spell.starting(seen.token, scene.partial)] = -np.inf
        scores[seen.token >= np.uint64(BREAK_BIT)] = -np.inf
        best = np.argsort(-scores, kind="stable")[:BEAM]
        floor = max([*(one.score for one in done), *scores[best[:1]].tolist()], default=0.0) - LAG
        active = [
            _extended(active[seen.row[i]], int(seen.row[i]), int(seen.token[i]), float(scores[i]), places)
            for i in best.tolist()
            if scores[i] > floor
        ]
        if not active:
            break
        yield
    return sorted(done, key=lambda one: -one.score)


def after(context: Ids, token: int) -> Ids:
    """The context one token later."""
    later = np.empty_like(context)
    later[0] = token
    later[1:] = context[:-1]
    return later


def _places(active: Sequence[Hypothesis], corpus: Corpus) -> Places:
    """The places of every hypothesis, its row being its number in the list."""
    parts = []
    fresh = [row for row, one in enumerate(active) if one.trail is None]
    if fresh:
        found = corpus.places(np.stack([active[row].context for row in fresh]), WIDTH)
        parts.append(replace(found, row=np.array(fresh)[found.row]))
    trails = [
        replace(one.trail, row=np.full(len(one.trail.row), row))
        for row, one in enumerate(active)
        if one.trail is not None
    ]
    if trails:
        parts.append(corpus.followed(joined(trails)))
    return joined(parts)


def _extended(one: Hypothesis, row: int, token: int, score: float, places: Places) -> Hypothesis:
    """With one more token, at a new total score."""
    voters = np.flatnonzero((places.row == row) & (places.token == np.uint64(token)))
    trail = places[voters] if places.length[voters].max() >= TRAIL else None
    return Hypothesis(after(one.context, token), (*one.tokens, token), score, trail)


def _is_end(tokens: Ids, rest: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which tokens end a candidate: the one that stands after the cursor, or a break where nothing does."""
    ends: NDArray[np.bool_] = tokens == np.uint64(rest[0]) if rest else tokens >= np.uint64(BREAK_BIT)
    return ends


def _ended(active: Sequence[Hypothesis], seen: Forecast, ends: NDArray[np.bool_]) -> list[Hypothesis]:
    """Each hypothesis as it would be if it ended here, where it can."""
    share = np.bincount(seen.row[ends], seen.probability[ends], len(active)).tolist()
    return [
        replace(one, score=one.score + log(part)) for one, part in zip(active, share, strict=True) if part > 0
    ]
