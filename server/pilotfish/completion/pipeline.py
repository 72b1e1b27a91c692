"""From a keystroke to ghost text: the whole story.

gate → reuse → engine, or pace → gather → render → stream for a model, in the order of the setting `backend`
→ trim. Nothing here knows an editor, a file or a model service; what is needed comes in as `Resources`.
Cancelling the task that runs `complete` is the only cancel; it leaves no stream, task or memory entry behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from functools import partial

from pilotfish.completion.ahead import as_if_inserted
from pilotfish.completion.gap import Gap
from pilotfish.completion.gate import gate
from pilotfish.completion.request import Completion, CompletionRequest, Source, Trigger
from pilotfish.completion.resources import Offer, Outcome, Resources
from pilotfish.completion.reuse import Entry, Place, place_name, place_of
from pilotfish.completion.rungs import ask_engine, ask_model
from pilotfish.completion.selected import as_if_accepted, with_entry
from pilotfish.completion.symbol_gate import symbol_gate
from pilotfish.completion.syntax_gate import syntax_gate
from pilotfish.completion.trim import Trimmed, talk, trim
from pilotfish.errors import BackendError, ModelTaken
from pilotfish.platform.steps import Steps, run_steps
from pilotfish.platform.trace import Trace
from pilotfish.settings.model import EMBEDDED
from pilotfish.text.document import Position, Range


async def complete(request: CompletionRequest, using: Resources, trace: Trace) -> Outcome:
    """What to show at the cursor; `trace` is filled on the way.

    Raises:
        asyncio.CancelledError: when its task is cancelled; nothing else.
    """
    settings = using.settings
    request = as_if_accepted(request)
    with trace.stage("gate") as stage:
        skip = gate(request, settings.completion, paused=using.paused)
        stage.note = skip or "go"
    if skip is not None:
        return _silent(trace, skip)
    place = place_of(request, using.fingerprint)
    with trace.stage("reuse") as stage:
        known = using.memory.find(request, using.fingerprint, using.clock.now_ms())
        if known is None and using.ahead is not None and await using.ahead.ready(place):
            known = using.memory.find(request, using.fingerprint, using.clock.now_ms())
        stage.note = known[0] if known else "miss"
    if known is not None:
        source, entry = known
        return _shown(request, trace, entry, source) if entry.texts else _silent(trace, entry.reason)

    error: BackendError | None = None
    reason = "no_backend"
    for name in settings.backend:
        try:
            offer = await (
                ask_engine(request, using, trace)
                if name == EMBEDDED
                else ask_model(name, request, using, trace)
            )
        except ModelTaken:
            reason = "model_taken"
            continue
        except BackendError as failure:
            error, reason = error or failure, "backend_failed"
            continue
        try:
            with trace.stage("trim") as stage:
                made, stage.note = await run_steps(_trim(request, offer, using, trace.id))
        except asyncio.CancelledError:
            if offer.whole is not None:
                offer.whole.cancel()
            raise
        was_asked = bool(offer.texts) or name == EMBEDDED
        if made.texts or (was_asked and error is None and name == settings.backend[-1]):
            using.memory.put(request.document, request.position, using.fingerprint, made)
        keep(request, offer, made, place, using)
        if made.texts:
            return replace(_shown(request, trace, made, made.source), error=error)
        reason = made.reason
    return _silent(trace, reason, error)


def _trim(
    request: CompletionRequest, offer: Offer, using: Resources, trace_id: str
) -> Steps[tuple[Entry, str]]:
    """What is left of the offer, perhaps silence and the reason for it; and the note for the trace."""
    now_ms = using.clock.now_ms()
    silence = Entry(
        (),
        offer.source,
        request.epoch,
        now_ms,
        reason=offer.reason,
        backend=offer.backend,
        origin=trace_id,
        files=offer.files,
        deletions=request.deletions,
    )
    if not offer.texts:
        return silence, offer.reason
    settings = using.settings.completion
    tree, members = partial(using.tree, request.document), partial(using.members, request)
    gap = Gap(request, settings.max_lines, offer.stop, offer.asked_as, tree, members)
    disabled = {*settings.disabled_steps}
    if offer.source is Source.EMBEDDED:
        # The engine's words are the user's own: a sentence is a docstring's line, a name has no slip.
        disabled |= {talk.__name__, symbol_gate.__name__}
    texts, first = yield from _trim_each(offer, gap, disabled)
    by_hand = request.trigger is Trigger.INVOKED and offer.source is Source.EMBEDDED
    if not texts and by_hand and first.emptied_by == syntax_gate.__name__:
        # The engine's words are the user's own: who asks by hand sees the best guess, if only of a line.
        ungated = {*disabled, syntax_gate.__name__}
        best = replace(offer, texts=offer.texts[:1])
        texts, first = yield from _trim_each(best, replace(gap, max_lines=1), ungated)
    if not texts:
        return replace(silence, reason=first.emptied_by or "no_text"), f"emptied by {first.emptied_by}"
    confidence = offer.confidence if first.text else None
    entry = replace(silence, texts=texts, confidence=confidence, evidence=offer.evidence)
    return entry, ", ".join(first.changed) or "as it was"


def _trim_each(offer: Offer, gap: Gap, disabled: Collection[str]) -> Steps[tuple[tuple[str, ...], Trimmed]]:
    """What is left of each text, without those that a better one begins with; what became of the first."""
    texts: list[str] = []
    first: Trimmed | None = None
    for text in offer.texts:
        if any(better.startswith(text) for better in texts):
            continue
        trimmed = yield from trim(text, gap, disabled=disabled)
        first = first or trimmed
        if trimmed.text and not any(better.startswith(trimmed.text) for better in texts):
            texts.append(trimmed.text)
    assert first is not None
    return tuple(texts), first


def _shown(request: CompletionRequest, trace: Trace, entry: Entry, source: Source) -> Outcome:
    """The entry's texts as completions; each replaces the word before the cursor by itself and more.

    Editors place and filter ghost text by the start of the range: a word's start is what all of them expect.
    """
    trace.decision, trace.source = "shown", source
    trace.backend, trace.origin = entry.backend, entry.origin
    before = request.document.before(request.position)
    start = len(before)
    while start > 0 and (before[start - 1].isalnum() or before[start - 1] == "_"):
        start -= 1
    span = Range(Position(request.position.line, start), request.position)
    completions = (
        Completion(
            before[start:] + text, span, source, entry.confidence if number == 0 else None, entry.evidence
        )
        for number, text in enumerate(entry.texts)
    )
    return Outcome(tuple(with_entry(each, request) for each in completions), trace.decision, trace)


def _silent(trace: Trace, reason: str, error: BackendError | None = None) -> Outcome:
    trace.decision = reason
    return Outcome((), reason, trace, error)


def keep(request: CompletionRequest, offer: Offer, made: Entry, place: Place, using: Resources) -> None:
    """Keep what was dear on disk, and what the model goes on to say for when this much is accepted."""
    if made.texts and offer.is_dear and offer.source is Source.MODEL and using.stored is not None:
        using.stored.keep(place_name(place), made.texts)
    if offer.whole is None:
        return
    if using.ahead is None or not made.texts or not offer.texts[0].startswith(made.texts[0]):
        offer.whole.cancel()
        return
    after = as_if_inserted(request, made.texts[0])
    rest = _keep_rest(after, offer, len(made.texts[0]), using)
    using.ahead.begin(place_of(after, using.fingerprint), rest)


async def _keep_rest(after: CompletionRequest, offer: Offer, shown_chars: int, using: Resources) -> None:
    """Read the rest of a stream, and remember it for after the shown part."""
    assert offer.whole is not None
    rest = (await offer.whole)[shown_chars:]
    if rest.strip():
        further = replace(offer, texts=(rest,), whole=None)
        made, _ = await run_steps(_trim(after, further, using, ""))
        if made.texts:
            using.memory.put(after.document, after.position, using.fingerprint, made)
