"""The embedded engine: a document, a cursor and the index → candidates with confidence.

An n-gram model of the user's own code, of any order: every place in the open documents and the index where
the tokens before the cursor occur votes for what comes next, and the longer its match, the more it counts
(`places`, `mixture`). A beam search strings the votes into lines (`beam`), and the line that already stands
below the cursor tells them apart (`below`).
"""

from __future__ import annotations

import numpy as np

from pilotfish.engine.beam import Hypothesis, search
from pilotfish.engine.below import rescored
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.candidate import Candidate
from pilotfish.engine.confidence import confidences
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Scene, scene
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import spell


def predict(query: Query, buffers: Buffers, index: IndexView) -> Steps[list[Candidate]]:
    """What would be written at the cursor, up to `query.limit` candidates, best first.

    Yields at least every few milliseconds. `buffers` may know this version of the document wholly, partly
    or not at all: what is missing right around the cursor is lexed here.
    """
    now = scene(query, buffers, index)
    yield
    lines = yield from search(now)
    lines = yield from rescored(lines, now)
    document, position = query.document, query.document.clamp(query.position)
    before, rest = document.before(position), document.after(position)
    offered: list[Candidate] = []
    for line, confidence in zip(lines, confidences(lines), strict=True):
        text = spell(map(now.spell, line.tokens))[len(now.partial) :]
        if text.strip() and (before + text + rest).strip() != now.below_text:
            offered.append(Candidate(text, confidence, evidence(line, now)))
        if len(offered) == query.limit:
            break
    return offered


def evidence(line: Hypothesis, now: Scene) -> str | None:
    """The file with the longest match that ends where the candidate does; None for an open document."""
    longest, found = 0, None
    for source in now.sources:
        places = source.places(line.context[np.newaxis], 8)
        if len(places.length) and int(places.length.max()) > longest:
            best = int(places.length.argmax())
            longest, found = int(places.length[best]), source.path(int(places.origin[best]))
    return found
