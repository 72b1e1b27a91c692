"""An HTTP server that does exactly what it is told, badly too. It answers one scripted way on each path."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

EVENT = b'data: {"choices": [{"text": "x"}]}\n\n'
Script = Callable[["Exchange"], object]


@dataclass
class Exchange:
    """One request, and the pen to answer it with."""

    server: StubServer
    head: str
    body: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def begin(self, status: str = "200 OK", *headers: str, chunked: bool = True) -> None:
        lines = [f"HTTP/1.1 {status}", "content-type: text/event-stream", *headers]
        lines += ["transfer-encoding: chunked"] if chunked else []
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def say(self, piece: bytes = EVENT) -> None:
        self.writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await self.writer.drain()

    async def end(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def wait_until_left(self) -> None:
        """Say things until the other side is gone."""
        while not self.writer.transport.is_closing():
            await self.say()
            await asyncio.sleep(0.001)

    async def say_nothing(self) -> None:
        """Until the other side is gone."""
        await self.reader.read()

    def hang_up(self) -> None:
        self.writer.transport.abort()


@dataclass
class StubServer:
    """Counts connections and requests; `scripts` are coroutine functions by path."""

    scripts: dict[str, Script]
    url: str = ""
    connections: int = 0
    open_requests: int = 0
    requests: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                sizes = [
                    int(line.split(":")[1])
                    for line in head.splitlines()
                    if line.lower().startswith("content-length")
                ]
                body = await reader.readexactly(sum(sizes))
                path = head.split()[1]
                if path not in self.scripts:
                    writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                    continue
                self.requests.append(path)
                self.heads.append(head.lower())
                self.open_requests += 1
                try:
                    await self.scripts[path](Exchange(self, head, body, reader, writer))  # type: ignore[misc]
                finally:
                    self.open_requests -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def stub_server(tls: ssl.SSLContext | None = None, **scripts: Script) -> AsyncIterator[StubServer]:
    """A server on a free port of this machine; the script `name` answers `/name`."""
    stub = StubServer({f"/{name}": script for name, script in scripts.items()})
    server = await asyncio.start_server(stub.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    stub.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield stub
    finally:
        server.close()
        await until(lambda: stub.open_requests == 0)


async def until(condition: Callable[[], bool], deadline_s: float = 5.0) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(deadline_s):
        while not condition():  # noqa: ASYNC110 - the other side says nothing
            await asyncio.sleep(0.001)
