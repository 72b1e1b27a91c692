"""The doctor's checks of a model: does it fill holes, does it see both sides of one, and how fast.

The holes go the whole way of a completion, so what is judged is what a user would have been shown.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.completion.resources import Resources
from pilotfish.completion.reuse import Memory
from pilotfish.doctor.finding import Finding, Level
from pilotfish.engine.candidate import Candidate
from pilotfish.errors import (
    AnswerBroken,
    BackendError,
    BackendUnavailable,
    KeyRefused,
    ModelUnfit,
    NoCredit,
    PromptRefused,
)
from pilotfish.models.backend import Backend, Chat, Message, ModelProfile, Prompt
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.steps import Steps
from pilotfish.platform.trace import Trace
from pilotfish.settings.model import CompletionSettings, Settings
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

SLOW_FIRST_MS = 1_000
RATE_TOKENS = 48
FASTEST_RATE = 2_000  # so few tokens do not tell faster rates apart
BYTES_PER_TOKEN = 4
_CHOOSE = "Choose a model that was trained to fill holes: docs/backends.md has a list."


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole with one right answer."""

    before: str
    after: str
    right: re.Pattern[str]
    shown: str


KNOWN = Hole("def add(a, b):\n    return ", "\n", re.compile(r"\(?(a ?\+ ?b|b ?\+ ?a)\)?"), "a + b")
BOTH_SIDES = Hole(
    "def area(width, height):\n    ",
    "\n    return result\n",
    re.compile(r"result ?(: ?\w+ ?)?= ?\(?(width ?\* ?height|height ?\* ?width)\)?"),
    "result = width * height",
)


class Watched:
    """A backend that is listened to while others use it.

    Attributes:
        said: all that came.
        first_ms: when the first piece came, after the request; None while none has.
        last_ms: when the last one did.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.name = backend.name
        self.abilities = backend.abilities
        self.is_remote = backend.is_remote
        self.said = ""
        self.first_ms: float | None = None
        self.last_ms = 0.0

    @property
    def profile(self) -> ModelProfile:
        """The backend's, which may learn more of its model."""
        return self._backend.profile

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """What the backend says."""
        started = time.perf_counter()
        async with aclosing(self._backend.stream(prompt)) as pieces:
            async for piece in pieces:
                self.last_ms = (time.perf_counter() - started) * 1000
                if self.first_ms is None:
                    self.first_ms = self.last_ms
                self.said += piece
                yield piece

    async def aclose(self) -> None:
        """Close the backend."""
        await self._backend.aclose()


async def check_model(backend: Backend, settings: Settings) -> AsyncGenerator[Finding, None]:
    """Ask three short questions; the first may have to wait until the model is loaded."""
    heard = Watched(backend)
    shown, error = await _fill(heard, KNOWN, settings)
    if error is not None:
        yield Finding("model", Level.PROBLEM, str(error), _what_to_do(backend.name, error))
        return
    yield _judged(KNOWN, heard, shown)
    if KNOWN.right.fullmatch(shown):
        yield _judged_both_sides(*await _fill(Watched(backend), BOTH_SIDES, settings))
    async for finding in _check_speed(backend):
        yield finding


def _what_to_do(name: str, error: BackendError) -> str:
    """About an answer that did not come."""
    advice: dict[type[BackendError], str] = {
        KeyRefused: "Put the right key into the environment variable that its settings name "
        f"(`backends.{name}.key_env`), or run: pilotfish auth login {name}",
        PromptRefused: f"`backends.{name}.url` is the server's base address, without the path of a request; "
        "`model` is a name that the server knows.",
        NoCredit: "Until then name another backend in `backend`.",
        ModelUnfit: f"Name another one in `backends.{name}.model`.",
        AnswerBroken: "Is it the server of a model that listens there? Its own log may tell more.",
        BackendUnavailable: "Try again in a minute; if it stays so, the log of its server may tell why.",
    }
    return next((text for kind, text in advice.items() if isinstance(error, kind)), "Correct its settings.")


