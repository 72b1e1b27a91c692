"""The requests for completions of one connection: the newest of each document, each with its trace."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pilotfish.completion.ahead import Ahead, as_if_inserted, may_work_ahead
from pilotfish.completion.pacing import AnswerTimes, Rhythm
from pilotfish.completion.request import CompletionRequest, Source
from pilotfish.completion.resources import Outcome, Resources, fingerprint_of
from pilotfish.completion.reuse import Memory, place_of
from pilotfish.completion.stored import Stored
from pilotfish.models.turns import Turns
from pilotfish.platform import paths
from pilotfish.session.acceptance import Acceptance
from pilotfish.session.latest import Latest
from pilotfish.session.tally import Fate, Tally
from pilotfish.settings.model import EMBEDDED

if TYPE_CHECKING:
    from pilotfish.platform.clock import Clock
    from pilotfish.platform.trace import Trace
    from pilotfish.session.documents import Documents
    from pilotfish.session.reporter import Reporter
    from pilotfish.session.traces import Traces
    from pilotfish.text.document import Document

T = TypeVar("T")

AHEAD = "ahead"
"""How the decision in the trace of a request begins that nobody had made yet."""

STORED_BYTES = 16_000_000
_THINKING_AFTER_S = 0.2


class Completions:
    """Runs the pipeline, tells what came of it, and watches what becomes of what was shown.

    Args:
        documents: what is open.
        traces: where each request leaves its own.
        reporter: is told of failing models, and when the status may have changed.
        clock: time.

    Attributes:
        resources: what the pipeline works with; replaced as a whole.
        memory: what was offered lately.
        rhythm: how the user types.
        answer_times: how long each model takes.
        turns: whose turn it is at a model of this machine.
        ready: set once the engine is loaded; requests wait for it.
    """

    resources: Resources

    def __init__(self, documents: Documents, traces: Traces, reporter: Reporter, clock: Clock) -> None:
        self.memory = Memory()
        self.rhythm = Rhythm()
        self.answer_times = AnswerTimes()
        self.turns = Turns()
        self.ready = asyncio.Event()
        self._traces = traces
        self._reporter = reporter
        self._clock = clock
        self._latest = Latest()
        self._tally = Tally(paths.stats_directory())
        self._acceptance = Acceptance(self._happened, documents.get)
        self._ahead = Ahead()
        self._expected = Ahead()
        self._stored: Stored | None = None

    def use(self, resources: Resources) -> None:
        """Work with these from now on; what may have asked another machine ends once none may be asked."""
        was_local = self.resources.settings.privacy.local_only
        if resources.settings.privacy.local_only and not was_local:
            self._latest.supersede_all()
        if resources.backends != self.resources.backends:
            self._reporter.mended("backend")  # Who failed may not be asked any more; the next answer tells.
        self._ahead.stop()
        if resources.backends and self._stored is None:
            from pilotfish.platform.cache import AsyncCache, Cache  # noqa: PLC0415 - only models need it

            self._stored = Stored(AsyncCache(Cache(paths.completions_directory(), STORED_BYTES)))
        self.resources = replace(
            resources,
            answer_times=self.answer_times,
            turns=self.turns,
            fingerprint=fingerprint_of(resources.settings),
            stored=self._stored,
            ahead=self._ahead if resources.settings.completion.ahead != "off" else None,
        )

    @property
    def is_thinking(self) -> bool:
        """Whether somebody has been waiting for an answer for long enough to be told of it."""
        return self._latest.busy_s > _THINKING_AFTER_S

    def __len__(self) -> int:
        """How many requests are being answered."""
        return len(self._latest)

    def newest(self, uri: str, work: Coroutine[Any, Any, T]) -> asyncio.Future[T | None]:
        """Run the newest request for a document; the one before it, if it still runs, ends with None."""
        answer = self._latest.start(uri, work)
        answer.add_done_callback(lambda _: self._reporter.show_status())
        asyncio.get_running_loop().call_later(_THINKING_AFTER_S * 1.05, self._reporter.show_status)
        return answer

    def changed(self, document: Document) -> None:
        """The user has edited a document."""
        now_ms = self._clock.now_ms()
        self.rhythm.key(now_ms)
        self._acceptance.changed(document)
        if document.path is not None:
            self.memory.changed(document.path.as_posix(), now_ms)

    def expect(self, request: CompletionRequest) -> None:
        """An editor that waits after a key will ask this: meanwhile the engine finds its answer."""
        using = self.resources
        is_wanted = using.settings.completion.ahead != "off" and self.ready.is_set() and not using.paused
        if is_wanted and using.settings.backend[:1] == (EMBEDDED,):
            self._expected.begin(place_of(request, using.fingerprint), self._ask_engine(request))

    async def _ask_engine(self, request: CompletionRequest) -> None:
        """Remember what the engine says; its silence only where nobody else is asked after it."""
        using, now_ms = self.resources, self._clock.now_ms()
        if self.memory.find(request, using.fingerprint, now_ms) is not None:
            return
        alone = replace(using.settings, backend=(EMBEDDED,))
        memory, trace = Memory(), self._traces.begin(request.document)
        await _complete(request, replace(using, settings=alone, memory=memory, ahead=None), trace)
        known = memory.find(request, using.fingerprint, now_ms)
        if known is not None and (known[1].texts or using.settings.backend == alone.backend):
            self.memory.put(request.document, request.position, using.fingerprint, known[1])
            self._keep(request, trace)

    def _keep(self, request: CompletionRequest, trace: Trace) -> None:
        """The trace of what nobody had asked for yet."""
        trace.line, trace.decision = request.position.line, f"{AHEAD}: {trace.decision}"
        self._traces.add(trace.as_json())

    def closed(self, uri: str) -> None:
        """A document was closed: end the request for it, if one runs."""
        self._latest.supersede(uri)
        self._acceptance.closed(uri)

    def accepted(self, trace_id: str) -> None:
        """The user took what the request of this trace offered: make the next one ready."""
        offer = self._acceptance.accepted(trace_id)
        models = [self.resources.backends.get(name) for name in self.resources.settings.backend]
        settings = self.resources.settings.completion
        free = [model for model in models if model is not None and may_work_ahead(model, settings)]
        asked = [name for name in self.resources.settings.backend if name != EMBEDDED]
        if offer is None or not asked or len(free) < len(asked) or self.resources.paused:
            return
        request = as_if_inserted(offer.request, offer.text)
        place = place_of(request, self.resources.fingerprint)
        known = self.memory.find(request, self.resources.fingerprint, self._clock.now_ms())
        if known is None and not self._ahead.is_at(place):
            self._ahead.begin(place, self._make_ready(request))

    async def _make_ready(self, request: CompletionRequest) -> None:
        trace = self._traces.begin(request.document)
        await _complete(request, replace(self.resources, ahead=None), trace)
        self._keep(request, trace)

    async def counts(self) -> Mapping[Fate, int]:
        """How completions fared on this machine up to now."""
        return await self._tally.counts()

    def count(self, fate: Fate) -> None:
        """Something else that is counted has happened."""
        self._tally.add(fate)

    def _happened(self, origin: str, fate: Fate) -> None:
        self._tally.add(fate)
        self._traces.note(origin, fate.event)

    async def complete(self, request: CompletionRequest, trace: Trace) -> Outcome:
        """What to show at a place."""
        trace.line = request.position.line
        try:
            await asyncio.sleep(0)  # What was read with it may overtake or cancel it: then it costs nothing.
            await self.ready.wait()
            await self._expected.ready(place_of(request, self.resources.fingerprint))
            backends = self.resources.backends
            outcome = await _complete(request, self.resources, trace)
        except asyncio.CancelledError:
            trace.decision = "cancelled"
            raise
        finally:
            self._traces.add(trace.as_json())
        if outcome.error is not None and backends == self.resources.backends:
            self._reporter.note("backend", outcome.error)
        elif trace.source == Source.MODEL:
            self._reporter.mended("backend")
        self._acceptance.shown(request, outcome)
        return outcome

    async def at_length(self, request: CompletionRequest, max_lines: int) -> Outcome:
        """What to show at a place, of as many lines as asked; what is usually shown there is not touched.

        Raises:
            BackendError: nobody knew anything, and a model failed.
        """
        await self.ready.wait()
        settings = self.resources.settings
        steps = (*settings.completion.disabled_steps, "extent")  # More than what is begun is wanted.
        completion = replace(settings.completion, max_lines=max_lines, disabled_steps=steps)
        longer = replace(settings, completion=completion)
        trace = self._traces.begin(request.document)
        using = replace(self.resources, settings=longer, memory=Memory())
        outcome = await _complete(request, using, trace)
        if outcome.error is not None and not outcome.completions:
            raise outcome.error
        return outcome

    async def aclose(self) -> None:
        """End everything that runs."""
        self._acceptance.close()
        await self._latest.aclose()
        await self._ahead.aclose()
        await self._expected.aclose()
        await self._tally.aclose()
        if self._stored is not None:
            await self._stored.aclose()


async def _complete(request: CompletionRequest, using: Resources, trace: Trace) -> Outcome:
    # Not before `initialize` is answered; by now it was imported with the engine, in a thread.
    from pilotfish.completion.pipeline import complete  # noqa: PLC0415

    return await complete(request, using, trace)
