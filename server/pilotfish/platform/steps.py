"""Long computations in small steps, so that nothing holds the event loop.

A step function is a generator that yields None between steps and returns its result. It knows nothing of
asyncio; whoever runs it decides what happens in the gaps.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]


TURN_S = 0.001
"""So long steps follow each other before others are served, which costs part of a tenth of a millisecond."""


async def run_steps(steps: Steps[T]) -> T:
    """Run to the end, letting the event loop serve others between steps; cancelling closes the generator."""
    import asyncio  # noqa: PLC0415 - which the indexer has no use for, and not the time to load

    try:
        while True:
            end_s = time.monotonic() + TURN_S
            while time.monotonic() < end_s:
                next(steps)
            await asyncio.sleep(0)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, T]) -> AsyncGenerator[asyncio.Task[T], None]:
    """Do something beside the block, which may wait for it; what is not done by its end is given up."""
    import asyncio  # noqa: PLC0415 - as above

    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        _ = task.cancelled() or task.exception()  # Asked for, lest asyncio complains.


def finish(steps: Steps[T]) -> T:
    """Run to the end at once: for the command line, the indexer and tests."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            result: T = stop.value
            return result


def beside(steps: Steps[T], between: Callable[[], None]) -> Steps[T]:
    """The same steps, with a call after each."""
    try:
        while True:
            next(steps)
            between()
            yield
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()


def within(steps: Steps[T], most: int) -> Steps[T | None]:
    """The result if it takes at most so many steps, else None."""
    try:
        for _ in range(most):
            next(steps)
            yield
        return None
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        steps.close()
