"""OpenAI's `/embeddings`, which llama.cpp, Ollama, vLLM and most services speak: texts in, vectors out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from pilotfish.errors import AnswerBroken


class Embedder(Protocol):
    """A backend whose `abilities.embed` holds."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, in their order, all of the same length."""
        ...


def embedding_body(texts: Sequence[str], model: str) -> dict[str, Any]:
    """The request."""
    return {"input": list(texts), "encoding_format": "float", **({"model": model} if model else {})}


def vectors_in(page: bytes, count: int) -> list[list[float]]:
    """The vectors of an answer, in the order of the texts.

    Raises:
        AnswerBroken: it is no such answer, or not one for each text.
    """
    try:
        entries = sorted(json.loads(page)["data"], key=lambda entry: int(entry["index"]))
        vectors = [[float(number) for number in entry["embedding"]] for entry in entries]
    except (ValueError, TypeError, KeyError) as error:
        raise AnswerBroken(f"The answer holds no embeddings ({type(error).__name__}).") from error
    if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
        raise AnswerBroken(
            f"The answer holds {len(vectors)} embeddings for {count} texts, or of several lengths."
        )
    return vectors
