"""What a wire shape is: how to ask, and how to read what comes back. All are listed in shapes.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pilotfish.models.backend import Chat, ModelProfile, Prompt
from pilotfish.models.presets import Preset
from pilotfish.platform.events import Event

Asked_contra = TypeVar("Asked_contra", Prompt, Chat, contravariant=True)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a request is for.

    Attributes:
        extra: fields that the service and the model want in each conversation.
        temperature: how much chance there is in the answer.
    """

    model: str
    preset: Preset
    profile: ModelProfile
    extra: Mapping[str, Any] = field(default_factory=dict)
    temperature: float = 0.0

    def common(self, asked: Prompt | Chat) -> dict[str, Any]:
        """The fields that all of OpenAI's shapes share."""
        fields: dict[str, Any] = {
            "stream": True,
            self.preset.max_tokens_field: asked.max_tokens,
            "temperature": max(self.temperature, self.preset.temperature),
        }
        if self.preset.tells_usage:
            fields["stream_options"] = {"include_usage": True}
        if self.model:
            fields["model"] = self.model
        if stop := asked.stop[: self.preset.max_stops]:
            fields["stop"] = list(stop)
        return fields


@dataclass(frozen=True, slots=True)
class Said:
    """What one event says: some text, or none; and whether the answer ends with it."""

    text: str = ""
    is_end: bool = False


NOTHING = Said()


class Wire(Protocol[Asked_contra]):
    """A shape of requests and answers; holds no state."""

    def body(self, asked: Asked_contra, target: Target) -> dict[str, Any]:
        """The request."""
        ...

    def read(self, event: Event) -> Said:
        """What an event of the answer says. Errors were taken out before; unknown events say nothing."""
        ...


def first_choice(event: Event) -> dict[str, Any]:
    """The first of `choices`; empty in chunks without any, which carry counts only."""
    choices = event.data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    return choice if isinstance(choice, dict) else {}


def text_at(data: Any, *path: str | int) -> str:
    """The string at a path into JSON; empty where anything on the way is missing or of another type."""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and len(data) > step else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""
