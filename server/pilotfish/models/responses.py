"""OpenAI's `/responses`: named events, no `[DONE]`."""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Chat
from pilotfish.models.wire import NOTHING, Said, Target, text_at
from pilotfish.platform.events import Event

_ENDS = ("response.completed", "response.incomplete")


class Responses:
    """A conversation; system turns go as `instructions`."""

    def body(self, asked: Chat, target: Target) -> dict[str, Any]:
        """Nothing is kept at the service (`store`)."""
        extra = dict(target.extra)
        if effort := extra.pop("reasoning_effort", None):
            extra["reasoning"] = {"effort": effort}
        fields = {
            **target.common(asked),
            "instructions": "\n\n".join(m.text for m in asked.messages if m.role == "system"),
            "input": [{"role": m.role, "content": m.text} for m in asked.messages if m.role != "system"],
            "store": False,
            **extra,
        }
        return {name: value for name, value in fields.items() if value != ""}

    def read(self, event: Event) -> Said:
        """Deltas of the text; summaries of what it thinks are other events."""
        kind = text_at(event.data, "type") or event.name
        if kind == "response.output_text.delta":
            return Said(text_at(event.data, "delta"))
        return Said(is_end=True) if kind in _ENDS else NOTHING
