"""The vector of what surrounds the cursor, from a service: asked for ahead, and used once it is there.

No completion waits for it. The surroundings are those of a stretch of lines, so that a service is asked when
the user comes to another stretch, not at each key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError
from pilotfish.session.background import Background

if TYPE_CHECKING:
    from pilotfish.index.found import FoundChunk
    from pilotfish.index.vectors import Vector, Vectors
    from pilotfish.models.vectors import Provider
    from pilotfish.text.document import Document

STRETCH_LINES = 10
AROUND_LINES = 20
READ_WITHIN_S = 0.005
_KEPT = 32


class LikenessAt:
    """The likeness of pieces of code to one place (`context.embeddings.Likeness`)."""

    def __init__(self, here: Vector, vectors: Vectors) -> None:
        self._here = here
        self._vectors = vectors

    def of(self, chunks: Sequence[FoundChunk]) -> Mapping[bytes, float]:
        """As the protocol says; those that cannot be read in time have none."""
        found = self._vectors.get_within({chunk.hash for chunk in chunks}, READ_WITHIN_S)
        width = len(self._here)
        return {each: float(vector @ self._here) for each, vector in found.items() if len(vector) == width}


class Surroundings:
    """Knows the vectors of the places where the user was lately.

    Args:
        is_private: whether a file may not leave this machine.
    """

    def __init__(self, is_private: Callable[[Path], bool]) -> None:
        self._is_private = is_private
        self._known: dict[tuple[str, str, int], Vector] = {}
        self._asking = Background()
        self._is_asking = False

    def likeness(
        self, document: Document, line: int, provider: Provider, vectors: Vectors
    ) -> LikenessAt | None:
        """The likeness to a place; None where its vector is not known, which is then asked for."""
        stretch = line // STRETCH_LINES
        key = provider.name, document.uri, stretch
        here = self._known.get(key)
        if here is not None:
            return LikenessAt(here, vectors)
        stays = document.path is not None and self._is_private(document.path)
        if not self._is_asking and not (provider.is_remote and stays):
            self._is_asking = True
            first = max(0, stretch * STRETCH_LINES - AROUND_LINES)
            text = "".join(document.lines[first : first + 2 * AROUND_LINES + STRETCH_LINES])
            self._asking.run(self._ask(key, text, provider))
        return None

    async def aclose(self) -> None:
        """Stop asking."""
        await self._asking.aclose()

    async def _ask(self, key: tuple[str, str, int], text: str, provider: Provider) -> None:
        try:
            rows = await provider.embed([text])
        except BackendError:
            return  # The next place asks again; that the service fails is said where vectors are made.
        finally:
            self._is_asking = False
        if len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        self._known[key] = rows[0]
