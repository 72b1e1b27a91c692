"""OpenAI's `/chat/completions`, which nearly every service speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilotfish.models.backend import Chat
from pilotfish.models.wire import Said, Target, first_choice, text_at
from pilotfish.platform.events import Event


class ChatCompletions:
    """A conversation."""

    def body(self, asked: Chat, target: Target) -> dict[str, Any]:
        """The turns; the beginning of an answer is marked as the service wants it."""
        messages: list[dict[str, Any]] = [
            {"role": message.role, "content": message.text} for message in asked.messages
        ]
        if asked.messages[-1].role == "assistant" and target.preset.prefill in ("partial", "prefix"):
            messages[-1][target.preset.prefill] = True
        return {**target.common(asked), "messages": messages, **target.extra}

    def read(self, event: Event) -> Said:
        """`delta.content`; what the model thinks comes in other fields and is left."""
        return Said(content_of(first_choice(event)))


def content_of(choice: Mapping[str, Any]) -> str:
    """What a choice says, as a delta or whole; the content is a string or a list of parts."""
    said = choice.get("delta") or choice.get("message") or {}
    content = said.get("content") if isinstance(said, dict) else None
    if isinstance(content, list):
        return "".join(text_at(part, "text") for part in content)
    return content if isinstance(content, str) else ""
