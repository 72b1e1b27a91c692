"""From all sources to what is shown, within a token budget and a time budget.

Sources ask files and a database, which may take their time: they run in a thread, by turns, step by step. At
the deadline what is done is what there is; the late are left out, and the result says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from threading import Event

from pilotfish.context.rank import choose, rank
from pilotfish.context.snippet import LATE, Context, LeftOut, Snippet
from pilotfish.errors import IndexFault
from pilotfish.platform.clock import Clock
from pilotfish.platform.steps import Steps

HUNG_AFTER_MS = 2.0
"""So long after the deadline nobody waits any more for a step that does not come back: a disk may be slow, or
hang. What other sources have found by then is what there is."""

Sources = Mapping[str, Steps[list[Snippet]]]
Reorder = Callable[[Sequence[Snippet]], Sequence[Snippet]]
"""Ranked snippets, best first → the same in a better order; quick, and left out where time is over."""


async def gather(
    sources: Sources, *, max_tokens: int, max_wait_ms: float, clock: Clock, reorder: Reorder = list
) -> Context:
    """Run the sources by turns until all are done or the time is over; keep what fits.

    The result is ordered from the least to the most relevant: the best snippet stands next to the code.
    """
    turns = Turns(sources, clock, clock.now_ms() + max_wait_ms, max_tokens, reorder)
    try:
        async with asyncio.timeout((max_wait_ms + HUNG_AFTER_MS) / 1000):
            return await asyncio.to_thread(turns.run)
    except TimeoutError:
        return turns.so_far()
    finally:
        turns.stop()


def gather_at_once(
    sources: Sources, *, max_tokens: int, clock: Clock, max_wait_ms: float = 1e9, reorder: Reorder = list
) -> Context:
    """The same without a loop to keep free."""
    return Turns(sources, clock, clock.now_ms() + max_wait_ms, max_tokens, reorder).run()


class Turns:
    """The sources at work."""

    def __init__(
        self, sources: Sources, clock: Clock, deadline_ms: float, max_tokens: int, reorder: Reorder
    ) -> None:
        self._waiting = dict(sources)
        self._clock = clock
        self._started_ms = clock.now_ms()
        self._deadline_ms = deadline_ms
        self._max_tokens = max_tokens
        self._reorder = reorder
        self._spent_ms = dict.fromkeys(sources, 0.0)
        self._failed: list[LeftOut] = []
        self._found: list[Snippet] = []
        self._is_stopped = Event()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._is_stopped.set()

    def run(self) -> Context:
        """Gather; in whatever thread."""
        try:
            while self._waiting and not self._is_over():
                for name in list(self._waiting):
                    self._found += self._step(name)
                    if self._is_over():
                        break
        finally:
            for steps in self._waiting.values():
                steps.close()
        return self._chosen(list if self._is_over() else self._reorder)

    def so_far(self) -> Context:
        """What was found until now; while another thread runs."""
        return self._chosen(list)

    def _chosen(self, reorder: Reorder) -> Context:
        budget_ms = max(0.0, self._deadline_ms - self._started_ms)
        late = [LeftOut(name, f"{LATE}: not done in {budget_ms:.1f} ms") for name in [*self._waiting]]
        snippets, left_out = choose(reorder(rank([*self._found])), self._max_tokens)
        return Context(tuple(snippets), (*self._failed, *late, *left_out), tuple(self._spent_ms.items()))

    def _is_over(self) -> bool:
        return self._is_stopped.is_set() or self._clock.now_ms() >= self._deadline_ms

    def _step(self, name: str) -> list[Snippet]:
        """One step of a source; what it found once it is done."""
        started_ms = self._clock.now_ms()
        try:
            next(self._waiting[name])
        except StopIteration as stop:
            del self._waiting[name]
            found: list[Snippet] = stop.value
            return found
        except IndexFault as fault:  # The session's engine has the index built anew; others may know enough.
            del self._waiting[name]
            self._failed.append(LeftOut(name, f"failed: {fault}"))
        finally:
            self._spent_ms[name] += self._clock.now_ms() - started_ms
        return []
