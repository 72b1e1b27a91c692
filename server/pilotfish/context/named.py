"""Definitions whose names share words with what stands around the cursor.

After `process_data_utils.` the function `copy_images` is likely where `images` are spoken of, and a
`SearchSpaceSelector` where a `search_space` is. Rare words count more, near ones too.
"""

from __future__ import annotations

import math

from pilotfish.context.heads import head
from pilotfish.context.nearness import nearness
from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.index.lookup import Lookup
from pilotfish.platform.steps import Steps
from pilotfish.syntax.name_parts import parts_of

SOURCE = "named"
MOST_SYMBOLS = 40


def named(place: Place, lookup: Lookup, own_path: str) -> Steps[list[Snippet]]:
    """Heads of definitions in other files, one line each, the most alike first."""
    found: list[Snippet] = []
    for symbol, weight in lookup.named(place.parts(), limit=MOST_SYMBOLS):
        # Of long names a few words in common say less.
        score = weight / math.sqrt(1 + len(parts_of(symbol.name))) / 5
        score += 0.3 * nearness(own_path, symbol.path)
        snippet = head(symbol, SOURCE, score)
        if snippet is not None:
            found.append(snippet)
    yield
    return sorted(found, key=lambda snippet: -snippet.score)
