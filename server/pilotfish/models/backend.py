"""The one door to a model: what a backend is given, and what it must do.

Third parties register a class in the entry-point group `pilotfish.backends`; the built-in ones do the same.
A backend is made once per session with its own part of the settings, and closed with the session.
docs/backends.md has a complete one, explained.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """Facts about a model, as data. Logic never looks at a model's name.

    Attributes:
        name: the profile's own name.
        window_tokens: what prompt and answer may take together.
        prefix_tokens: the most text before the cursor, 0 for its share of the window.
        suffix_tokens: the most text after the cursor, 0 for its share of the window.
        max_tokens: the longest answer that is asked for.
        stop: strings that end an answer; they are cut on our side whether or not the service honours them.
        template: how a hole is written for this model, with `{prefix}` (whole lines), `{suffix}` and `{line}`
            (the cursor's line up to the cursor, which changes at each key and so stands as late as it can).
            `{files}` is where snippets go, if they have a form of their own. Empty where no such training is
            known.
        file: how a snippet is written, with `{path}` and `{text}`; empty where it stands before the prefix.
        control: the model's control tokens, which must not come out of the user's own text.
        prefill: whether a chat model goes on with the beginning of an answer that it is given.
        body: fields that each request carries, for example to switch thinking off.
        refuses: fields of a request that this model answers with an error.
        unfit: why the model cannot be used for inline completion; empty where it can.
    """

    name: str = "plain"
    window_tokens: int = 4096
    prefix_tokens: int = 0
    suffix_tokens: int = 0
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    template: str = ""
    file: str = ""
    control: tuple[str, ...] = ()
    prefill: bool = True
    body: Mapping[str, Any] = field(default_factory=dict)
    refuses: tuple[str, ...] = ()
    unfit: str = ""


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A named stretch of the prompt, so that a trace can say what the model was shown."""

    name: str
    text: str
    path: str = ""

    @property
    def tokens(self) -> int:
        """Estimated tokens: UTF-8 bytes / 4, rounded up."""
        return -(-len(self.text.encode("utf-8", "surrogatepass")) // 4)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A hole to fill: the text before the cursor, the text after it, and snippets that come first.

    Attributes:
        context: snippets, already in their comment headers, in a stable order, the best one last.
        prefix: text before the cursor, cut at a block-aligned left edge.
        suffix: text after the cursor.
        max_tokens: upper bound for the answer.
        stop: strings at which the answer ends.
        single_line: whether the answer ends with the cursor's line.
        path: the file's name, relative to the workspace where it is in it.
        language: the editor's name of its language.
    """

    prefix: str
    suffix: str
    context: tuple[PromptPart, ...] = ()
    max_tokens: int = 128
    stop: tuple[str, ...] = ()
    single_line: bool = True
    path: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation to be answered.

    Attributes:
        messages: the turns; the last is the user's, or the beginning of the answer (`assistant`), which only
            a backend that can prefill is given.
        max_tokens: upper bound for the answer.
        stop: strings at which the answer ends.
        cursor: what stands for the cursor in the turns, if anything: the text on both sides of it is one.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 1024
    stop: tuple[str, ...] = ()
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a backend can do.

    Attributes:
        fill: fill a hole (`Prompt`).
        chat: answer a conversation (`Chat`).
        prefill: go on with the beginning of an answer.
        embed: make vectors of texts (`embeddings.Embedder`).
    """

    fill: bool = True
    chat: bool = False
    prefill: bool = False
    embed: bool = False


class Backend(Protocol):
    """Runs a model. Raises only `BackendError`; cancelling the task that reads is the only cancel."""

    name: str
    abilities: Abilities
    is_remote: bool

    @property
    def profile(self) -> ModelProfile:
        """What is known of the model; an attribute will do."""
        ...

    def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """The answer in pieces, as they come. The reader closes it (`contextlib.aclosing`)."""
        ...

    async def aclose(self) -> None:
        """Give back connections and processes."""
        ...


def expect(backend: Backend) -> None:
    """Tell it that a question will come soon. A backend may connect meanwhile, in a method `expect`."""
    told = getattr(backend, "expect", None)
    if callable(told):
        told()


def is_metered(backend: Backend) -> bool:
    """Whether answers may cost money: then it is asked only for what the user waits for.

    A backend may say so in an attribute `is_metered`; of others, those on other machines are taken for it.
    """
    return bool(getattr(backend, "is_metered", backend.is_remote))
