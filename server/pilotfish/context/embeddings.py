"""Vectors put what was found by names in order: what is like the surroundings of the cursor comes first.

They find nothing by themselves. What was found keeps what its names say for it: the two orders are merged by
reciprocal ranks (Cormack et al., 2009), so that one odd likeness moves a piece of code a few places at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pilotfish.index.found import FoundChunk

_DAMPING = 20
"""How little the very first places say more than those that follow."""


class Likeness(Protocol):
    """How like the surroundings of the cursor pieces of code are."""

    def of(self, hashes: Sequence[bytes]) -> Mapping[bytes, float]:
        """The likeness, from -1 to 1, of those pieces that have a vector. Blocks for a moment."""
        ...


def in_order(found: Sequence[FoundChunk], likeness: Likeness) -> list[FoundChunk]:
    """What was found, best first, in the merged order; a piece without a vector keeps its place's worth."""
    known = likeness.of([chunk.hash for chunk in found])
    by_likeness = sorted((each for each in found if each.hash in known), key=lambda each: -known[each.hash])
    places = {each.number: place for place, each in enumerate(by_likeness)}
    scores = [
        1 / (_DAMPING + place) + 1 / (_DAMPING + places.get(chunk.number, place))
        for place, chunk in enumerate(found)
    ]
    order = sorted(range(len(found)), key=lambda place: -scores[place])
    return [found[place] for place in order]
