"""What a question and its answer amount to: tokens as we estimate them, or as the service itself counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SENT = ("prompt_tokens", "input_tokens")
_RECEIVED = ("completion_tokens", "output_tokens")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that went to a service, and tokens that came from it."""

    sent_tokens: int = 0
    received_tokens: int = 0


class Counted(str):
    """The last piece of a remote backend's stream, without text: what the service counted, where it tells."""

    def __new__(cls, usage: Usage) -> Counted:
        """An empty string that knows `usage`."""
        piece = super().__new__(cls, "")
        piece.usage = usage
        return piece

    usage: Usage


def estimated_tokens(text: str) -> int:
    """UTF-8 bytes / 4, rounded up: no service's own count, and near all of theirs for code."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def usage_after(before: Usage | None, data: Mapping[str, Any]) -> Usage | None:
    """What is known after one more event; counts grow while an answer comes, so the larger one holds.

    They stand in `usage`: of the event (most), of its `message` (Anthropic), its `response` (OpenAI) or its
    first choice (Kimi).
    """
    choices = data.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    for place in (data, data.get("message"), data.get("response"), first):
        told = place.get("usage") if isinstance(place, dict) else None
        if isinstance(told, dict):
            before = before or Usage()
            before = Usage(
                max(before.sent_tokens, *(_count(told, name) for name in _SENT)),
                max(before.received_tokens, *(_count(told, name) for name in _RECEIVED)),
            )
    return before


def _count(told: Mapping[str, Any], name: str) -> int:
    found = told.get(name)
    return found if isinstance(found, int) and found > 0 else 0
