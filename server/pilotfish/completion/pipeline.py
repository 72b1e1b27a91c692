"""From a keystroke to ghost text: the whole story.

gate → reuse → engine, or pace → gather → render → stream for a model, in the order of the setting `backend`
→ trim. Nothing here knows an editor, a file or a model service; what is needed comes in as `Resources`.
Cancelling the task that runs `complete` is the only cancel; it leaves no stream, task or memory entry behind.
"""

from __future__ import annotations

from dataclasses import replace

from pilotfish.completion.gap import Gap
from pilotfish.completion.gate import gate
from pilotfish.completion.request import Completion, CompletionRequest, Source
from pilotfish.completion.resources import Offer, Outcome, Resources
from pilotfish.completion.reuse import Entry, place_key
from pilotfish.completion.rungs import ask_engine, ask_model
from pilotfish.completion.selected import as_if_accepted, with_entry
from pilotfish.completion.trace import Trace
from pilotfish.completion.trim import Trimmed, trim
from pilotfish.errors import BackendError, ModelTaken
from pilotfish.platform.steps import Steps, run_steps
from pilotfish.text.document import Position, Range

EMBEDDED = "embedded"


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
    fingerprint = hash((settings.backend, settings.completion))
    with trace.stage("reuse") as stage:
        known = using.memory.find(request, fingerprint, using.clock.now_ms())
        stage.note = known[0] if known else "miss"
    if known is not None:
        source, entry = known
        return _shown(request, trace, entry, source) if entry.texts else _silent(trace, entry.reason)

    error: BackendError | None = None
    reason = "no_backend"
    for name in settings.backend:
        try:
            if name == EMBEDDED:
                offer = await ask_engine(request, using, trace)
            else:
                offer = await ask_model(name, request, using, trace)
        except ModelTaken:
            reason = "model_taken"
            continue
        except BackendError as failure:
            error, reason = error or failure, "backend_failed"
            continue
        with trace.stage("trim") as stage:
            made, stage.note = await run_steps(_trim(request, offer, using))
        was_asked = bool(offer.texts) or name == EMBEDDED
        if made.texts or (was_asked and error is None and name == settings.backend[-1]):
            using.memory.put(place_key(request.document, request.position, fingerprint), made)
        if made.texts:
            return replace(_shown(request, trace, made, made.source), error=error)
        reason = made.reason
    return _silent(trace, reason, error)


def _trim(request: CompletionRequest, offer: Offer, using: Resources) -> Steps[tuple[Entry, str]]:
    """What is left of the offer, perhaps silence and the reason for it; and the note for the trace."""
    silence = Entry((), offer.source, request.epoch, using.clock.now_ms(), reason=offer.reason)
    if not offer.texts:
        return silence, offer.reason
    settings = using.settings.completion
    tree = yield from using.tree(request.document)
    gap = Gap(request, settings.max_lines, offer.stop, offer.asked_as, tree)
    results: list[Trimmed] = []
    for text in offer.texts:
        results.append((yield from trim(text, gap, disabled=settings.disabled_steps)))
    texts = tuple(dict.fromkeys(result.text for result in results if result.text))
    first = results[0]
    if not texts:
        return replace(silence, reason=first.emptied_by or "no_text"), f"emptied by {first.emptied_by}"
    confidence = offer.confidence if first.text else None
    entry = replace(silence, texts=texts, confidence=confidence, evidence=offer.evidence)
    return entry, ", ".join(first.changed) or "as it was"


def _shown(request: CompletionRequest, trace: Trace, entry: Entry, source: Source) -> Outcome:
    """The entry's texts as completions; each replaces the word before the cursor by itself and more.

    Editors place and filter ghost text by the start of the range: a word's start is what all of them expect.
    """
    trace.decision, trace.source = "shown", source
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
