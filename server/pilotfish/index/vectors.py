"""The vectors of one provider, kept by the hash of a chunk's text: the same text is never sent twice.

Not after a switch of branches, not in another workspace, not in the next session. Two calls, get many and put
many, so that a team's shared store can stand here. Beside the vectors stands who made them, and how fast.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pilotfish.platform.cache import AsyncCache, Cache

Vector: TypeAlias = npt.NDArray[np.float32]

_KEPT = np.dtype("<f2")
"""Half as long as they come; likenesses differ by less than a thousandth."""
OVERHEAD_BYTES = 500
"""What a row of the cache takes beside its value."""

_MAKERS = "makers"
"""The key of the names of all who made vectors; no vector has one without a blank."""


@dataclass(frozen=True, slots=True)
class Made:
    """How many vectors a provider made in one session, and the seconds that it was waited for."""

    vectors: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """How many a second, without the pauses between requests."""
        return self.vectors / self.seconds if self.seconds else 0.0


class Vectors:
    """Reads and writes vectors of one provider.

    Args:
        cache: where they are kept, with those of all other providers.
        name: the provider's (`models.vectors.Provider.name`).
    """

    def __init__(self, cache: AsyncCache, name: str) -> None:
        self._cache = cache
        self._name = name
        self._made = Made()

    async def get_many(self, hashes: Collection[bytes]) -> dict[bytes, Vector]:
        """The vectors that are known, each of length 1 or 0."""
        keys = {_key(self._name, each): each for each in hashes}
        return _vectors(keys, await self._cache.get_many(keys))

    def get_within(self, hashes: Collection[bytes], seconds: float) -> dict[bytes, Vector]:
        """The same for a thread that is not the event loop's; nothing if it takes longer."""
        keys = {_key(self._name, each): each for each in hashes}
        return _vectors(keys, self._cache.get_many_within(keys, seconds))

    async def put_many(self, vectors: Mapping[bytes, Vector], seconds: float = 0.0) -> bool:
        """Keep these, which took so long to make; whether that was possible."""
        made = Made(self._made.vectors + len(vectors), self._made.seconds + seconds)
        rows = {_key(self._name, each): vector.astype(_KEPT).tobytes() for each, vector in vectors.items()}
        rows[_made_key(self._name)] = json.dumps([made.vectors, made.seconds]).encode()
        if not self._made.vectors:
            makers = _names((await self._cache.get_many([_MAKERS])).get(_MAKERS))
            rows[_MAKERS] = json.dumps(sorted({*makers, self._name})).encode()
        self._made = made
        return await self._cache.put_many(rows)


def makers_of(cache: Cache) -> dict[str, Made]:
    """Who made the vectors that are kept, and how fast each did it last."""
    rows = cache.get_many(map(_made_key, names := _names(cache.get(_MAKERS))))
    return {name: _read_made(rows.get(_made_key(name))) for name in names}


def widths_of(cache: Cache, name: str, hashes: Collection[bytes]) -> list[int]:
    """How wide each vector of a provider is, of those that are known among these."""
    found = cache.get_many(_key(name, each) for each in hashes)
    return [len(value) // _KEPT.itemsize for value in found.values()]


def _key(name: str, each: bytes) -> str:
    return f"{name} {each.hex()}"


def _made_key(name: str) -> str:
    return f"{name} made"


def _names(row: bytes | None) -> list[str]:
    try:
        said = json.loads(row or b"[]")
    except ValueError:
        return []
    return [name for name in said if isinstance(name, str)] if isinstance(said, list) else []


def _read_made(row: bytes | None) -> Made:
    try:
        vectors, seconds = json.loads(row or b"")
        return Made(int(vectors), float(seconds))
    except (ValueError, TypeError):
        return Made()


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
