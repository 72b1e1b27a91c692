"""The scripted backend: says what its settings tell it to. For tests, demonstrations and the benchmark.

[backends.demo]
kind = "echo"
options = { chunks = ["return ", "left + right"], first_ms = 5, gap_ms = 1, fail_after = 1 }
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotfish.errors import BackendUnavailable
from pilotfish.models.backend import Abilities, Chat, ModelProfile, Prompt
from pilotfish.models.options import read_options

if TYPE_CHECKING:
    from pilotfish.platform.http import Http
    from pilotfish.settings.model import BackendSettings


@dataclass(frozen=True, slots=True)
class Script:
    """What to do for each request.

    Attributes:
        chunks: the pieces of the answer; without any, the last line of the prefix is said again.
        first_ms: time to the first piece.
        gap_ms: time between pieces.
        fail_after: raise `BackendUnavailable` after so many pieces; -1 never.
        endless: begin again with the first piece for ever.
    """

    chunks: tuple[str, ...] = ()
    first_ms: float = 0.0
    gap_ms: float = 0.0
    fail_after: int = -1
    endless: bool = False


class EchoBackend:
    """Streams its script. Counts open streams, so that a test can see that each was closed."""

    is_remote = False
    abilities = Abilities(fill=True, chat=True, prefill=True)

    def __init__(self, name: str, settings: BackendSettings, _http: Http | None = None) -> None:
        self.name = name
        self.profile = ModelProfile(name="echo")
        self.script = read_options(Script, name, settings.options)
        self.asked = 0
        self.open_streams = 0

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """The script's pieces, at the script's pace."""
        self.asked += 1
        self.open_streams += 1
        text = prompt.prefix if isinstance(prompt, Prompt) else prompt.messages[-1].text
        try:
            said = 0
            while True:
                for chunk in self.script.chunks or (text.rsplit("\n", 1)[-1].strip(),):
                    await asyncio.sleep((self.script.gap_ms if said else self.script.first_ms) / 1000)
                    if said == self.script.fail_after:
                        raise BackendUnavailable(f"backend {self.name!r} was told to fail")
                    yield chunk
                    said += 1
                if not self.script.endless:
                    break
            if said == self.script.fail_after:
                raise BackendUnavailable(f"backend {self.name!r} was told to fail")
        finally:
            self.open_streams -= 1

    async def aclose(self) -> None:
        """Nothing to give back."""
