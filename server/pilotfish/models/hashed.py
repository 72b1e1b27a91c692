"""Vectors of code without a model: what names are made of, hashed.

Each name stands for its runs of three and four characters, so that `ray_bundle`, `RayBundle` and `bundles`
lie near each other; a text is the sum of its names. Each run adds or takes away one at one of 1,024 places,
which its hash chooses (feature hashing: Weinberger et al., 2009). Nothing of it depends on other files, and
nothing is kept: all runs of all names are hashed at once, in less time than a cache would take to ask. What
else was tried, and what each is worth: docs/decisions/0014-embedded-vectors.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from pilotfish.models.vectors import Matrix, Vector, unit_rows

DIMENSIONS = 1024
_LIKENESS_DIMENSIONS = 16_384
"""Where only one vector is needed it may be long: hardly two runs share a place then."""
_RUNS = (3, 4)
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)
"""Odd numbers with bits all over (of splitmix and xxHash), one for each place in a run."""
_NAME = re.compile(r"[^\W\d]\w+")


class HashedVectors:
    """The vectors that need no model.

    Attributes:
        name: of the method: two vectors can be compared if it is the same.
        is_remote: never: nothing leaves the process.
    """

    name = "hashed-1"
    is_remote = False

    async def embed(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text, float32, `DIMENSIONS` wide."""
        return vectors_of([names_in(text) for text in texts])


def names_in(text: str) -> dict[str, float]:
    """The names of a text, each weighing a little more the more often it stands there."""
    return {name: 1 + math.log(count) for name, count in Counter(_NAME.findall(text)).items()}


def vectors_of(weighed: Sequence[Mapping[str, float]], dimensions: int = DIMENSIONS) -> Matrix:
    """Vectors of names that were weighed already; a row without any names is zero."""
    owners, places, shares = _hashed([name for row in weighed for name in row], dimensions)
    weights = np.array([weight for row in weighed for weight in row.values()], np.float64)
    rows = np.repeat(np.arange(len(weighed)) * dimensions, [len(row) for row in weighed])
    sums = np.bincount(rows[owners] + places, shares * weights[owners], len(weighed) * dimensions)
    return unit_rows(sums.reshape(-1, dimensions))


def likeness(here: Mapping[str, float], rows: Sequence[Collection[str]]) -> list[float]:
    """How like weighed names each of some sets of names is, from -1 to 1; 0.3 ms for 60 lines of code.

    A row's length is taken for that of names with nothing in common, which saves its vector.
    """
    spelled = list(dict.fromkeys(name for row in rows for name in row))
    owners, places, shares = _hashed(spelled, _LIKENESS_DIMENSIONS)
    there = vectors_of([here], _LIKENESS_DIMENSIONS)[0]
    products = np.bincount(owners, there[places] * shares, len(spelled))
    known = dict(zip(spelled, products.tolist(), strict=True))
    return [sum(map(known.__getitem__, row)) / math.sqrt(len(row) or 1) for row in rows]


def _hashed(names: Sequence[str], dimensions: int) -> tuple[Vector, Vector, Vector]:
    """The runs of all names: whose each is (by number), where it counts, and how much, with its sign.

    Together the runs of a name have length 1, whatever its own.
    """
    spelled = [f"<{name.lower()}>" for name in names]
    signs = np.frombuffer("".join(spelled).encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    lengths = np.array([len(each) for each in spelled], np.int64)
    owners = np.repeat(np.arange(len(names)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(signs))  # signs to the end of the name
    found = []
    for size in _RUNS:
        starts = np.flatnonzero(left >= size)
        hashes = np.zeros(len(starts), np.uint64)
        for place in range(size):
            hashes += (signs[starts + place] + np.uint64(size)) * _MULTIPLIERS[place]
            hashes ^= hashes >> np.uint64(29)
        found.append((owners[starts], hashes * _MULTIPLIERS[0]))
    whose = np.concatenate([each for each, _ in found])
    mixed = np.concatenate([each for _, each in found])
    counts = np.bincount(whose, minlength=len(names))
    shares = np.where(mixed >> np.uint64(63), 1.0, -1.0) / np.sqrt(counts[whose])
    return whose, (mixed >> np.uint64(32)).astype(np.int64) % dimensions, shares
