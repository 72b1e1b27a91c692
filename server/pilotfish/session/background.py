"""Work that nobody waits for: kept alive while it runs, its failure logged, ended with its owner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from pilotfish.platform.logging import without_text

log = logging.getLogger(__name__)


class Background:
    """Tasks of one owner."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin; the task may be cancelled, it need not be awaited."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    def stop(self) -> None:
        """Cancel everything; nobody waits until it has ended."""
        for task in self._tasks:
            task.cancel()

    async def finish(self) -> None:
        """Wait until everything that runs now has ended by itself."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def aclose(self) -> None:
        """Cancel everything, and wait until it has ended."""
        self.stop()
        await self.finish()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_failure("Background work", error)


def log_failure(what: str, error: BaseException) -> None:
    """Log a bug in one line without any text of the user's; the traceback, which may hold some, at debug."""
    log.error("%.100s failed: %s", what, without_text(error))
    log.debug("The traceback:", exc_info=error)
