"""Beam search for the most probable ends of the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import inf

from pilotfish.engine.brackets import STEPS
from pilotfish.engine.node import Look, Node
from pilotfish.engine.places import Places
from pilotfish.engine.scene import Scene
from pilotfish.platform.steps import Steps

LONGEST = 48
"""A line is given up after this many tokens."""

LONGEST_BEFORE_REST = 16
"""The same where the line goes on behind the cursor: what is missing in the middle is short, or not found."""

UNBALANCED = 2.0
"""What a line loses (in nats) that does not close the brackets which the text around it wants closed."""


@dataclass(frozen=True, slots=True)
class Breadth:
    """How much is searched.

    Attributes:
        beam: so many beginnings are followed.
        lag: those that are so far (in nats) behind the best are dropped,
        close: and those that are so far behind the best that has ended.
        unlikely: where the best scores less, it alone is followed, to have a line at all.
    """

    beam: int
    lag: float
    close: float
    unlikely: float


NARROW = Breadth(4, 1.4, 0.5, -3.0)
"""For the best line alone."""

WIDE = Breadth(6, 2.5, 1.5, -4.0)
"""For several that are then put in order."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A beginning of what might be written.

    Attributes:
        node: what is known of the line up to its end.
        tokens: identities of what it adds at the cursor.
        score: its log probability.
    """

    node: Node
    tokens: tuple[int, ...] = ()
    score: float = 0.0

    @property
    def is_balanced(self) -> bool:
        """Whether it closes every bracket that it opens, and no other."""
        depth = 0
        for token in self.tokens:
            depth += STEPS.get(token, 0)
            if depth < 0:
                return False
        return depth == 0


def search(
    scene: Scene, first: Hypothesis | None = None, lowest: float = -inf, breadth: Breadth = NARROW
) -> Steps[list[Hypothesis]]:
    """The most probable ways to end the cursor's line, best first, all of which begin with `first`.

    Lines that score less than `lowest` are not wanted: as soon as there can be no other, the best beginning
    is given as it is. Yields after each token.
    """
    active, done = [first or Hypothesis(scene.node)], list[Hypothesis]()
    for _ in range(LONGEST_BEFORE_REST if scene.rest else LONGEST):
        options: list[tuple[float, Hypothesis, Look, int]] = []
        for one, look in zip(active, look_ahead(active, scene), strict=True):
            if one.tokens:
                done += _ended(one, look, scene)
            for number, score in _best(look, breadth.beam, scene, is_first=not one.tokens):
                options.append((one.score + score, one, look, number))
        if not options:
            break
        options.sort(key=lambda option: -option[0])
        best = options[0][0]
        finished = max((one.score for one in done), default=-inf)
        if max(best, finished) < lowest:
            return sorted(done, key=_by_score) or [_longer(*options[0], scene)]
        floor = max(finished - breadth.close, best - breadth.lag)
        width = breadth.beam if best > breadth.unlikely else 1
        active = [_longer(*option, scene) for option in options[:width] if option[0] > floor]
        if not active:
            break
        yield
    return sorted(done, key=_by_score)


def _by_score(one: Hypothesis) -> float:
    return -one.score


def _longer(score: float, one: Hypothesis, look: Look, number: int, scene: Scene) -> Hypothesis:
    """With one of the tokens that may come next."""
    return extended(one, int(look.token[number]), score, look.trail(number), scene)


def look_ahead(active: Sequence[Hypothesis], scene: Scene) -> list[Look]:
    """What comes next in each; those of which every long match says the same are not looked up."""
    found = [scene.tree.sure(one.node) if _may_be_sure(one, scene) else None for one in active]
    for row, look in enumerate(found):
        if look is not None and scene.rest and not len(look.token):
            found[row] = None
    rest = iter(scene.tree.looks([one.node for one, look in zip(active, found, strict=True) if look is None]))
    return [look or next(rest) for look in found]


def _may_be_sure(one: Hypothesis, scene: Scene) -> bool:
    return bool(one.tokens) or not scene.partial


def _best(look: Look, most: int, scene: Scene, *, is_first: bool) -> Iterator[tuple[int, float]]:
    """The numbers of the most probable tokens, and their scores; the first token begins as was typed."""
    numbers: Iterator[int] = iter(range(len(look.token)))
    if is_first and scene.partial:
        numbers = (
            number
            for number, token in enumerate(look.token.tolist())
            if scene.spell(token).startswith(scene.partial)
        )
    return ((number, float(look.score[number])) for number in islice(numbers, most))


def extended(one: Hypothesis, token: int, score: float, trail: Places | None, scene: Scene) -> Hypothesis:
    """With one more token, at a new total score."""
    return Hypothesis(scene.tree.child(one.node, token, trail), (*one.tokens, token), score)


def _ended(one: Hypothesis, look: Look, scene: Scene) -> list[Hypothesis]:
    """The hypothesis as it would be if it ended here, where it can: before a break, or what follows.

    A line is less probable if it leaves brackets open or closes too many.
    """
    share = look.score_of(scene.rest[0]) if scene.rest else look.ends
    if share == -inf or (scene.rest and not one.is_balanced):
        return []
    score = one.score + share
    if scene.owed is not None and one.node.depth + scene.owed != 0:
        score -= UNBALANCED
    return [replace(one, score=score)]
