"""Asking a second time when the first word is late: the first of the two to speak is listened to.

After Dean and Barroso, The Tail at Scale (2013). Slow answers of one service have little to do with each
other, so that a second request, sent when most would have been answered, cuts the slowest few off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from pilotfish.errors import BackendError


async def hedged(
    first: AsyncGenerator[str, None], second: Callable[[], AsyncGenerator[str, None]], after_s: float
) -> AsyncGenerator[str, None]:
    """The stream that speaks first; the other one is closed at once.

    Args:
        first: asked now.
        second: opens another stream; called at most once.
        after_s: for how long `first` is waited for alone.

    Raises:
        BackendError: that of `first` if it failed before the second was asked, or if both failed; or that of
            the one that was listened to, in the middle of its answer.
    """
    racers = [_Racer(first)]
    try:
        await asyncio.wait([racers[0].spoke], timeout=after_s)
        if not racers[0].spoke.done():
            racers.append(_Racer(second()))
        winner = await _first_to_speak(racers)
        for racer in racers:
            if racer is not winner:
                racer.task.cancel()
        while (piece := await winner.pieces.get()) is not None:
            yield piece
        await winner.task
    finally:
        for racer in racers:
            racer.task.cancel()
        await asyncio.gather(*(racer.task for racer in racers), return_exceptions=True)


async def _first_to_speak(racers: list[_Racer]) -> _Racer:
    """The one whose first piece, or whose end without any, came first; without one, the first to have run."""
    waiting = {racer.spoke: racer for racer in racers}
    while waiting:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for spoke in done:
            racer = waiting.pop(spoke)
            if spoke.result():
                return racer
    return racers[0]


class _Racer:
    """A stream that is read in a task of its own, as it may expect to be.

    Attributes:
        spoke: True once something came, or the stream ended in good order; False once it failed before.
        pieces: what came; None is the end.
    """

    def __init__(self, stream: AsyncGenerator[str, None]) -> None:
        self.spoke: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self.task = asyncio.ensure_future(self._read(stream))

    async def _read(self, stream: AsyncGenerator[str, None]) -> None:
        try:
            async with aclosing(stream) as pieces:
                async for piece in pieces:
                    self.pieces.put_nowait(piece)
                    self._speak(well=True)
            self._speak(well=True)
        except BackendError:
            self._speak(well=False)
            raise
        finally:
            self.pieces.put_nowait(None)

    def _speak(self, *, well: bool) -> None:
        if not self.spoke.done():
            self.spoke.set_result(well)
