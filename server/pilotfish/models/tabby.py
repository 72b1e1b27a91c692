"""Tabby's `/v1/completions`: segments in, one JSON out. It does not stream, and finds context of its own."""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Prompt
from pilotfish.models.wire import Said, Target, text_at
from pilotfish.platform.events import Event


class Tabby:
    """A hole for Tabby."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """Snippets go as declarations of the file that they come from."""
        segments: dict[str, Any] = {"prefix": asked.prefix, "suffix": asked.suffix}
        if asked.path:
            segments["filepath"] = asked.path
        if asked.context:
            segments["declarations"] = [
                {"filepath": part.path or part.name, "body": part.text} for part in asked.context
            ]
        return {"language": asked.language, "segments": segments, "temperature": target.temperature}

    def read(self, event: Event) -> Said:
        """The first choice is the whole answer."""
        return Said(text_at(event.data, "choices", 0, "text"), is_end=True)
