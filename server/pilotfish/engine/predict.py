"""The embedded engine: a document, a cursor and the index → candidates with confidence.

An n-gram model of the user's own code, of any order: every place where the tokens before the cursor occur
votes for what comes next, and the longer its match, the more it counts (`places`, `mixture`). There are four
voices: the index and the open documents word by word; the open documents, and the regions of the index most
like the cursor's surroundings, with made-up words renamed (`near`, `regions`); and lines that stand before
the one below the cursor (`between`). A small learned mixture weighs them (`judge`), a beam search makes lines
(`beam`), what stands after the cursor on its line tells them apart (`rest`), and where the places still agree
more lines follow (`block`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pilotfish.engine.alongside import alongside
from pilotfish.engine.beam import NARROW, WIDE, Hypothesis, extended, search
from pilotfish.engine.block import continued
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.candidate import Candidate
from pilotfish.engine.confidence import lowest_score, when_asked, while_typing
from pilotfish.engine.parallels import proposed
from pilotfish.engine.query import Query
from pilotfish.engine.ranking import ranked
from pilotfish.engine.rest import rescored
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import spell

_GUESSED = -3.0
"""Log probability of a word of which nothing is known but that it stands somewhere in the document."""


def predict(
    query: Query, buffers: Buffers, index: IndexView, recent: Recent | None = None
) -> Steps[list[Candidate]]:
    """What would be written at the cursor, up to `query.limit` candidates, best first.

    Yields at least every few milliseconds. `buffers` may know this version of the document wholly, partly
    or not at all: what is missing right around the cursor is lexed here. With the same `recent` from question
    to question, much of what one needs is known from the one before.

    Raises:
        IndexFault: the index turns out to be damaged; asking again with an empty one gives what the open
            documents know.
    """
    document, position = query.document, query.document.clamp(query.position)
    before, rest = document.before(position), document.after(position)
    if _is_word(before[-1:]) and _is_word(rest[:1]):
        return []  # Inside a word no line can end where the rest begins: a search would be long, and in vain.
    now = yield from scene(query, buffers, index, recent or Recent())
    yield
    lowest = lowest_score(query.least, now)
    is_wide = query.least <= 0 and not now.rest
    lines = yield from search(now, lowest=lowest, breadth=WIDE if is_wide else NARROW)
    if not lines and now.partial and lowest < _GUESSED:
        lines = yield from _from_nearest_word(now, buffers)
    if is_wide:
        yield
        order = ranked(lines, proposed(now, buffers), alongside(now), now)
        lines, confidences = order.lines, when_asked(order.lines, order.shares, order.votes, now)
    else:
        lines = yield from rescored(lines, now)
        confidences = while_typing(lines, now)
    texts = [spell(map(now.spell, line.tokens))[len(now.partial) :] for line in lines]
    kept = [
        (text, confidence, line)
        for text, confidence, line in zip(texts, confidences, lines, strict=True)
        if text.strip() and (before + text + rest).strip() != now.around.below_text
    ][: query.limit]
    if not kept or kept[0][1] < query.least:
        return [Candidate(text, confidence) for text, confidence, _ in kept]
    if query.max_lines > 1 and not now.rest:
        text, confidence, line = kept[0]
        kept[0] = text + (yield from continued(line, now, query.max_lines)), confidence, line
    files = evidence([line for _, _, line in kept], now)
    return [
        Candidate(text, confidence, file) for (text, confidence, _), file in zip(kept, files, strict=True)
    ]


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _from_nearest_word(now: Scene, buffers: Buffers) -> Steps[list[Hypothesis]]:
    """Lines that begin with the last word above, or the first below, that starts as typed."""
    typed = now.partial.strip()
    fitting = np.array(buffers.words(typed) if typed else [], np.uint64)
    own = now.around.near.own_above
    found = np.flatnonzero(np.isin(own, fitting))
    if len(found):
        word = own[found[-1]]
    else:
        own = now.around.near.own_below
        found = np.flatnonzero(np.isin(own, fitting))
        if not len(found):
            return []
        word = own[found[0]]
    nearest = buffers.spelling(int(word)) or ""
    token = buffers.id_of(now.partial[: -len(typed)] + nearest.strip())
    return (yield from search(now, extended(Hypothesis(now.node), token, _GUESSED, None, now)))


def evidence(lines: Sequence[Hypothesis], now: Scene) -> list[str | None]:
    """For each line the file with the longest match for its last token; None for an open document."""
    found: list[str | None] = []
    for line in lines:
        trail = line.node.trail
        longest = int(now.around.near.exact(line.node.trace).length.max(initial=0))
        if trail is None or longest > int(trail.length.max()):
            found.append(None)
        else:
            found.append(now.around.index.path(now.around.index.followed(trail), int(trail.length.argmax())))
    return found
