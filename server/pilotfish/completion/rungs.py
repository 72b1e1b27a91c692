"""The two kinds of rungs of the ladder `backend = [...]`: the embedded engine, and a model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from pilotfish.completion.answer import AskedAs
from pilotfish.completion.extent import extent_at
from pilotfish.completion.gap import Gap
from pilotfish.completion.pacing import pace_ms
from pilotfish.completion.request import CompletionRequest, Source, Trigger
from pilotfish.completion.resources import Offer, Resources
from pilotfish.completion.trace import Trace
from pilotfish.completion.trim import is_complete
from pilotfish.errors import ModelUnfit
from pilotfish.models.hedge import hedged
from pilotfish.models.turns import in_turn
from pilotfish.platform.steps import run_steps
from pilotfish.prompt.chat import as_chat
from pilotfish.prompt.fim import render

if TYPE_CHECKING:
    from pilotfish.context.snippet import Context
    from pilotfish.models.backend import Backend, Chat, Prompt

STREAM_LIMIT_S = 10.0
"""A model that has not finished by then is left: nobody waits so long for ghost text."""


async def ask_engine(request: CompletionRequest, using: Resources, trace: Trace) -> Offer:
    """The engine's candidates; on an automatic trigger only if it is sure enough of the best one."""
    with trace.stage("engine") as stage:
        candidates = await run_steps(using.predict(request, _max_lines(request, using)))
        stage.note = f"confidence {candidates[0].confidence:.2f}" if candidates else "no_match"
    if not candidates:
        return Offer((), Source.EMBEDDED, "no_match")
    best = candidates[0]
    if request.trigger is Trigger.AUTOMATIC and best.confidence < using.settings.completion.min_confidence:
        return Offer((), Source.EMBEDDED, "not_confident")
    texts = tuple(candidate.text for candidate in candidates)
    return Offer(texts, Source.EMBEDDED, "", best.confidence, best.evidence)


async def ask_model(name: str, request: CompletionRequest, using: Resources, trace: Trace) -> Offer:
    """One call of a model, with the context that was found in time.

    Raises:
        BackendError: the model could not answer.
    """
    backend = using.backends.get(name)
    if backend is None:
        return Offer((), Source.MODEL, "no_backend")
    if backend.profile.unfit:
        raise ModelUnfit(
            f"{name} is not asked for completions: {backend.profile.unfit}. Choose another model."
        )
    if _must_stay(request, backend, using):
        return Offer((), Source.MODEL, "stays_here")
    with trace.stage("pace") as stage:
        max_wait_ms, answer_ms = using.settings.completion.max_wait_ms, using.answer_times.usual_ms(name)
        wait_ms = pace_ms(request, max_wait_ms=max_wait_ms, answer_ms=answer_ms)
        stage.note = f"{wait_ms:.0f} ms"
        if wait_ms > 0:
            await using.clock.sleep_ms(wait_ms)
    with trace.stage("gather") as stage:
        context = await using.gather(request)
        stage.note = "; ".join([f"{len(context.snippets)} snippets, {context.tokens} tokens", *context.late])
    max_lines = _max_lines(request, using)
    with trace.stage("render") as stage:
        hole, prompt = _write(request, context, backend, max_lines)
        asked_as = _form(backend)
        stage.note = f"as {asked_as}: prefix {len(hole.prefix)} and suffix {len(hole.suffix)} characters"
    stop = (*hole.stop, *prompt.stop)
    asked_ms = using.clock.now_ms()
    with trace.stage("stream") as stage:
        async with using.turns.completion(backend):
            answer, also = backend.stream(prompt), ""
            if (second := _second(name, request, using)) is not None:
                stop += second.profile.stop

                def ask_second() -> AsyncGenerator[str, None]:
                    nonlocal also
                    also = f", {second.name} asked too"
                    written = _write(request, context, second, max_lines)[1]
                    return in_turn(second, written, using.turns)

                after_s = using.settings.backend_settings(name).hedge_after_ms / 1000
                answer = hedged(answer, ask_second, after_s)
            text, how = await _stream(answer, Gap(request, max_lines, stop, asked_as))
            stage.note = how + also
    using.answer_times.took(name, using.clock.now_ms() - asked_ms)
    return Offer((text,), Source.MODEL, stop=stop, asked_as=asked_as)


def _must_stay(request: CompletionRequest, backend: Backend, using: Resources) -> bool:
    """Whether this text may not go where the backend is."""
    path = request.document.path
    is_private = path is not None and using.is_private(path)
    return backend.is_remote and (using.settings.privacy.local_only or is_private)


def _second(name: str, request: CompletionRequest, using: Resources) -> Backend | None:
    """Who is asked too when the first word is late: as the user says, if it takes the same form."""
    other = using.backends.get(using.settings.hedge_of(name))
    hedges = using.settings.backend_settings(name).hedge_after_ms > 0
    if not hedges or other is None or other.profile.unfit or _must_stay(request, other, using):
        return None
    return other if _form(other) == _form(using.backends[name]) else None


def _write(
    request: CompletionRequest, context: Context, backend: Backend, max_lines: int
) -> tuple[Prompt, Prompt | Chat]:
    """The hole, and how this backend is asked to fill it."""
    hole = render(request.document, request.position, context, backend.profile, single_line=max_lines == 1)
    form = _form(backend)
    return hole, hole if form == "hole" else as_chat(hole, prefill=form == "begun")


def _form(backend: Backend) -> AskedAs:
    """How it can be asked best."""
    if backend.abilities.fill:
        return "hole"
    return "begun" if backend.abilities.prefill else "tags"


def _max_lines(request: CompletionRequest, using: Resources) -> int:
    """One line where code follows the cursor on its line, else as many as the user wants to see."""
    follows = request.document.after(request.position).strip()
    return 1 if follows else using.settings.completion.max_lines


async def _stream(answer: AsyncGenerator[str, None], gap: Gap) -> tuple[str, str]:
    """The answer as far as it can be shown, and how it ended. The stream is closed whatever happens."""
    text, extent = "", extent_at(gap)
    try:
        async with asyncio.timeout(STREAM_LIMIT_S), aclosing(answer) as pieces:
            async for piece in pieces:
                text += piece
                if is_complete(text, gap, extent):
                    return text, "stopped: complete"
    except TimeoutError:
        return text, "stopped: time limit"
    return text, "ended"
