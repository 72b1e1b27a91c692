"""Vectors of code without a model: what names are made of, hashed.

Each name stands for its runs of three and four characters, so that `ray_bundle`, `RayBundle` and `bundles`
lie near each other; a text is the sum of its names. Each run adds or takes away one at one of 1,024 places,
which its hash chooses (feature hashing: Weinberger et al., 2009). Nothing of it depends on other files: how
rare a name is in the workspace weighs in when a question is made, not when it is answered. What else was
tried, and what each is worth: docs/decisions/0014-embedded-vectors.md.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from pilotfish.models.vectors import Matrix, Vector, unit_rows

DIMENSIONS = 1024
_RUNS = (3, 4)
_MOST_NAMES = 10_000
_NAME = re.compile(r"[^\W\d]\w+")


class HashedVectors:
    """The vectors that need no model. Remembers the names that it has met; threads may share it.

    Attributes:
        name: of the method: two vectors can be compared if it is the same.
        is_remote: never: nothing leaves the process.
    """

    name = "hashed-1"
    is_remote = False

    def __init__(self) -> None:
        self._names: dict[str, tuple[Vector, Vector]] = {}

    async def embed(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 for each text, float32, `DIMENSIONS` wide; 20 µs a text."""
        return self.of_names([names_in(text) for text in texts])

    def of_names(self, weighed: Sequence[Mapping[str, float]]) -> Matrix:
        """The same for names that were weighed already; a row without any names is zero."""
        names = [name for row in weighed for name in row]
        if not names:
            return np.zeros((len(weighed), DIMENSIONS), np.float32)
        places, signs, lengths = self._hashed(names)
        rows = np.repeat(np.arange(len(weighed)) * DIMENSIONS, [len(row) for row in weighed])
        weights = np.array([weight for row in weighed for weight in row.values()])
        much = signs * np.repeat(weights, lengths)
        sums = np.bincount(places + np.repeat(rows, lengths), much, len(weighed) * DIMENSIONS)
        return unit_rows(sums.reshape(-1, DIMENSIONS))

    def likeness(self, here: Mapping[str, float], rows: Sequence[Collection[str]]) -> list[float]:
        """How like weighed names each of some sets of names is, from -1 to 1; 0.2 ms for 60 short ones.

        A row's length is taken for that of names with nothing in common, which saves its vector.
        """
        spelled = list(dict.fromkeys(name for row in rows for name in row))
        if not spelled:
            return [0.0] * len(rows)
        places, signs, lengths = self._hashed(spelled)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        products = np.add.reduceat(self.of_names([here])[0][places] * signs, starts)
        known = dict(zip(spelled, products.tolist(), strict=True))
        return [sum(map(known.__getitem__, row)) / math.sqrt(len(row) or 1) for row in rows]

    def _hashed(self, names: Sequence[str]) -> tuple[Vector, Vector, list[int]]:
        """Where the names count and how, one after the other, and at how many places each does."""
        if len(self._names) > _MOST_NAMES:
            self._names.clear()
        found = [self._names.get(name) or self._names.setdefault(name, _hashed(name)) for name in names]
        return (
            np.concatenate([places for places, _ in found]),
            np.concatenate([signs for _, signs in found]),
            [len(places) for places, _ in found],
        )


def names_in(text: str) -> dict[str, float]:
    """The names of a text, each weighing a little more the more often it stands there."""
    return {name: 1 + math.log(count) for name, count in Counter(_NAME.findall(text)).items()}


def _hashed(name: str) -> tuple[Vector, Vector]:
    """Where a name counts, and how: together its places have length 1, whatever its own."""
    hashes = np.fromiter((zlib.crc32(run.encode("utf-8", "replace")) for run in _runs(name)), np.int64)
    signs = np.where(hashes >> 31, 1.0, -1.0) / math.sqrt(len(hashes))
    return hashes % DIMENSIONS, signs


def _runs(name: str) -> Iterable[str]:
    spelled = f"<{name.lower()}>"
    return (spelled[at : at + size] for size in _RUNS for at in range(max(1, len(spelled) - size + 1)))
