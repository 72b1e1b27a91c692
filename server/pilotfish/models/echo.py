"""The scripted backend: says what its settings tell it to. For tests, demonstrations and the benchmark.

[backends.demo]
kind = "echo"
options = { chunks = ["return ", "left + right"], first_ms = 5, gap_ms = 1, fail_after = 1 }
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pilotfish.errors import BackendError, BackendUnavailable
from pilotfish.models.backend import ModelProfile, Prompt

if TYPE_CHECKING:
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

    @classmethod
    def of(cls, name: str, options: Mapping[str, Any]) -> Script:
        """Read and check the `options` of a backend's settings.

        Raises:
            BackendError: an unknown key, or a value of the wrong type.
        """
        known = {entry.name: getattr(cls(), entry.name) for entry in fields(cls)}
        values: dict[str, Any] = {}
        for key, value in options.items():
            if key not in known:
                raise BackendError(f"backend {name!r}: the echo kind knows no option {key!r}")
            kind = type(known[key])
            accepted = {float: (int, float), tuple: (list, tuple)}.get(kind, (kind,))
            if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
                raise BackendError(f"backend {name!r}: option {key!r} cannot be {value!r}")
            values[key] = tuple(map(str, value)) if isinstance(value, (list, tuple)) else value
        return cls(**values)


class EchoBackend:
    """Streams its script. Counts open streams, so that a test can see that each was closed."""

    is_remote = False

    def __init__(self, name: str, settings: BackendSettings) -> None:
        self.name = name
        self.profile = ModelProfile(name="echo")
        self.script = Script.of(name, settings.options)
        self.asked = 0
        self.open_streams = 0

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The script's pieces, at the script's pace."""
        self.asked += 1
        self.open_streams += 1
        try:
            said = 0
            while True:
                for chunk in self.script.chunks or (prompt.prefix.rsplit("\n", 1)[-1].strip(),):
                    if said == self.script.fail_after:
                        raise BackendUnavailable(f"backend {self.name!r} was told to fail")
                    await asyncio.sleep((self.script.gap_ms if said else self.script.first_ms) / 1000)
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
