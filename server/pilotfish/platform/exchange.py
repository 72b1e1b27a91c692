"""One connection to a server: a request goes out, its answer comes in, and perhaps the next. HTTP/1.1 by h11.

This module imports httpx: it is for the thread in which `http.py` opens its client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager

import h11
import httpx

READ_BYTES = 65_536
MAX_HEAD_BYTES = 100_000


class Connection:
    """One stream to a server, and whose turn it is to speak on it.

    Attributes:
        was_used: whether it has carried an answer.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._turn = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._now_s = asyncio.get_running_loop().time
        self._idle_since_s = self._now_s()
        self.was_used = False

    @property
    def is_over(self) -> bool:
        """Whether the other side has left."""
        return self._reader.at_eof() or self._writer.is_closing()

    @property
    def idle_s(self) -> float:
        """How long it has been waiting."""
        return self._now_s() - self._idle_since_s

    async def ask(self, request: httpx.Request) -> h11.Response:
        """Send a request, its head and body as one packet; the head of the answer."""
        async with _speaking():
            parts = (
                h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw),
                h11.Data(await request.aread()),
                h11.EndOfMessage(),
            )
            self._writer.write(b"".join(filter(None, map(self._turn.send, parts))))
            await self._writer.drain()
            while not isinstance(event := await self._next(), h11.Response):
                pass  # something about the answer to come
            return event

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The body of the answer as it comes."""
        async with _speaking():
            while isinstance(event := await self._next(), h11.Data):
                yield bytes(event.data)

    def begin_again(self) -> bool:
        """Make it ready for another request; False where that cannot be."""
        if self._turn.their_state is not h11.DONE or self._turn.our_state is not h11.DONE or self.is_over:
            return False
        self._turn.start_next_cycle()
        self.was_used, self._idle_since_s = True, self._now_s()
        return True

    def abort(self) -> None:
        """Close at once, without taking leave: the server is to notice, whatever it is about."""
        self._writer.transport.abort()

    async def _next(self) -> object:
        """The next of h11's events."""
        while (event := self._turn.next_event()) is h11.NEED_DATA:
            self._turn.receive_data(await self._reader.read(READ_BYTES))
        return event


class Body(httpx.AsyncByteStream):
    """The body of an answer while it comes; `done` is called once, when nobody reads it any more."""

    def __init__(self, connection: Connection, done: Callable[[], None]) -> None:
        self._connection = connection
        self._done: Callable[[], None] | None = done

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.pieces()

    async def aclose(self) -> None:
        """Give the connection back."""
        done, self._done = self._done, None
        if done is not None:
            done()


@asynccontextmanager
async def _speaking() -> AsyncGenerator[None, None]:
    """What goes wrong in an exchange, as httpx's errors."""
    try:
        yield
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from error
    except OSError as error:
        raise httpx.ReadError(str(error)) from error
