"""A strict client over raw bytes: every byte of the server's stdout must belong to a well-formed message.

It speaks to a server in this process (over a pair of sockets) or to a real `pilotfish serve`. At the end it
asserts that every request was answered exactly once and that nothing was left unread.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from pilotfish.lsp.serve import complete_server
from pilotfish.lsp.server import Server
from pilotfish.lsp.stdio import Incoming

HEADER = re.compile(rb"Content-Length: (\d+)\r\n\r\n")
TIMEOUT_S = 30.0

Message = dict[str, Any]


class Wire:
    """One connection to a server.

    Attributes:
        notifications: what the server told, oldest first.
        questions: the requests that the server made, oldest first.
        replies: how a question's method is answered: its result, or a function of its params; null otherwise.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.notifications: list[Message] = []
        self.questions: list[Message] = []
        self.replies: dict[str, Any] = {}
        self.strays: list[Message] = []
        self._ids = itertools.count(1)
        self._waiting: dict[Any, asyncio.Future[Message]] = {}
        self._news = asyncio.Condition()
        self._reader, self._writer = reader, writer
        self._reading = asyncio.ensure_future(self._read())

    # --- sending ---------------------------------------------------------------------------------

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)

    def body(self, body: bytes) -> None:
        """Send a body with a proper header."""
        self.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def message(self, message: Any) -> None:
        """Send JSON; `message` may be malformed above that level."""
        self.body(json.dumps(message).encode())

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.message({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, method: str, params: Any = None, **given: Any) -> asyncio.Future[Message]:
        """Send a request (with the id `msg_id` if given); the whole answer, when it comes."""
        msg_id = given.get("msg_id", next(self._ids))
        self.message({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params})
        return self.expect(msg_id)

    def expect(self, msg_id: Any) -> asyncio.Future[Message]:
        """An answer with this id is due."""
        assert msg_id not in self._waiting, "two requests under one id"
        self._waiting[msg_id] = asyncio.get_running_loop().create_future()
        return self._waiting[msg_id]

    def again(self, msg_id: Any) -> asyncio.Future[Message]:
        """One more answer with the id of an answered request is due."""
        assert self._waiting.pop(msg_id).done()
        return self.expect(msg_id)

    async def request(self, method: str, params: Any = None) -> Any:
        """Send a request and return its result; an error fails the test."""
        answer = await self.answer(self.send(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    async def error(self, method: str, params: Any = None, **given: Any) -> int:
        """Send a request that must be answered with an error; its code."""
        answer = await self.answer(self.send(method, params, **given))
        assert set(answer) == {"jsonrpc", "id", "error"}, answer
        assert set(answer["error"]) == {"code", "message"}, "an error carries no traceback"
        return int(answer["error"]["code"])

    async def answer(self, due: asyncio.Future[Message]) -> Message:
        """Wait for an answer."""
        async with asyncio.timeout(TIMEOUT_S):
            return await due

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until something has come from the server that makes `condition` true; its value."""
        async with asyncio.timeout(TIMEOUT_S), self._news:
            return await self._news.wait_for(condition)

    # --- the usual beginnings and ends -----------------------------------------------------------

    async def initialize(self, root: Path | None = None, **params: Any) -> Any:
        """`initialize` and `initialized`; the server's capabilities."""
        uri = root.as_uri() if root else None
        params.setdefault("capabilities", {})
        params = {"processId": os.getpid(), "rootUri": uri, **params}
        result = await self.request("initialize", params)
        self.notify("initialized", {})
        return result["capabilities"]

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        """`textDocument/didOpen`."""
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def complete(self, uri: str, line: int, character: int, kind: int = 1) -> asyncio.Future[Message]:
        """`textDocument/inlineCompletion`."""
        return self.send("textDocument/inlineCompletion", completion_params(uri, line, character, kind))

    async def leave(self) -> None:
        """`shutdown` and `exit`, and the assertions."""
        assert await self.request("shutdown") is None
        self.notify("exit")
        await self.ended()

    async def ended(self) -> None:
        """Wait for the end of the server's output; assert that every request was answered, and once."""
        async with asyncio.timeout(TIMEOUT_S):
            await self._reading
        self._writer.close()
        assert not self.strays, "answers that nobody asked for"
        unanswered = [msg_id for msg_id, due in self._waiting.items() if not due.done()]
        assert not unanswered

    def end_input(self) -> None:
        """Close the server's stdin."""
        self._writer.write_eof()

    # --- receiving -------------------------------------------------------------------------------

    async def _read(self) -> None:
        while header := await self._header():
            await self._take(json.loads(await self._reader.readexactly(header)))

    async def _header(self) -> int:
        header = b""
        while not header.endswith(b"\r\n\r\n"):
            more = await self._reader.read(1)
            if not more:
                assert not header, f"the output ended in the middle of {header!r}"
                return 0
            header += more
        match = HEADER.fullmatch(header)
        assert match, f"not a header: {header!r}"
        return int(match[1])

    async def _take(self, message: Message) -> None:
        assert message["jsonrpc"] == "2.0"
        async with self._news:
            if "method" not in message:
                assert ("result" in message) != ("error" in message)
                due = self._waiting.get(message["id"])
                if due is None or due.done():
                    self.strays.append(message)
                else:
                    due.set_result(message)
            elif "id" in message:
                self.questions.append(message)
                reply = self.replies.get(message["method"])
                result = reply(message["params"]) if callable(reply) else reply
                self.message({"jsonrpc": "2.0", "id": message["id"], "result": result})
            else:
                self.notifications.append(message)
            self._news.notify_all()


async def eventually(condition: Callable[[], Any]) -> None:
    """Wait until something in this process has become true."""
    async with asyncio.timeout(TIMEOUT_S):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)


def completion_params(uri: str, line: int, character: int, kind: int = 1) -> Message:
    """Params of `textDocument/inlineCompletion`."""
    return {
        "textDocument": {"uri": uri},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": kind},
    }


@contextlib.asynccontextmanager
async def server_here() -> AsyncIterator[tuple[Wire, Server, asyncio.Task[int]]]:
    """A server in this process; the task's result is its exit code."""
    ours, theirs = socket.socketpair()
    stdin = cast(BinaryIO, theirs.makefile("rb", 0))
    stdout = cast(BinaryIO, theirs.makefile("wb", 0))
    server = complete_server()

    async def run() -> int:
        try:
            return await server.run(Incoming(stdin), stdout)
        finally:
            theirs.shutdown(socket.SHUT_RDWR)

    task = asyncio.ensure_future(run())
    wire = Wire(*await asyncio.open_connection(sock=ours))
    try:
        yield wire, server, task
    finally:
        server.protocol.ended.set()
        await task
        for stream in (stdin, stdout, theirs):
            stream.close()
        await wire.ended()


@contextlib.asynccontextmanager
async def server_process(
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[Wire, asyncio.subprocess.Process]]:
    """A real `pilotfish serve`; killed if the test has not ended it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "pilotfish", "serve"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Wire(process.stdout, process.stdin), process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # It has just ended, and the loop was not told yet.
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