async def _fill(backend: Watched, hole: Hole, settings: Settings) -> tuple[str, BackendError | None]:
    """What would be shown in the hole, on its first line, with single spaces."""
    lines = split_lines(hole.before + hole.after)
    line = hole.before.count("\n")
    position = Position(line, len(hole.before.rsplit("\n", 1)[-1]))
    document = Document("untitled:doctor.py", None, "python", 1, lines)
    clock = SystemClock()
    using = Resources(
        replace(settings, backend=(backend.name,), completion=CompletionSettings()),
        _nothing,
        {backend.name: backend},
        Memory(),
        clock,
    )
    request = CompletionRequest(document, position, Trigger.INVOKED)
    outcome = await complete(request, using, Trace("doctor", document.uri, 1, clock))
    if not outcome.completions:
        return "", outcome.error
    best = outcome.completions[0]
    there = document.before(position)[best.range.start.column :]
    return " ".join(best.text.removeprefix(there).strip().split("\n")[0].split()), None


def _nothing(_: CompletionRequest, _max_lines: int, _least: float) -> Steps[list[Candidate]]:
    """The engine is not asked."""
    yield from ()
    return []


def _judged(hole: Hole, heard: Watched, shown: str) -> Finding:
    """Whether the answer is right, and if not, in which of the usual ways it is wrong."""
    said = heard.said.strip()
    if not said:
        text, action = "it answers with nothing", "Is it a base or coder model? " + _CHOOSE
    elif said.startswith(heard.profile.control) or re.match(r"<[|｜]?(fim|PRE|SUF|MID)", said):
        text = f"control tokens stand in its answer ({_quoted(said)})"
        action = "The model is of another family: set `options.fim` or `options.template` of this backend."
    elif "```" in said and heard.abilities.fill:
        text = f"it answers like a chat model ({_quoted(said)})"
        action = (
            'If it is one, set `options.fim = "off"`: it is then asked in a conversation. '
            "If it is of another family than its name tells, name that in `options.fim`."
        )
    elif hole.right.fullmatch(shown):
        return Finding(
            "model", Level.GOOD, f"it fills a hole: {hole.before.split(chr(10))[0]} return {shown}"
        )
    elif not shown:
        text, action = f"nothing is left of its answer ({_quoted(said)})", _CHOOSE
    else:
        text, action = f"it says {_quoted(shown)} where `{hole.shown}` belongs", _CHOOSE
    return Finding("model", Level.WARNING, text, action)


def _judged_both_sides(shown: str, error: BackendError | None) -> Finding:
    if error is not None:
        return Finding("model", Level.WARNING, str(error), "It answered before: try again.")
    if BOTH_SIDES.right.fullmatch(shown):
        return Finding("model", Level.GOOD, "it sees what stands after the cursor")
    return Finding(
        "model",
        Level.WARNING,
        f"it seems not to see what stands after the cursor: it says {_quoted(shown)}, "
        f"where `{BOTH_SIDES.shown}` belongs",
        _CHOOSE,
    )


async def _check_speed(backend: Backend) -> AsyncGenerator[Finding, None]:
    """When the first word comes, now that the model is loaded, and how fast the others follow."""
    heard = Watched(backend)
    try:
        async with aclosing(heard.stream(_long_question(backend))) as pieces:
            async for _ in pieces:
                if len(heard.said.encode()) > RATE_TOKENS * BYTES_PER_TOKEN:
                    break
    except BackendError as error:
        yield Finding("speed", Level.WARNING, str(error), "It answered before: try again.")
        return
    if heard.first_ms is None:
        return  # an empty answer has been spoken of
    rate = ""
    if (took_s := (heard.last_ms - heard.first_ms) / 1000) > 0:
        tokens = len(heard.said.encode()) / BYTES_PER_TOKEN / took_s
        some = f"{FASTEST_RATE:,} or more" if tokens > FASTEST_RATE else f"about {tokens:,.0f}"
        rate = f", then {some} tokens a second (counted as {BYTES_PER_TOKEN} bytes each)"
    text = f"the first word comes after {heard.first_ms:.0f} ms{rate}"
    if heard.first_ms > SLOW_FIRST_MS:
        yield Finding("speed", Level.WARNING, text, "A smaller or nearer model suits typing better.")
    else:
        yield Finding("speed", Level.GOOD, text)


def _long_question(backend: Backend) -> Prompt | Chat:
    """One whose answer is long."""
    if backend.abilities.fill:
        before = "# The first hundred prime numbers, one on each line.\nPRIMES = [\n    2,\n    3,\n"
        return Prompt(before, "]\n", max_tokens=RATE_TOKENS, single_line=False, path="primes.py")
    question = "Write the numbers from 1 to 100, separated by commas, and nothing else."
    return Chat((Message("user", question),), max_tokens=RATE_TOKENS)


def _quoted(text: str) -> str:
    short = " ".join(text.split())
    return f"`{short if len(short) <= 60 else short[:60] + '…'}`"
