"""Vectors put what was found in a better order; they find nothing by themselves.

Lines are weighed by the vectors, which need no model, of the names that they tell of: `copy_images` is worth
more where images are spoken of. Blocks are ordered by a service's vectors, where the user has one, and by
what their names say: the two orders are merged by reciprocal ranks (Cormack et al., 2009), so that an odd
likeness moves a block a few places at most. What each is worth: docs/decisions/0014-embedded-vectors.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Protocol

from pilotfish.context.place import Place
from pilotfish.context.rank import in_rank
from pilotfish.context.snippet import Snippet
from pilotfish.index.found import FoundChunk
from pilotfish.models.hashed import likeness

_DAMPING = 20
"""How little the very first places say more than those that follow."""

MOST_LINES = 60
"""So many of the best lines are weighed; those behind them are hardly ever shown."""
WEIGHT = 0.5
"""What a line gains that is as like the surroundings as can be: as much as a middling find."""


class Alike:
    """Weighs lines by how like the names around the cursor those are that they tell of; 0.2 ms.

    Args:
        region: what the cursor is in.
        known: how like it names are that were met before; those met now are added.
    """

    def __init__(self, region: Place, known: dict[str, float] | None = None) -> None:
        self._region = region
        self._known = {} if known is None else known

    def __call__(self, ranked: Sequence[Snippet]) -> list[Snippet]:
        """The same snippets in the new order, best first."""
        known = self._known
        names = dict.fromkeys(islice((each.subject for each in ranked if each.subject), MOST_LINES))
        if unknown := [name for name in names if name not in known]:
            known.update(zip(unknown, likeness(self._region.near, unknown), strict=True))
        weighed = [
            each.scored(each.score + WEIGHT * known[each.subject]) if each.subject in names else each
            for each in ranked
        ]
        return sorted(weighed, key=in_rank)


class Likeness(Protocol):
    """How like the surroundings of the cursor pieces of code are."""

    def of(self, chunks: Sequence[FoundChunk]) -> Mapping[bytes, float]:
        """The likeness, from -1 to 1, of those that have a vector, by hash. Blocks for some milliseconds."""
        ...


def in_order(found: Sequence[FoundChunk], by: Likeness) -> list[FoundChunk]:
    """What was found, best first, in the merged order; a piece without a vector keeps its place's worth."""
    known = by.of(found)
    by_likeness = sorted((each for each in found if each.hash in known), key=lambda each: -known[each.hash])
    places = {each.number: place for place, each in enumerate(by_likeness)}
    scores = [
        1 / (_DAMPING + place) + 1 / (_DAMPING + places.get(chunk.number, place))
        for place, chunk in enumerate(found)
    ]
    order = sorted(range(len(found)), key=lambda place: -scores[place])
    return [found[place] for place in order]
