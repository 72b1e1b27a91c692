"""Snippets from the other open documents: the windows that share most words with the cursor's surroundings.

Sliding windows ranked by Jaccard similarity, as in RepoCoder (Zhang et al., 2023).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pilotfish.context.snippet import Snippet
from pilotfish.platform.steps import Steps
from pilotfish.text.document import Document, Position

SOURCE = "open_tabs"
WINDOW_LINES = 20
STRIDE_LINES = 10
_WORD = re.compile(r"\w{2,}")


def words(lines: Sequence[str]) -> frozenset[str]:
    """The distinct words of at least two characters."""
    return frozenset(_WORD.findall("".join(lines)))


def open_tabs(
    document: Document, position: Position, others: Sequence[Document], *, limit: int = 8
) -> Steps[list[Snippet]]:
    """The `limit` best windows of `others`, best first; yields after each document.

    The cursor's own line does not count: the answer stays the same from key to key, and with it the prompt,
    which a model server would have to read again from the first snippet that changes.
    """
    above = document.lines[max(0, position.line - WINDOW_LINES) : position.line]
    here = words(above) | words(document.lines[position.line + 1 : position.line + WINDOW_LINES // 2])
    found: list[Snippet] = []
    for other in others:
        for start in range(0, len(other.lines), STRIDE_LINES):
            window = other.lines[start : start + WINDOW_LINES]
            there = words(window)
            union = len(here | there)
            score = len(here & there) / union if union else 0.0
            if score > 0:
                name = other.path.name if other.path else other.uri.rsplit("/", 1)[-1]
                found.append(Snippet(name, start, "".join(window), SOURCE, score))
            if start % (STRIDE_LINES * 50) == 0:
                yield
        yield
    found.sort(key=lambda snippet: (-snippet.score, snippet.path, snippet.start_line))
    return found[:limit]
