"""The vectors of one provider, kept by the hash of a chunk's text: the same text is never sent twice.

Not after a switch of branches, not in another workspace, not in the next session. Two calls, get many and put
many, so that a team's shared store can stand here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pilotfish.platform.cache import AsyncCache

Vector: TypeAlias = npt.NDArray[np.float32]

_KEPT = np.dtype("<f2")
"""Half as long as they come; likenesses differ by less than a thousandth."""
OVERHEAD_BYTES = 500
"""What a row of the cache takes beside its value."""


class Vectors:
    """Reads and writes vectors of one provider.

    Args:
        cache: where they are kept, with those of all other providers.
        name: the provider's (`models.vectors.Provider.name`).
    """

    def __init__(self, cache: AsyncCache, name: str) -> None:
        self._cache = cache
        self._name = name

    async def get_many(self, hashes: Collection[bytes]) -> dict[bytes, Vector]:
        """The vectors that are known, each of length 1 or 0."""
        keys = {self._key(each): each for each in hashes}
        return _vectors(keys, await self._cache.get_many(keys))

    def get_within(self, hashes: Collection[bytes], seconds: float) -> dict[bytes, Vector]:
        """The same for a thread that is not the event loop's; nothing if it takes longer."""
        keys = {self._key(each): each for each in hashes}
        return _vectors(keys, self._cache.get_many_within(keys, seconds))

    async def put_many(self, vectors: Mapping[bytes, Vector]) -> bool:
        """Keep these; whether that was possible."""
        return await self._cache.put_many(
            {self._key(each): vector.astype(_KEPT).tobytes() for each, vector in vectors.items()}
        )

    def _key(self, each: bytes) -> str:
        return f"{self._name} {each.hex()}"


def row_bytes(width: int) -> int:
    """About what a vector with so many numbers takes on disk."""
    return width * _KEPT.itemsize + OVERHEAD_BYTES


def _vectors(keys: Mapping[str, bytes], found: Mapping[str, bytes]) -> dict[bytes, Vector]:
    return {keys[key]: vector for key, value in found.items() if (vector := _read(value)) is not None}


def _read(value: bytes) -> Vector | None:
    """A vector as it was kept; None for what is none."""
    if len(value) % _KEPT.itemsize:
        return None
    vector = np.frombuffer(value, _KEPT).astype(np.float32)
    return vector if np.isfinite(vector).all() else None
