"""The settings of vectors: who makes them, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pilotfish.settings.key import Key


@dataclass(frozen=True, slots=True)
class EmbeddingSettings:
    """Vectors of the workspace's code, by which what is found for a model is put in order."""

    backend: Annotated[
        str,
        Key(
            "Who makes them: `embedded` compares names and needs no model. A name as in `backend`, whose "
            "service has embeddings, is asked besides: it is sent the text of the workspace's files, a piece "
            "at a time. `off` for neither."
        ),
    ] = "embedded"
    per_minute: Annotated[
        int, Key("The most pieces of code that are sent to a service in a minute.", minimum=1)
    ] = 1_200
    max_pieces: Annotated[
        int, Key("The most pieces of code that get vectors from a service: 40,000 are a million lines.")
    ] = 100_000
    max_bytes: Annotated[
        int,
        Key(
            "The most that the vectors of all workspaces take on disk; the oldest are dropped.",
            minimum=1_000_000,
        ),
    ] = 500_000_000

    @property
    def is_off(self) -> bool:
        """Whether no vectors are compared at all."""
        return self.backend == "off"
