"""Ahead of the user: what comes after the part that is shown, and after the completion that was accepted.

Whatever a model writes beyond what fits is worth keeping (Cody's hot streak), and while the user looks at an
accepted completion, the next one can be made. One thing at a time, within bounds, and given up as soon as a
request needs something else. A backend that may cost money is left alone unless the user asks for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pilotfish.completion.request import CompletionRequest, Trigger
from pilotfish.models.backend import is_metered
from pilotfish.text.document import Position
from pilotfish.text.lines import split_lines

if TYPE_CHECKING:
    from pilotfish.completion.reuse import Place
    from pilotfish.models.backend import Backend
    from pilotfish.settings.model import CompletionSettings

STREAM_LIMIT_S = 10.0
"""A model that has not finished by then is left: nobody waits so long for ghost text."""

LEFT = "stopped: time limit"
"""How the answer of such a model ended."""

READ_ON_S = 0.15
READ_ON_CHARS = 600
"""How much of a stream is read beyond what is shown: about the next line, and no longer than a key takes."""


@dataclass(slots=True)
class Answer:
    """What a stream has said.

    Attributes:
        text: as far as it could be shown.
        how: how it ended.
        whole: all of it, once it has been read on; None where it is not.
    """

    text: str
    how: str
    whole: asyncio.Task[str] | None = None


class Ahead:
    """The one thing that is being made ready."""

    def __init__(self) -> None:
        self._place: Place | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, place: Place, work: Coroutine[Any, Any, None]) -> None:
        """Make ready what will be wanted at a place, instead of what was before."""
        self.stop()
        self._place, self._task = place, asyncio.ensure_future(work)
        self._task.add_done_callback(_seen)

    def is_at(self, place: Place) -> bool:
        """Whether something is being made ready for just this place."""
        return self._task is not None and not self._task.done() and place == self._place

    async def ready(self, place: Place) -> bool:
        """Wait for what is being made ready for just this place; for another one it is given up."""
        if self._task is None or not self.is_at(place):
            self.stop()
            return False
        await asyncio.wait([self._task])
        return True

    def stop(self) -> None:
        """Give it up."""
        if self._task is not None:
            self._task.cancel()

    async def aclose(self) -> None:
        """Give it up, and wait until it has ended."""
        self.stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)


def may_work_ahead(backend: Backend, settings: CompletionSettings) -> bool:
    """Whether a backend may be asked for what nobody waits for yet."""
    return settings.ahead == "always" or (settings.ahead == "free" and not is_metered(backend))


def as_if_inserted(request: CompletionRequest, text: str) -> CompletionRequest:
    """The request that will come once `text` stands at the cursor."""
    document, position = request.document, request.position
    line = document.lines[position.line]
    pieces = split_lines(f"{line[: position.column]}{text}\0{line[position.column :]}")
    pieces = pieces if pieces[-1] else pieces[:-1]  # the line's own end is there already
    at = next(number for number, piece in enumerate(pieces) if "\0" in piece)
    column = pieces[at].index("\0")
    pieces[at] = pieces[at].replace("\0", "", 1)
    lines = [*document.lines[: position.line], *pieces, *document.lines[position.line + 1 :]]
    return replace(
        request,
        document=replace(document, lines=lines),
        position=Position(position.line + at, column),
        trigger=Trigger.AUTOMATIC,
        selected=None,
        gaps_ms=(),
    )


async def read(
    pieces: AsyncGenerator[str, None], is_enough: Callable[[str], bool], *, reads_on: bool
) -> Answer:
    """The answer as far as it can be shown. The stream is closed whatever happens, at once unless `reads_on`.

    Raises:
        BackendError: the stream's.
    """
    if not reads_on:
        text = ""
        try:
            async with asyncio.timeout(STREAM_LIMIT_S), aclosing(pieces):
                async for piece in pieces:
                    text += piece
                    if is_enough(text):
                        return Answer(text, "stopped: complete")
        except TimeoutError:
            return Answer(text, LEFT)
        return Answer(text, "ended")
    enough: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    whole = asyncio.ensure_future(_read_on(pieces, is_enough, enough))
    waited: set[asyncio.Future[Any]] = {whole, enough}
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        whole.cancel()
        await asyncio.gather(whole, return_exceptions=True)
        raise
    if not enough.done():
        return Answer(whole.result(), "ended")
    answer = enough.result()
    answer.whole = whole
    return answer


async def _read_on(
    pieces: AsyncGenerator[str, None], is_enough: Callable[[str], bool], enough: asyncio.Future[Answer]
) -> str:
    """The whole text as far as it is worth reading; `enough` is set on the way, or never."""
    text, limit = "", -1
    try:
        async with asyncio.timeout(STREAM_LIMIT_S) as end, aclosing(pieces):
            async for piece in pieces:
                text += piece
                if limit < 0 and is_enough(text):
                    enough.set_result(Answer(text, "stopped: complete"))
                    limit = len(text) + READ_ON_CHARS
                    end.reschedule(asyncio.get_running_loop().time() + READ_ON_S)
                elif 0 <= limit < len(text):
                    break
    except TimeoutError:
        if not enough.done():
            enough.set_result(Answer(text, LEFT))
    return text


def _seen(task: asyncio.Task[Any]) -> None:
    """Its failure concerns nobody: it is made again when it is wanted."""
    if not task.cancelled():
        task.exception()
