"""Anthropic's `/v1/messages`."""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Chat
from pilotfish.models.wire import NOTHING, Said, Target, text_at
from pilotfish.platform.events import Event


class Messages:
    """A conversation; system turns stand apart. Few fields are sent: newer models refuse others."""

    def body(self, asked: Chat, target: Target) -> dict[str, Any]:
        """The beginning of an answer is just the last message. Blank stop strings would be refused."""
        fields: dict[str, Any] = {
            "model": target.model,
            "max_tokens": asked.max_tokens,
            "messages": [{"role": m.role, "content": m.text} for m in asked.messages if m.role != "system"],
            "temperature": target.temperature,
            "stream": True,
        }
        if system := "\n\n".join(m.text for m in asked.messages if m.role == "system"):
            fields["system"] = [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}]
        if stop := [text for text in asked.stop if text.strip()][: target.preset.max_stops]:
            fields["stop_sequences"] = stop
        return {**fields, **target.extra}

    def read(self, event: Event) -> Said:
        """`text_delta`s; thinking and tool calls are other deltas, and unknown events say nothing."""
        kind = text_at(event.data, "type")
        if kind == "content_block_delta" and text_at(event.data, "delta", "type") == "text_delta":
            return Said(text_at(event.data, "delta", "text"))
        return Said(is_end=True) if kind == "message_stop" else NOTHING
