"""Answers that cost money or a long time, kept on disk for the next time at the same place."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotfish.platform.cache import AsyncCache

KEPT_S = 24 * 60 * 60
"""The files around may have changed since, though not this one near the cursor."""

WORTH_MS = 300.0
"""What took at least so long is worth a row on disk."""


class Stored:
    """Texts by the name of a place, in a cache that may fail at any time."""

    def __init__(self, cache: AsyncCache) -> None:
        self._cache = cache
        self._writing: set[asyncio.Task[None]] = set()

    async def find(self, place: str) -> tuple[str, ...]:
        """What was kept for a place; nothing if it is too old."""
        value = await self._cache.get(place)
        if value is None:
            return ()
        try:
            kept = json.loads(value)
            texts, at_s = kept["texts"], kept["at"]
        except (ValueError, KeyError, TypeError):
            return ()
        if not isinstance(at_s, int | float) or not 0 <= time.time() - at_s < KEPT_S:
            return ()
        return tuple(text for text in texts if isinstance(text, str)) if isinstance(texts, list) else ()

    def keep(self, place: str, texts: tuple[str, ...]) -> None:
        """Write in the background."""
        value = json.dumps({"texts": texts, "at": time.time()}).encode()
        task = asyncio.ensure_future(self._write(place, value))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def aclose(self) -> None:
        """Finish what is being written, and close the cache."""
        await asyncio.gather(*self._writing, return_exceptions=True)
        await self._cache.aclose()

    async def _write(self, place: str, value: bytes) -> None:
        await self._cache.put(place, value)
