"""llama.cpp's own shapes: `/completion` with the model's control tokens, `/infill` where they are unknown.

Its cache holds from the first token up to the first that differs. `/infill` puts the suffix behind the
cursor's line, so each key has the whole suffix read again: with known control tokens we write the prompt
ourselves and put the line last. In `/infill` the server writes them, and reads the user's text as text.
"""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Prompt
from pilotfish.models.templates import fill_template
from pilotfish.models.wire import Said, Target, text_at
from pilotfish.platform.events import Event


class Completion:
    """A hole as a text to go on with."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """Control tokens in `prompt` are read as such."""
        return {"prompt": fill_template(asked, target.profile), **_common(asked, target)}

    def read(self, event: Event) -> Said:
        """Text in `content`; the last event has `stop`."""
        return Said(text_at(event.data, "content"), is_end=event.data.get("stop") is True)


class Infill(Completion):
    """A hole for the server to write."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """Both sides are always sent: older servers answer 500 without."""
        return {
            "input_extra": [
                {"filename": part.path or part.name, "text": part.text} for part in asked.context
            ],
            "input_prefix": asked.prefix,
            "input_suffix": asked.suffix,
            **_common(asked, target),
        }


def _common(asked: Prompt, target: Target) -> dict[str, Any]:
    return {
        "n_predict": asked.max_tokens,
        "stop": list(asked.stop[: target.preset.max_stops]),
        "temperature": target.temperature,
        "cache_prompt": True,
        "stream": True,
        "response_fields": ["content", "stop", "stop_type", "timings", "truncated"],
    }
