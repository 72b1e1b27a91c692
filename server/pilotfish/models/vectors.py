"""Vectors of code, which say how alike two pieces are: who makes them, and how a service is asked for many.

A service is asked in batches; one on another machine stands behind the door of `outgoing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from pilotfish.errors import AnswerBroken, PromptRefused

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend
    from pilotfish.models.embeddings import Embedder

Vector: TypeAlias = npt.NDArray[Any]
Matrix: TypeAlias = npt.NDArray[Any]

BATCH_TEXTS = 32
BATCH_CHARS = 48_000
MAX_CHARS = 6_000
"""What is beyond of a text goes uncounted; many models read 512 tokens only, and cut by themselves."""
_SHORTEST_CHARS = 400
_LARGEST = 1e15
"""Of a component: the squares of some thousand such numbers still fit into a float32."""


class Provider(Protocol):
    """Makes vectors of texts.

    Attributes:
        name: of what makes them: two vectors can be compared if it is the same.
        is_remote: whether the texts leave this machine.
    """

    name: str
    is_remote: bool

    async def embed(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 for each text; zero where it can have none.

        Raises:
            BackendError: it cannot be asked now.
        """
        ...


class ServiceVectors:
    """The vectors of a backend whose `abilities.embed` holds; see `service_vectors`."""

    def __init__(self, backend: Backend, name: str) -> None:
        self.name = name
        self.is_remote = backend.is_remote
        self._embedder = cast("Embedder", backend)
        self._has_answered = False

    async def embed(self, texts: Sequence[str]) -> Matrix:
        """As `Provider.embed`, in as many requests as it takes."""
        rows: list[Sequence[float]] = []
        for batch in batches([text[:MAX_CHARS] or " " for text in texts]):
            rows += await self._ask(batch)
        width = max(map(len, rows), default=0)
        padded = [row or [0.0] * width for row in rows]
        if any(len(row) != width for row in padded):
            raise AnswerBroken("The embeddings are of several lengths.")
        with np.errstate(over="ignore"):
            matrix = np.array(padded, np.float32).reshape(len(rows), width)
        if not (abs(matrix) < _LARGEST).all():
            raise AnswerBroken("The embeddings hold what is no number, or none that can be compared.")
        return unit_rows(matrix)

    async def _ask(self, texts: list[str]) -> list[Sequence[float]]:
        """One request; in halves where the service refuses it, down to texts that it takes none of."""
        try:
            rows: list[Sequence[float]] = [*await self._embedder.embed(texts)]
        except PromptRefused:
            if len(texts) > 1:
                half = len(texts) // 2
                return await self._ask(texts[:half]) + await self._ask(texts[half:])
            if len(texts[0]) > _SHORTEST_CHARS:
                return await self._ask([texts[0][: len(texts[0]) // 2]])
            if not self._has_answered:  # It is not about this text.
                raise
            return [[]]
        self._has_answered = True
        return rows


async def service_vectors(backend: Backend) -> ServiceVectors:
    """The vectors of a backend, under a name that holds for one model at one address.

    Args:
        backend: as `open_backend` gives it: a remote one stands behind its door.

    Raises:
        BackendError: it makes no vectors, or does not say now which model it runs.
    """
    if not backend.abilities.embed:
        raise PromptRefused(f"{backend.name} makes no embeddings. Name another backend, or `embedded`.")
    service = getattr(backend, "backend", backend)  # what stands behind the door
    told_model = getattr(service, "told_model", None)
    model = await told_model() if told_model is not None else ""
    return ServiceVectors(backend, f"{getattr(service, 'url', backend.name)} {model}")


def unit_rows(matrix: Matrix) -> Matrix:
    """The same directions, each of length 1 (or 0), as float32."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: Matrix = (matrix / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit


def batches(texts: Sequence[str]) -> list[list[str]]:
    """The texts in order, in batches that a service takes at once."""
    made: list[list[str]] = []
    room_chars = 0
    for text in texts:
        if not made or len(made[-1]) >= BATCH_TEXTS or len(text) > room_chars:
            made.append([])
            room_chars = BATCH_CHARS
        made[-1].append(text)
        room_chars -= len(text)
    return made
