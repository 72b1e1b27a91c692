"""What a catalog answered lately: neighbouring places in a file ask for the same names again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from threading import Lock
from typing import Any

_MOST = 4_000
"""So many rows are remembered of each of a few kinds, or what takes as much room: about 1 MB each."""


class CatalogMemory:
    """Answers of one state of a catalog, of each kind the oldest forgotten first. Safe in several threads."""

    def __init__(self) -> None:
        self._tables: dict[Hashable, dict[Any, Sequence[Any]]] = defaultdict(dict)
        self._sizes: dict[Hashable, int] = defaultdict(int)
        self._lock = Lock()

    def of(self, kind: Hashable) -> Mapping[Any, Any]:
        """The answers to one kind of question that are remembered, as they come and go."""
        return self._tables[kind]

    def keep(self, kind: Hashable, answers: Mapping[Any, Sequence[Any]]) -> None:
        """Remember the rows that are the answer for each key."""
        with self._lock:
            table = self._tables[kind]
            size = self._sizes[kind]
            for key, answer in answers.items():
                # Somebody else may have asked at the same time: it is the same answer.
                size += 0 if key in table else 1 + len(answer)
                table[key] = answer
            while size > _MOST:
                size -= 1 + len(table.pop(next(iter(table))))
            self._sizes[kind] = size
