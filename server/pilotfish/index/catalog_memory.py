"""What a catalog answered lately: neighbouring places in a file ask for the same names again and again."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from threading import Lock
from typing import Any

_MOST = 8_000
"""So many rows are remembered, or what takes as much room: about 4 MB."""


class CatalogMemory:
    """Answers of one state of a catalog, the oldest forgotten first. Safe in several threads."""

    def __init__(self) -> None:
        self._tables: dict[Hashable, dict[Hashable, Any]] = {}
        self._kept: deque[tuple[dict[Hashable, Any], Hashable, int]] = deque()
        self._size = 0
        self._lock = Lock()

    def of(self, kind: Hashable) -> Mapping[Any, Any]:
        """The answers to one kind of question that are remembered, as they come and go."""
        return self._tables.setdefault(kind, {})

    def keep(self, kind: Hashable, answers: Mapping[Any, Sequence[Any]]) -> None:
        """Remember the rows that are the answer for each key."""
        with self._lock:
            table = self._tables.setdefault(kind, {})
            for key, answer in answers.items():
                if key in table:  # Somebody else has asked at the same time: it is the same answer.
                    continue
                table[key] = answer
                self._kept.append((table, key, size := 1 + len(answer)))
                self._size += size
            while self._size > _MOST:
                oldest, known, freed = self._kept.popleft()
                del oldest[known]
                self._size -= freed
