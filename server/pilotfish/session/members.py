"""What a type has, as far as the index knows all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pilotfish.index.lookup import Lookup

DEADLINE_S = 0.005
MAX_TYPES = 8
_ROOTS = frozenset({"object", "Object", "Any", "NSObject"})

LookUp = Callable[["Collection[Path]", float], "Lookup"]


def members_of(name: str, look_up: LookUp, hidden: Collection[Path]) -> frozenset[str]:
    """The names of a type's members, those of what it derives from included.

    Nothing where a part of it is unknown, or not found in time: then nobody can say what it lacks.
    """
    lookup = look_up(hidden, time.monotonic() + DEADLINE_S)
    found: set[str] = set()
    waiting, seen = [name], set(_ROOTS)
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        members = lookup.members([one])
        types = [symbol for symbol in lookup.definitions([one]) if symbol.bases or members]
        if not types or lookup.is_late or len(seen) > MAX_TYPES + len(_ROOTS):
            return frozenset()
        found.update(symbol.name for symbol in members)
        waiting += [base.rpartition(".")[2] for symbol in types for base in symbol.bases]
    return frozenset(found)
