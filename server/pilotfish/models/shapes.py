"""The wire shapes by name, as `presets.py` refers to them."""

from __future__ import annotations

from collections.abc import Mapping

from pilotfish.models.backend import Chat, Prompt
from pilotfish.models.chat import ChatCompletions
from pilotfish.models.completions import Completions
from pilotfish.models.generate import Generate, RawGenerate
from pilotfish.models.llama_cpp import Completion, Infill
from pilotfish.models.messages import Messages
from pilotfish.models.responses import Responses
from pilotfish.models.tabby import Tabby
from pilotfish.models.wire import Wire

FILL: Mapping[str, Wire[Prompt]] = {
    "infill": Infill(),
    "completion": Completion(),
    "completions": Completions(),
    "generate": Generate(),
    "generate-raw": RawGenerate(),
    "tabby": Tabby(),
}
CHAT: Mapping[str, Wire[Chat]] = {
    "chat": ChatCompletions(),
    "responses": Responses(),
    "messages": Messages(),
}
INSTEAD: Mapping[str, tuple[str, str]] = {"generate": ("does not support insert", "generate-raw")}
"""Which shape a server is asked in from then on, when it refuses one with these words."""
