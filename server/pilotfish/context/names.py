"""Definitions of the names that are imported or stand near, and the members of those that are types."""

from __future__ import annotations

from pilotfish.context.heads import FUNCTIONS, Heads, add_members, most
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.index.lookup import ALIKE, Lookup
from pilotfish.platform.steps import Steps

SOURCE = "names"

MEMBER, NAMED, IMPORTED = 0.7, 0.7, 0.4
"""What is worth most: members of classes that are imported or named near, definitions of names that stand
near, and of those imported."""

MOST_CLASSES, MOST_NAMES = 8, 30


def names(region: Place, lookup: Lookup, near: Nearness) -> Steps[list[Snippet]]:
    """Heads of definitions in other files, one line each, the most telling first.

    Args:
        region: whose names.
        lookup: the catalogs, without the region's own file.
        near: how near other files are to it.
    """
    found = Heads(SOURCE, near)
    weights = most(dict.fromkeys(sorted(region.imported), IMPORTED), MOST_NAMES)
    weights |= most({name: NAMED * nearness for name, nearness in region.near.items()}, MOST_NAMES)
    symbols = lookup.definitions(weights, limit=ALIKE)
    yield
    for symbol in symbols:
        found.add(symbol, weights[symbol.name])
    classes = {symbol.name: weights[symbol.name] for symbol in symbols if symbol.kind not in FUNCTIONS}
    yield from add_members(found, lookup, most(classes, MOST_CLASSES), MEMBER, deep=1)
    return found.snippets()
