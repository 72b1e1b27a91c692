"""OpenAI's old `/completions`, which is how most services fill holes: by a `suffix`, or by control tokens.

Mistral's `/fim/completions` asks in this shape and answers in that of a chat.
"""

from __future__ import annotations

from typing import Any

from pilotfish.models.backend import Prompt
from pilotfish.models.chat import content_of
from pilotfish.models.profiles import HOLE_TOKENS
from pilotfish.models.templates import defused, fill_template
from pilotfish.models.wire import Said, Target, first_choice, text_at
from pilotfish.platform.events import Event


class Completions:
    """A hole as a text to go on with."""

    def body(self, asked: Prompt, target: Target) -> dict[str, Any]:
        """With `takes_suffix` the service writes the control tokens, else we do."""
        fields = target.common(asked)
        if target.preset.takes_suffix:
            control = target.profile.control or HOLE_TOKENS
            before = "".join(part.text for part in asked.context) + asked.prefix
            fields["prompt"] = defused(before, control)
            fields["suffix"] = defused(asked.suffix, control)
        else:
            fields["prompt"] = fill_template(asked, target.profile)
        return fields

    def read(self, event: Event) -> Said:
        """`choices[0].text`, or a chat's delta; chunks without choices carry counts only."""
        choice = first_choice(event)
        return Said(text_at(choice, "text") or content_of(choice))
