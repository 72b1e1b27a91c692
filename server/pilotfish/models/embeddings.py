"""Asking for vectors of texts, in OpenAI's shape, which most services speak, and in Ollama's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pilotfish.errors import AnswerBroken


class Embedder(Protocol):
    """A backend whose `abilities.embed` holds."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, in their order, all of the same length."""
        ...


class OpenAiEmbeddings:
    """The shape of OpenAI, llama.cpp, vLLM, LM Studio and most services."""

    def body(self, texts: Sequence[str], model: str) -> dict[str, Any]:
        """The request."""
        return {"input": list(texts), "encoding_format": "float", **({"model": model} if model else {})}

    def vectors(self, page: Any) -> list[Any]:
        """The vectors of an answer, in the order of the texts. Raises as `vectors_in` catches."""
        entries = sorted(page["data"], key=lambda entry: int(entry["index"]))
        return [entry["embedding"] for entry in entries]


class OllamaEmbeddings:
    """Ollama's own shape, which alone says that a text that is too long is cut off."""

    def body(self, texts: Sequence[str], model: str) -> dict[str, Any]:
        """The request."""
        return {"input": list(texts), "model": model, "truncate": True}

    def vectors(self, page: Any) -> list[Any]:
        """As `OpenAiEmbeddings.vectors`."""
        return list(page["embeddings"])


EMBED: Mapping[str, OpenAiEmbeddings | OllamaEmbeddings] = {
    "openai": OpenAiEmbeddings(),
    "ollama": OllamaEmbeddings(),
}
"""By the name that presets give the shape."""


def vectors_in(page: bytes, count: int, shape: OpenAiEmbeddings | OllamaEmbeddings) -> list[list[float]]:
    """The vectors of an answer, in the order of the texts.

    Raises:
        AnswerBroken: it is no such answer, or not one for each text.
    """
    try:
        vectors = [[float(number) for number in vector] for vector in shape.vectors(json.loads(page))]
    except (ValueError, TypeError, KeyError) as error:
        raise AnswerBroken(f"The answer holds no embeddings ({type(error).__name__}).") from error
    if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
        raise AnswerBroken(
            f"The answer holds {len(vectors)} embeddings for {count} texts, or of several lengths."
        )
    return vectors
