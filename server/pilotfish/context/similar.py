"""Blocks from anywhere in the workspace that speak of the same things: found by rare names, then compared."""

from __future__ import annotations

from pilotfish.context.embeddings import Likeness, in_order
from pilotfish.context.nearness import nearness
from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.context.windows import best_window, names_around
from pilotfish.index.lookup import Lookup
from pilotfish.platform.steps import Steps

SOURCE = "similar"
MOST_CHUNKS = 3
"""So many pieces of code are read from disk and compared."""

FOLDER_BONUS = 0.05


def similar(
    place: Place, lookup: Lookup, own_path: str, likeness: Likeness | None = None
) -> Steps[list[Snippet]]:
    """The most similar window of each of the best chunks, best first."""
    chunks = [chunk for chunk, _ in lookup.search(place.terms(), limit=MOST_CHUNKS * 3)]
    yield
    if likeness is not None:
        chunks = in_order(chunks, likeness)
        yield
    here = names_around(place)
    found: list[Snippet] = []
    for chunk in chunks:
        if len(found) == MOST_CHUNKS:
            break
        text = lookup.text(chunk)
        if text is None:
            continue
        best = best_window(text.splitlines(keepends=True), here)
        if best is not None:
            score = best.similarity + FOLDER_BONUS * nearness(own_path, chunk.path)
            found.append(Snippet(chunk.path, chunk.start_line + best.start_line, best.text, SOURCE, score))
        yield
    return sorted(found, key=lambda snippet: -snippet.score)
