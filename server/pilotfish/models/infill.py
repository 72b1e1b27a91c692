"""llama.cpp's `/infill`: the server writes the control tokens itself and reads the user's text as text.

Two facts decide the form (docs/backends.md): it keeps only so much of prefix and suffix, and it caches from
the first token on. So the cursor's line goes into `prompt`, which stands last, behind the suffix.
"""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Prompt
from pilotfish.models.templates import defused, split_line
from pilotfish.models.wire import NOTHING, Said, Target, text_at
from pilotfish.platform.events import Event

_TIMINGS = ["content", "stop", "stop_type", "timings", "tokens_cached", "truncated"]


class Infill:
    """A hole for llama.cpp's server."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """`prompt` alone is parsed for control tokens by the server, so it alone is defused."""
        lines, line = split_line(asked.prefix)
        return {
            "input_extra": [
                {"filename": part.path or part.name, "text": part.text} for part in asked.context
            ],
            "input_prefix": lines,
            "input_suffix": asked.suffix,
            "prompt": defused(line, target.profile.control),
            "n_predict": asked.max_tokens,
            "stop": list(asked.stop),
            "temperature": target.temperature,
            "cache_prompt": True,
            "stream": True,
            "response_fields": _TIMINGS,
        }

    def read(self, event: Event) -> Said:
        """Text in `content`; the last event has `stop`."""
        if event.data.get("stop") is True:
            return Said(text_at(event.data, "content"), is_end=True)
        text = text_at(event.data, "content")
        return Said(text) if text else NOTHING
