"""What a catalog answered lately: neighbouring places in a file ask for the same names again and again."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Any

_MOST = 8_000
"""So many rows are remembered, or what takes as much room: about 4 MB."""


class CatalogMemory:
    """Answers of one state of a catalog, the oldest forgotten first. Safe in several threads."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Any, int]] = {}
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable, default: Any = None) -> Any:
        """The answer to a question, if it is remembered."""
        found = self._known.get(key)
        return default if found is None else found[0]

    def keep(self, key: Hashable, answer: Any, size: int = 1) -> None:
        """Remember an answer that is as large as so many rows."""
        with self._lock:
            self._size += size - self._known.pop(key, (None, 0))[1]
            self._known[key] = answer, size
            while self._size > _MOST:
                _, freed = self._known.pop(next(iter(self._known)))
                self._size -= freed
