"""Beam search for the most probable ends of the line.

Looking for places in the index is the dear part. So a hypothesis that is carried by a long match is not
looked up again: its places are *followed* token by token, and only hypotheses without such a trail are
searched afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.brackets import STEPS
from pilotfish.engine.judge import Forecast
from pilotfish.engine.mixture import Evidence, evidence
from pilotfish.engine.near import BETWEEN, EXACT, Trace
from pilotfish.engine.places import Places, joined, nowhere
from pilotfish.engine.scene import Scene
from pilotfish.index.segment import Ids
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import BREAK_BIT

BEAM = 4
WIDTH = 64
"""Places that are asked of each segment for each hypothesis."""

TRAIL = 4
"""Places that match so many tokens are followed instead of searched again."""

AGREED = 13
"""Where all places that match so many tokens say the same, nothing else is asked."""

AGREED_SHARE = 0.98
"""How probable that is then."""

LONGEST = 48
"""A line is given up after this many tokens."""

LONGEST_BEFORE_REST = 16
"""The same where the line goes on behind the cursor: what is missing in the middle is short, or not found."""

LAG, CLOSE = 1.4, 0.5
"""Hypotheses that are so far (in nats) behind the best, or behind the best that has ended, are dropped."""

UNBALANCED = 2.0
"""What a line loses (in nats) that does not close the brackets which the text around it wants closed."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A beginning of what might be written.

    Attributes:
        context: uint64[DEPTH], the tokens before its end, the nearest first.
        trace: its matches in the near text.
        agree: which lines of `scene.between` begin like it.
        depth: how many brackets are open, counted from the start of the line.
        tokens: identities of what it adds at the cursor.
        score: its log probability.
        trail: the places of the index that gave its last token, if they match long enough to be followed.
    """

    context: Ids
    trace: Trace
    agree: NDArray[np.bool_]
    depth: int
    tokens: tuple[int, ...] = ()
    score: float = 0.0
    trail: Places | None = None

    @property
    def is_balanced(self) -> bool:
        """Whether it closes every bracket that it opens, and no other."""
        depth = 0
        for token in self.tokens:
            depth += STEPS.get(token, 0)
            if depth < 0:
                return False
        return depth == 0


def search(scene: Scene, first: Hypothesis | None = None) -> Steps[list[Hypothesis]]:
    """The most probable ways to end the cursor's line, best first, all of which begin with `first`.

    Yields after each token.
    """
    active, done = [first or start(scene)], list[Hypothesis]()
    for _ in range(LONGEST_BEFORE_REST if scene.rest else LONGEST):
        places, seen = look_ahead(active, scene)
        if not len(seen.row):
            break
        scores = np.array([one.score for one in active])[seen.row] + np.log(seen.probability)
        ends = _is_end(seen.token, scene.rest)
        if active[0].tokens:
            ended = [one for one in _ended(active, seen, ends) if not scene.rest or one.is_balanced]
            done += [_doubted(one, scene) for one in ended]
        elif scene.partial:
            scores[~scene.spell.starting(seen.token, scene.partial)] = -np.inf
        scores[seen.token >= np.uint64(BREAK_BIT)] = -np.inf
        best = np.argsort(-scores, kind="stable")[:BEAM]
        finished = max((one.score for one in done), default=-np.inf)
        floor = max(finished - CLOSE, float(scores[best[0]]) - LAG)
        active = [
            extended(active[row], row, int(seen.token[i]), float(scores[i]), places, scene)
            for i in best.tolist()
            if scores[i] > floor
            for row in (int(seen.row[i]),)
        ]
        if not active:
            break
        yield
    return sorted(done, key=lambda one: -one.score)


def start(scene: Scene) -> Hypothesis:
    """The hypothesis that adds nothing yet."""
    depth = sum(STEPS.get(token, 0) for token in scene.lead)
    return Hypothesis(scene.context, scene.trace, scene.between.start(), depth)


def look_ahead(active: Sequence[Hypothesis], scene: Scene) -> tuple[Places, Forecast]:
    """As `look`, which is spared the hypotheses of which every long match says the same."""
    agreed = [(row, found) for row, one in enumerate(active) if (found := _agreed(one, scene)) is not None]
    if not agreed:
        return look(active, scene)
    rows = np.array([row for row, _ in agreed])
    tokens = np.array([token for _, (token, _) in agreed], np.uint64)
    seen = Forecast(rows, tokens, np.full(len(rows), AGREED_SHARE))
    parts = [replace(places, row=np.full(len(places.row), row)) for row, (_, places) in agreed]
    rest = np.delete(np.arange(len(active)), rows)
    if len(rest):
        places, open_ = look([active[row] for row in rest.tolist()], scene)
        parts.append(replace(places, row=rest[places.row]))
        seen = Forecast(
            np.concatenate([rows, rest[open_.row]]),
            np.concatenate([tokens, open_.token]),
            np.concatenate([seen.probability, open_.probability]),
        )
    return joined(parts), seen


def _agreed(one: Hypothesis, scene: Scene) -> tuple[int, Places] | None:
    """The one token that all long matches give, and its places in the index; None where they differ."""
    if scene.partial and not one.tokens:
        return None
    followed = scene.index.followed(one.trail) if one.trail is not None else nowhere()
    tokens = scene.near.sure(one.trace, AGREED)
    tokens = np.concatenate([tokens, followed.token[followed.length >= AGREED]])
    if not len(tokens) or (scene.rest and tokens[0] >= np.uint64(BREAK_BIT)):
        return None
    lines = scene.between.places([one.agree], len(one.tokens)).token
    if (tokens != tokens[0]).any() or (lines != tokens[0]).any():
        return None
    return int(tokens[0]), followed


def look(active: Sequence[Hypothesis], scene: Scene) -> tuple[Places, Forecast]:
    """All places of hypotheses of the same length, a row each, and what they say comes next."""
    places, found = gather(active, scene)
    depths = np.array([one.depth for one in active])
    lines = np.array([scene.lead + one.tokens for one in active], np.uint64)
    return places, scene.judge.forecast(found, depths, lines)


def gather(active: Sequence[Hypothesis], scene: Scene) -> tuple[Places, Evidence]:
    """All places of hypotheses of the same length, a row each, and what speaks for each candidate."""
    rows, written = len(active), len(active[0].tokens)
    scope = scene.judge.scope
    none = np.zeros(rows * len(scope), np.int64)
    in_scope = Places(
        np.repeat(np.arange(rows), len(scope)),
        np.tile(scope, rows),
        none,
        none.astype(np.float64),
        none,
        none,
    )
    parts = [
        scene.near.places([one.trace for one in active]),
        scene.between.places([one.agree for one in active], written),
        in_scope,
    ]
    fresh = [row for row, one in enumerate(active) if one.trail is None]
    if fresh:
        found = scene.index.places(np.stack([active[row].context for row in fresh]), WIDTH)
        parts.append(replace(found, row=np.array(fresh)[found.row]))
    trails = [
        replace(one.trail, row=np.full(len(one.trail.row), row))
        for row, one in enumerate(active)
        if one.trail is not None
    ]
    if trails:
        parts.append(scene.index.followed(joined(trails)))
    places = joined(parts)
    voice = np.where(places.source <= BETWEEN, places.source, EXACT)
    return places, evidence(places, voice, rows)


def extended(one: Hypothesis, row: int, token: int, score: float, places: Places, scene: Scene) -> Hypothesis:
    """With one more token, at a new total score."""
    voters = np.flatnonzero(
        (places.row == row) & (places.token == np.uint64(token)) & (places.source > BETWEEN)
    )
    trail = places[voters] if len(voters) and places.length[voters].max() >= TRAIL else None
    context = np.empty_like(one.context)
    context[0] = token
    context[1:] = one.context[:-1]
    return Hypothesis(
        context,
        scene.near.extended(one.trace, token),
        scene.between.agreeing(one.agree, len(one.tokens), token),
        one.depth + STEPS.get(token, 0),
        (*one.tokens, token),
        score,
        trail,
    )


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


def _doubted(one: Hypothesis, scene: Scene) -> Hypothesis:
    """A line that has ended, less probable where it leaves brackets open or closes too many."""
    if scene.owed is None or one.depth + scene.owed == 0:
        return one
    return replace(one, score=one.score - UNBALANCED)
