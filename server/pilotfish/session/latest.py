"""Only the newest request for a document is worth an answer: some editors never cancel the older ones."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Latest:
    """Runs one piece of work for each key; a newer one ends the older one."""

    def __init__(self) -> None:
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy_since_s = 0.0

    def __len__(self) -> int:
        """How many keys have work running."""
        return len(self._answers)

    @property
    def busy_s(self) -> float:
        """For how long there has been work without a pause."""
        return asyncio.get_running_loop().time() - self._busy_since_s if self._answers else 0.0

    def start(self, key: str, work: Coroutine[Any, Any, T]) -> asyncio.Future[T | None]:
        """Begin, and end what ran for this key: that one's result is None, at once.

        Cancelling the future that is returned cancels the work; so does newer work for the same key.
        """
        if not self._answers:
            self._busy_since_s = asyncio.get_running_loop().time()
        self.supersede(key)
        answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(work)
        self._answers[key] = answer
        self._tasks.add(task)
        task.add_done_callback(partial(self._end, key, answer))
        answer.add_done_callback(lambda _: task.cancel())
        return answer

    def supersede(self, key: str) -> None:
        """End what runs for this key, if anything does."""
        answer = self._answers.pop(key, None)
        if answer is not None and not answer.done():
            answer.set_result(None)

    def supersede_all(self) -> None:
        """End everything that runs."""
        for key in list(self._answers):
            self.supersede(key)

    async def aclose(self) -> None:
        """Cancel everything, and wait until it has ended."""
        for answer in list(self._answers.values()):
            answer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _end(self, key: str, answer: asyncio.Future[Any], task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if self._answers.get(key) is answer:
            del self._answers[key]
        error = None if task.cancelled() else task.exception()  # Asked for, lest asyncio complains.
        if answer.done():
            return
        if task.cancelled():
            answer.cancel()
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(task.result())
