"""Vectors put what was found by names in order: what is like the surroundings of the cursor comes first.

They find nothing by themselves. What was found keeps what its names say for it: the two orders are merged by
reciprocal ranks (Cormack et al., 2009), so that one odd likeness moves a piece of code a few places at most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from pilotfish.index.found import FoundChunk
from pilotfish.index.lookup import Lookup
from pilotfish.models.hashed import HashedVectors, names_in

_DAMPING = 20
"""How little the very first places say more than those that follow."""
_PIECES = 20_000
"""Of a code base of usual size; how many there are hardly matters."""


class Likeness(Protocol):
    """How like the surroundings of the cursor pieces of code are."""

    def of(self, chunks: Sequence[FoundChunk]) -> Mapping[bytes, float]:
        """The likeness, from -1 to 1, of those that have a vector, by hash. Blocks for some milliseconds."""
        ...


class HashedLikeness:
    """By the vectors that need no model (`models/hashed.py`): made on the spot, kept nowhere.

    Args:
        near: names around the cursor, each with its nearness.
        lookup: where the texts are, and how rare the names.
        hashed: makes the vectors.
    """

    def __init__(self, near: Mapping[str, float], lookup: Lookup, hashed: HashedVectors) -> None:
        self._near = near
        self._lookup = lookup
        self._hashed = hashed

    def of(self, chunks: Sequence[FoundChunk]) -> Mapping[bytes, float]:
        """As the protocol says; 0.1 ms for each piece, to read it."""
        texts = {chunk.hash: self._lookup.text(chunk) for chunk in chunks}
        names = {each: names_in(text) for each, text in texts.items() if text is not None}
        spread = self._lookup.frequency(self._near)
        here = {name: near * rarity(spread.get(name, 0)) for name, near in self._near.items()}
        rows = self._hashed.of_names([here, *names.values()])
        return dict(zip(names, (rows[1:] @ rows[0]).tolist(), strict=True))


def rarity(spread: int) -> float:
    """What a name says that stands in so many pieces of code: square root of the inverse frequency."""
    return math.sqrt(math.log(1 + _PIECES / (1 + spread)))


def in_order(found: Sequence[FoundChunk], likeness: Likeness) -> list[FoundChunk]:
    """What was found, best first, in the merged order; a piece without a vector keeps its place's worth."""
    known = likeness.of(found)
    by_likeness = sorted((each for each in found if each.hash in known), key=lambda each: -known[each.hash])
    places = {each.number: place for place, each in enumerate(by_likeness)}
    scores = [
        1 / (_DAMPING + place) + 1 / (_DAMPING + places.get(chunk.number, place))
        for place, chunk in enumerate(found)
    ]
    order = sorted(range(len(found)), key=lambda place: -scores[place])
    return [found[place] for place in order]
