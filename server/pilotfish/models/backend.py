"""The one door to a model: what a backend is given, and what it must do.

Third parties register a class in the entry-point group `pilotfish.backends`; the built-in ones do the same.
A backend is made once per session with its own part of the settings, and closed with the session.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """Facts about a model, as data. Logic never looks at a model's name.

    Attributes:
        name: the profile's own name.
        window_tokens: what prompt and answer may take together.
        max_tokens: the longest answer that is asked for.
        stop: strings that end an answer; they are cut on our side whether or not the service honours them.
    """

    name: str = "plain"
    window_tokens: int = 4096
    max_tokens: int = 128
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A named stretch of the prompt, so that a trace can say what the model was shown."""

    name: str
    text: str

    @property
    def tokens(self) -> int:
        """Estimated tokens: UTF-8 bytes / 4, rounded up."""
        return -(-len(self.text.encode()) // 4)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model gets: the text before the cursor, the text after it, and snippets that come first.

    Attributes:
        context: snippets, already in their comment headers, in a stable order.
        prefix: text before the cursor, cut at a block-aligned left edge.
        suffix: text after the cursor.
        max_tokens: upper bound for the answer.
        stop: strings at which the answer ends.
        single_line: whether the answer ends with the cursor's line.
    """

    prefix: str
    suffix: str
    context: tuple[PromptPart, ...] = ()
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    single_line: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


class Backend(Protocol):
    """Runs a model. Raises only `BackendError`; cancelling the task that reads is the only cancel."""

    name: str
    profile: ModelProfile
    is_remote: bool

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer in pieces, as they come. The reader closes it (`contextlib.aclosing`)."""
        ...

    async def aclose(self) -> None:
        """Give back connections and processes."""
        ...
