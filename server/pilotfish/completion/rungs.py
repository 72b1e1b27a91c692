"""The two kinds of rungs of the ladder `backend = [...]`: the embedded engine, and a model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from pilotfish.completion.ahead import LEFT, STREAM_LIMIT_S, Answer, may_work_ahead, read
from pilotfish.completion.answer import AskedAs
from pilotfish.completion.extent import extent_at
from pilotfish.completion.gap import Gap
from pilotfish.completion.pacing import pace_ms
from pilotfish.completion.request import CompletionRequest, Source, Trigger
from pilotfish.completion.resources import Offer, Resources
from pilotfish.completion.reuse import place_name, place_of
from pilotfish.completion.stored import WORTH_MS
from pilotfish.completion.trim import is_complete
from pilotfish.errors import BackendUnavailable, ModelUnfit
from pilotfish.models.backend import expect, is_metered
from pilotfish.models.hedge import hedged
from pilotfish.models.turns import in_turn
from pilotfish.platform.steps import meanwhile, run_steps
from pilotfish.platform.trace import Part, Trace
from pilotfish.prompt.chat import as_chat
from pilotfish.prompt.fim import render
from pilotfish.settings.model import EMBEDDED

if TYPE_CHECKING:
    from pilotfish.context.snippet import Context
    from pilotfish.models.backend import Backend, Chat, Prompt

AT_ONCE_S = 0.005
"""A model that answers sooner finds the loop free: nothing is done beside it."""

LEAST_ALTERNATIVE = 0.05
"""What the engine takes for less likely is no alternative to what it offers unasked."""


async def ask_engine(request: CompletionRequest, using: Resources, trace: Trace) -> Offer:
    """The engine's candidates; on an automatic trigger only if it is sure enough of the best one."""
    is_asked = request.trigger is not Trigger.AUTOMATIC
    wanted = 0.0 if is_asked else using.settings.completion.min_confidence
    with trace.stage("engine") as stage:
        candidates = await run_steps(using.predict(request, _max_lines(request, using), wanted))
        stage.note = f"confidence {candidates[0].confidence:.2f}" if candidates else "no_match"
    if not candidates:
        return Offer((), Source.EMBEDDED, EMBEDDED, "no_match")
    best = candidates[0]
    if best.confidence < wanted:
        return Offer((), Source.EMBEDDED, EMBEDDED, "not_confident")
    least = 0.0 if is_asked else LEAST_ALTERNATIVE
    texts = tuple(each.text for each in candidates if each is best or each.confidence >= least)
    return Offer(texts, Source.EMBEDDED, EMBEDDED, "", best.confidence, best.evidence)


async def ask_model(name: str, request: CompletionRequest, using: Resources, trace: Trace) -> Offer:
    """One call of a model, with the context that was found in time.

    Raises:
        BackendError: the model could not answer.
    """
    backend = using.backends.get(name)
    if backend is None:
        return Offer((), Source.MODEL, name, "no_backend")
    if backend.profile.unfit:
        raise ModelUnfit(
            f"{name} is not asked for completions: {backend.profile.unfit}. Choose another model."
        )
    if _must_stay(request, backend, using):
        return Offer((), Source.MODEL, name, "stays_here")
    usual_ms = using.answer_times.usual_ms(name)
    if using.stored is not None and (is_metered(backend) or usual_ms >= WORTH_MS):
        with trace.stage("reuse") as stage:
            texts = await using.stored.find(place_name(place_of(request, using.fingerprint)))
            stage.note = "stored" if texts else "not stored"
        if texts:
            return Offer(texts, Source.CACHE, name)
    async with meanwhile(using.gather(request)) as gathering:
        with trace.stage("pace") as stage:
            max_wait_ms = using.settings.completion.max_wait_ms
            wait_ms = pace_ms(request, max_wait_ms=max_wait_ms, answer_ms=usual_ms)
            stage.note = f"{wait_ms:.0f} ms"
            if wait_ms > 0:
                expect(backend)
                await using.clock.sleep_ms(wait_ms)
        with trace.stage("gather") as stage:
            context = await gathering
            found = f"{len(context.snippets)} snippets, {context.tokens} tokens"
            stage.note = "; ".join([found, *context.late])
    max_lines = _max_lines(request, using)
    with trace.stage("render") as stage:
        hole, prompt = _write(request, context, backend, max_lines)
        trace.parts = parts_of(hole)
        stage.note = f"as {_form(backend)}, {sum(part.tokens for part in trace.parts)} tokens"
    asked_ms = using.clock.now_ms()
    with trace.stage("stream") as stage:
        stops = (*hole.stop, *prompt.stop)
        async with meanwhile(_read_tree(request, using)):  # trimming may want it
            answer, stop, stage.note = await _stream(name, request, context, prompt, stops, using)
    took_ms = using.clock.now_ms() - asked_ms
    using.answer_times.took(name, took_ms)
    return Offer(
        (answer.text,),
        Source.MODEL,
        name,
        stop=stop,
        asked_as=_form(backend),
        files=frozenset(snippet.path for snippet in context.snippets),
        whole=answer.whole,
        is_dear=is_metered(backend) or took_ms >= WORTH_MS,
    )


async def _read_tree(request: CompletionRequest, using: Resources) -> None:
    await asyncio.sleep(AT_ONCE_S)
    await run_steps(using.tree(request.document))


async def _stream(
    name: str,
    request: CompletionRequest,
    context: Context,
    prompt: Prompt | Chat,
    stop: tuple[str, ...],
    using: Resources,
) -> tuple[Answer, tuple[str, ...], str]:
    """What the model says, and a second one where the first word is late; all stop strings; how it ended."""
    backend, settings = using.backends[name], using.settings
    max_lines, also = _max_lines(request, using), ""
    pieces = in_turn(backend, prompt, using.turns)
    if (second := _second(name, request, using)) is not None:
        stop += second.profile.stop

        def ask_second() -> AsyncGenerator[str, None]:
            nonlocal also
            also = f", {second.name} asked too"
            written = _write(request, context, second, max_lines)[1]
            return in_turn(second, written, using.turns)

        pieces = hedged(pieces, ask_second, settings.backend_settings(name).hedge_after_ms / 1000)
    gap = Gap(request, max_lines, stop, _form(backend))
    extent = extent_at(gap)
    reads_on = using.ahead is not None and may_work_ahead(backend, settings.completion)
    answer = await read(pieces, lambda text: is_complete(text, gap, extent), reads_on=reads_on)
    if answer.how == LEFT and not answer.text:
        raise BackendUnavailable(f"{name} said nothing within {STREAM_LIMIT_S:g} s")
    return answer, stop, answer.how + also


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


def parts_of(hole: Prompt) -> list[Part]:
    """What the prompt is made of, for the trace: names and sizes, no text."""
    parts = [Part(part.name, part.tokens, part.path) for part in hole.context]
    own = (("prefix", hole.prefix), ("suffix", hole.suffix))
    return [*parts, *(Part(name, -(-len(text.encode("utf-8", "surrogatepass")) // 4)) for name, text in own)]


def _form(backend: Backend) -> AskedAs:
    """How it can be asked best."""
    if backend.abilities.fill:
        return "hole"
    return "begun" if backend.abilities.prefill else "tags"


def _max_lines(request: CompletionRequest, using: Resources) -> int:
    """One line where code follows the cursor on its line, else as many as the user wants to see."""
    follows = request.document.after(request.position).strip()
    return 1 if follows else using.settings.completion.max_lines
