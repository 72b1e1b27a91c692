"""The requests for completions of one connection: the newest of each document, each with its trace."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pilotfish.completion.pacing import AnswerTimes, Rhythm
from pilotfish.completion.pipeline import complete
from pilotfish.completion.request import CompletionRequest, Source
from pilotfish.completion.reuse import Memory
from pilotfish.models.turns import Turns
from pilotfish.session.latest import Latest

if TYPE_CHECKING:
    from pilotfish.completion.resources import Outcome, Resources
    from pilotfish.completion.trace import Trace
    from pilotfish.session.reporter import Reporter
    from pilotfish.session.traces import Traces

T = TypeVar("T")

_THINKING_AFTER_S = 0.2


class Completions:
    """Runs the pipeline and tells what came of it.

    Args:
        traces: where each request leaves its own.
        reporter: is told of failing models, and when the status may have changed.

    Attributes:
        resources: what the pipeline works with; replaced as a whole.
        memory: what was offered lately.
        rhythm: how the user types.
        answer_times: how long each model takes.
        turns: whose turn it is at a model of this machine.
        ready: set once the engine is loaded; requests wait for it.
    """

    resources: Resources

    def __init__(self, traces: Traces, reporter: Reporter) -> None:
        self.memory = Memory()
        self.rhythm = Rhythm()
        self.answer_times = AnswerTimes()
        self.turns = Turns()
        self.ready = asyncio.Event()
        self._traces = traces
        self._reporter = reporter
        self._latest = Latest()

    def use(self, resources: Resources) -> None:
        """Work with these from now on; what may have asked another machine ends once none may be asked."""
        was_local = self.resources.settings.privacy.local_only
        if resources.settings.privacy.local_only and not was_local:
            self._latest.supersede_all()
        self.resources = resources

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

    def supersede(self, uri: str) -> None:
        """End the request for a document that runs, if one does."""
        self._latest.supersede(uri)

    async def complete(self, request: CompletionRequest, trace: Trace) -> Outcome:
        """What to show at a place."""
        try:
            await asyncio.sleep(0)  # What was read with it may overtake or cancel it: then it costs nothing.
            await self.ready.wait()
            outcome = await complete(request, self.resources, trace)
        except asyncio.CancelledError:
            trace.decision = "cancelled"
            raise
        finally:
            self._traces.add(trace.as_json())
        if outcome.error is not None:
            self._reporter.note("backend", outcome.error)
        elif trace.source == Source.MODEL:
            self._reporter.mended("backend")
        return outcome

    async def at_length(self, request: CompletionRequest, max_lines: int) -> Outcome:
        """What to show at a place, of as many lines as asked; what is usually shown there is not touched.

        Raises:
            BackendError: nobody knew anything, and a model failed.
        """
        await self.ready.wait()
        settings = self.resources.settings
        longer = replace(settings, completion=replace(settings.completion, max_lines=max_lines))
        trace = self._traces.begin(request.document)
        using = replace(self.resources, settings=longer, memory=Memory())
        outcome = await complete(request, using, trace)
        if outcome.error is not None and not outcome.completions:
            raise outcome.error
        return outcome

    async def aclose(self) -> None:
        """End everything that runs."""
        await self._latest.aclose()
