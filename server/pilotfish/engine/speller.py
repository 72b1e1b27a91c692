"""The text of tokens, from the open documents and the index."""

from __future__ import annotations

from collections.abc import Sequence

from pilotfish.engine.buffers import Buffers
from pilotfish.errors import IndexFault
from pilotfish.index.segment import Segment
from pilotfish.syntax.lexer import SPACE_BIT


class Speller:
    """Token texts by identity, from the open documents and the index."""

    def __init__(self, buffers: Buffers, segments: Sequence[Segment]) -> None:
        self._buffers = buffers
        self._segments = segments
        self._found: dict[int, str] = {}

    def __call__(self, token: int) -> str:
        """The text of a token that some source gave; IndexFault where damage has left it none."""
        text = self._found.get(token)
        if text is None:
            text = self._find(token)
            if text is None:  # A word that was renamed may never have stood after a space, or without one.
                other = self._find(token ^ SPACE_BIT)
                if other is None:
                    raise IndexFault("The index is damaged: a token has no spelling.")
                text = f" {other}" if token & SPACE_BIT else other.removeprefix(" ")
            self._found[token] = text
        return text

    def _find(self, token: int) -> str | None:
        text = self._buffers.spelling(token)
        if text is None:
            text = next((found for one in self._segments if (found := one.spelling(token)) is not None), None)
        return text
