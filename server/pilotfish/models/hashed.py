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
from collections.abc import Mapping, Sequence

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
_MIX, _UPPER_HALF, _LAST_BIT = np.uint64(29), np.uint64(32), np.uint64(63)
_NAME = re.compile(r"[^\W\d]\w+")


class HashedVectors:
    """The vectors that need no model.

    Attributes:
        name: of the method: two vectors can be compared if it is the same.
        is_remote: never: nothing leaves the process.
    """

    name = "hashed-2"
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


def likeness(here: Mapping[str, float], names: Sequence[str]) -> list[float]:
    """How like weighed names each of some names is, from -1 to 1; 0.15 ms for 60 names."""
    owners, places, shares = _hashed([*here, *names], _LIKENESS_DIMENSIONS)
    weights = np.zeros(len(here) + len(names))
    weights[: len(here)] = [*here.values()]
    vector = np.bincount(places, shares * weights.take(owners), _LIKENESS_DIMENSIONS)
    products = np.bincount(owners, vector.take(places) * shares, len(weights))
    length = math.sqrt(np.square(vector).sum()) or 1.0
    alike: list[float] = (products[len(here) :] / length).tolist()
    return alike


def _hashed(names: Sequence[str], dimensions: int) -> tuple[Vector, Vector, Vector]:
    """A run for each sign of each name, first the short ones: whose it is, where it counts and how much.

    Whose is said by the name's number, how much with the sign of the way; `dimensions` is a power of two.
    Together the runs of a name have length 1, whatever its own; one that reaches beyond it counts nothing.
    """
    spelled = [f"<{name.lower()}>" for name in names]
    beyond = "\0" * _RUNS[-1]
    signs = np.frombuffer("".join([*spelled, beyond]).encode("utf-32-le", "replace"), np.uint32).astype(
        np.uint64
    )
    lengths = np.array([len(each) for each in spelled], np.int64)
    owners = np.repeat(np.arange(len(names)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(owners))  # signs to the end of the name
    counts = sum(np.maximum(lengths - size + 1, 0) for size in _RUNS)
    worth = (1 / np.sqrt(np.maximum(counts, 1)))[owners]
    sums = np.zeros(len(owners), np.uint64)
    places, shares = [], []
    for size in range(1, _RUNS[-1] + 1):
        sums += signs[size - 1 : size - 1 + len(owners)] * _MULTIPLIERS[size - 1]
        if size in _RUNS:
            mixed = (sums ^ (sums >> _MIX)) * _MULTIPLIERS[0]
            places.append((mixed >> _UPPER_HALF).astype(np.int64) & (dimensions - 1))
            shares.append(np.where(mixed >> _LAST_BIT, worth, -worth) * (left >= size))
    return np.concatenate([owners] * len(_RUNS)), np.concatenate(places), np.concatenate(shares)
