"""Ollama's `/api/generate`: by `suffix` where the model's template has one, else raw, with control tokens.

An empty suffix makes Ollama use its chat template: a line end is sent instead. Without `num_ctx` it cuts the
prompt silently; with another one than before it loads the model again, so it is always the same.
"""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Prompt
from pilotfish.models.templates import fill_template
from pilotfish.models.wire import Said, Target, text_at
from pilotfish.platform.events import Event


class Generate:
    """A hole for Ollama."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """Ollama writes the control tokens."""
        before = "".join(part.text for part in asked.context) + asked.prefix
        return {**_common(asked, target), "prompt": before, "suffix": asked.suffix or "\n", "think": False}

    def read(self, event: Event) -> Said:
        """Lines of JSON; the last one is `done`."""
        return Said(text_at(event.data, "response"), is_end=event.data.get("done") is True)


class RawGenerate(Generate):
    """The same with control tokens written by us."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """No template of Ollama's is applied."""
        return {**_common(asked, target), "prompt": fill_template(asked, target.profile), "raw": True}


def _common(asked: Prompt, target: Target) -> dict[str, Any]:
    return {
        "model": target.model,
        "stream": True,
        "options": {
            "num_ctx": target.profile.window_tokens,
            "num_predict": asked.max_tokens,
            "temperature": target.temperature,
            "stop": list(asked.stop),
        },
    }
