"""What the pipeline works with, and what comes out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotfish.completion.ahead import Ahead
from pilotfish.completion.answer import AskedAs
from pilotfish.completion.pacing import AnswerTimes
from pilotfish.completion.request import Completion, CompletionRequest, Source
from pilotfish.completion.reuse import Memory
from pilotfish.completion.stored import Stored
from pilotfish.context.snippet import Context
from pilotfish.errors import BackendError
from pilotfish.models.turns import Turns
from pilotfish.platform.clock import Clock
from pilotfish.platform.secrets import is_secret_path
from pilotfish.platform.steps import Steps
from pilotfish.platform.trace import Trace

if TYPE_CHECKING:
    from pilotfish.engine.candidate import Candidate
    from pilotfish.models.backend import Backend
    from pilotfish.settings.model import Settings
    from pilotfish.syntax.tree import Tree
    from pilotfish.text.document import Document

Gather = Callable[[CompletionRequest], Coroutine[Any, Any, Context]]
"""What of other files a model is shown beside the text around the cursor."""

Predict = Callable[[CompletionRequest, int, float], Steps["list[Candidate]"]]
"""The request and the most lines that a candidate may have → candidates, best first."""


def no_tree(document: Document) -> Steps[Tree | None]:
    """For languages without a grammar, and where trees are not wanted."""
    del document
    return None
    yield


def no_types(request: CompletionRequest, name: str) -> Collection[str]:
    """Nothing is known of any type."""
    del request, name
    return ()


async def nothing_else(request: CompletionRequest) -> Context:
    """No other file is shown."""
    del request
    return Context()


@dataclass(frozen=True, slots=True)
class Resources:
    """One for a session, replaced as a whole when something in it changes.

    Attributes:
        settings: the resolved settings.
        predict: the embedded engine over open buffers and index: with how many lines at most, and from
            which confidence on it is worth its while; 0 asks for the best guess.
        backends: the models by the name under which the settings list them.
        memory: what was offered lately.
        clock: time.
        is_private: whether a file may neither leave the machine nor serve another file (secret, git-ignored).
        paused: whether the user has paused pilotfish.
        answer_times: how long each model usually takes.
        turns: whose turn it is at a model of this machine.
        gather: what of other files a model is shown.
        tree: a document's syntax tree; None where its language has no grammar.
        members: the names of all members of a type, as the request may see the workspace.
        fingerprint: of the settings that an answer depends on (`fingerprint_of`).
        stored: answers on disk; None where none are kept.
        ahead: what is made ready before it is asked for; None where nothing is.
    """

    settings: Settings
    predict: Predict
    backends: Mapping[str, Backend]
    memory: Memory
    clock: Clock
    is_private: Callable[[Path], bool] = is_secret_path
    paused: bool = False
    answer_times: AnswerTimes = field(default_factory=AnswerTimes)
    turns: Turns = field(default_factory=Turns)
    gather: Gather = nothing_else
    tree: Callable[[Document], Steps[Tree | None]] = no_tree
    members: Callable[[CompletionRequest, str], Collection[str]] = no_types
    fingerprint: str = ""
    stored: Stored | None = None
    ahead: Ahead | None = None


def fingerprint_of(settings: Settings) -> str:
    """The same text for the same answers, in this process and the next."""
    said = (settings.backend, sorted(settings.backends.items()), settings.completion, settings.privacy)
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Offer:
    """What one rung of the ladder came up with, before trimming; without texts, `reason` says why.

    Attributes:
        texts: what each candidate inserts at the cursor, best first.
        source: who says so.
        backend: by its name in the settings.
        reason: why there are no texts.
        confidence: of the first text, where it is known.
        evidence: see `Completion.evidence`.
        stop: strings that end the text.
        asked_as: how a model was asked, which says what stands around its text.
        files: the files whose snippets a model was shown, relative to the workspace.
        whole: all that a model says, while its stream is read on beyond the text.
        is_dear: whether the answer cost money or a long time.
    """

    texts: tuple[str, ...]
    source: Source
    backend: str
    reason: str = ""
    confidence: float | None = None
    evidence: str | None = None
    stop: tuple[str, ...] = ()
    asked_as: AskedAs = "hole"
    files: frozenset[str] = frozenset()
    whole: asyncio.Task[str] | None = None
    is_dear: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: what to show, best first, and in one word why this or why nothing.

    Attributes:
        completions: what to show; may be empty.
        decision: `shown`, or the reason for silence.
        trace: the stages that ran.
        error: the first failure of a backend, for the status line; completion itself never interrupts.
    """

    completions: tuple[Completion, ...]
    decision: str
    trace: Trace
    error: BackendError | None = None
