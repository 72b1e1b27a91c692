"""Blocks from anywhere in the workspace that speak of the same things: found by rare names, then compared."""

from __future__ import annotations

from functools import partial

from pilotfish.context.embeddings import Likeness, in_order
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.context.windows import Windows, WindowsSeen
from pilotfish.index.lookup import Lookup
from pilotfish.platform.steps import Steps

SOURCE = "similar"
MOST_CHUNKS = 2
"""So many pieces of code are read from disk and compared."""

FOLDER_BONUS = 0.05


def similar(
    place: Place, lookup: Lookup, near: Nearness, seen: WindowsSeen, likeness: Likeness | None = None
) -> Steps[list[Snippet]]:
    """The most similar window of each of the best chunks, best first."""
    chunks = [chunk for chunk, _ in lookup.search(place.terms(), limit=MOST_CHUNKS * 3)]
    yield
    if likeness is not None:
        chunks = in_order(chunks, likeness)
        yield
    found: list[Snippet] = []
    for chunk in chunks:
        if len(found) == MOST_CHUNKS:
            break
        text = lookup.text(chunk)
        if text is None:
            continue
        windows = seen.get(chunk.hash, partial(_windows, text))
        best = windows.best(place.around)
        if best is not None:
            similarity, line = best
            score = similarity + FOLDER_BONUS * near[chunk.path]
            found.append(Snippet(chunk.path, chunk.start_line + line, windows.text(line), SOURCE, score))
        yield
    return sorted(found, key=lambda snippet: -snippet.score)


def _windows(text: str) -> Windows:
    return Windows(text.splitlines(keepends=True), is_piece=True)
