"""A model server without a model: answers what it is told, when it is told, and logs when it did.

So pilotfish's own share of a wait is seen alone, and two language servers can be compared on one model. A
process of its own: `python -m pilotfish.bench.stub_model SCRIPT [LOG]`. It prints its port and serves on
loopback until its stdin ends. It speaks Server-Sent Events in the shapes of llama.cpp (`/completion`,
`/infill`) and OpenAI (`/v1/completions`, `/v1/chat/completions`), and whole JSON to who does not ask for a
stream, as Tabby's agent. Every call becomes a line of JSON in LOG; its times are those of
`time.perf_counter`, in seconds.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

_HEALTH = {
    "model": "stub",
    "device": "cpu",
    "arch": "",
    "cpu_info": "",
    "cpu_count": 1,
    "cuda_devices": [],
    "version": {"build_date": "", "build_timestamp": "", "git_sha": "", "git_describe": "v0.20.0"},
    "status": "ok",
}
_PAGES: dict[str, Any] = {
    "/health": _HEALTH,
    "/v1/health": _HEALTH,
    "/v1beta/server_setting": {"disable_client_side_telemetry": True},
    "/v1/events": {},
    "/props": {},
    "/tokenize": {"tokens": []},
}


@dataclass(frozen=True, slots=True)
class Script:
    """How the model behaves; `--stub` of the command line says it as `name=value,…`.

    Attributes:
        text: what it says.
        first_token_ms: until its first piece.
        tokens_per_s: how fast the pieces follow, a word and what is before it each; 0: all at once.
        jitter: each delay is drawn evenly from (1 - jitter) to (1 + jitter) times itself.
        failures: the share of calls that are answered with HTTP 503.
        seed: of jitter and failures.
    """

    text: str = "value = compute(argument)"
    first_token_ms: float = 0.0
    tokens_per_s: float = 0.0
    jitter: float = 0.0
    failures: float = 0.0
    seed: int = 1


@dataclass(slots=True)
class Call:
    """One call as the log tells it.

    Attributes:
        first_at: when the first piece was written; None if it never was.
        last_at: when the call was over.
        pieces: how many were written.
        ended: `whole`, `left` (the caller hung up) or `failed`.
    """

    path: str
    arrived_at: float
    first_at: float | None = None
    last_at: float = 0.0
    pieces: int = 0
    ended: str = "left"


class StubModel:
    """Answers by its script.

    Args:
        log: where the calls are told; None to tell nobody.
    """

    def __init__(self, script: Script, log: IO[str] | None = None) -> None:
        self._script = script
        self._chance = random.Random(script.seed)  # noqa: S311 - reproducible, not secret
        self._log = log

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept as long as the caller likes."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                path, body = await _read_request(reader)
                if path in _PAGES:
                    await _write_json(writer, _PAGES[path])
                    continue
                call = Call(path, time.perf_counter())
                try:
                    await self._answer(call, json.loads(body or b"{}"), writer)
                finally:
                    call.last_at = time.perf_counter()
                    if self._log is not None:
                        print(json.dumps(asdict(call)), file=self._log, flush=True)
        writer.close()

    async def _answer(self, call: Call, asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if self._chance.random() < self._script.failures:
            call.ended = "failed"
            await _write_json(writer, {"error": {"message": "told to fail"}}, "503 Service Unavailable")
            return
        if asked.get("stream"):
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            )
            async for piece in self._pieces(call):
                await _write_event(writer, _shaped(call.path, piece))
            await _write_event(writer, _shaped(call.path, "", is_end=True))
            if call.path.startswith("/v1/"):
                writer.write(b"e\r\ndata: [DONE]\n\n\r\n")
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        else:
            text = "".join([piece async for piece in self._pieces(call)])
            await _write_json(writer, _shaped(call.path, text, is_end=True))
        call.ended = "whole"

    async def _pieces(self, call: Call) -> AsyncIterator[str]:
        script, text = self._script, self._script.text
        wait_ms = script.first_token_ms
        for piece in text.replace(" ", "\0 ").split("\0") if script.tokens_per_s else [text]:
            wait_ms *= 1 + script.jitter * (2 * self._chance.random() - 1)
            until = time.perf_counter() + wait_ms / 1000
            await asyncio.sleep(max(until - time.perf_counter(), 0.0))
            call.first_at = call.first_at or time.perf_counter()
            call.pieces += 1
            yield piece
            wait_ms = 1000 / script.tokens_per_s if script.tokens_per_s else 0.0


def _shaped(path: str, text: str, *, is_end: bool = False) -> dict[str, Any]:
    reason = "stop" if is_end else None
    if path.endswith("/chat/completions"):
        message = {"role": "assistant", "content": text}
        return {"choices": [{"index": 0, "delta": message, "message": message, "finish_reason": reason}]}
    if path.startswith("/v1/"):
        return {"id": "stub", "choices": [{"index": 0, "text": text, "finish_reason": reason}]}
    return {"content": text, "stop": is_end}


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    sizes = [
        line.partition(":")[2] for line in head.split("\r\n") if line.lower().startswith("content-length:")
    ]
    return head.split(" ", 2)[1].partition("?")[0], await reader.readexactly(int(sizes[0]) if sizes else 0)


async def _write_json(writer: asyncio.StreamWriter, body: Any, status: str = "200 OK") -> None:
    data = json.dumps(body).encode()
    writer.write(
        f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n".encode()
    )
    writer.write(data)
    await writer.drain()


async def _write_event(writer: asyncio.StreamWriter, body: Any) -> None:
    event = b"data: " + json.dumps(body).encode() + b"\n\n"
    writer.write(b"%x\r\n%b\r\n" % (len(event), event))
    await writer.drain()
    if writer.transport.is_closing():
        raise ConnectionResetError


async def _main(script: Script, log: IO[str] | None) -> None:
    server = await asyncio.start_server(StubModel(script, log).serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - this process's only word
    async with server:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with Path(sys.argv[2] if len(sys.argv) > 2 else "/dev/null").open("a", encoding="utf-8") as opened:
        asyncio.run(_main(Script(**json.loads(sys.argv[1])), opened))
