"""How long a piece of an answer takes from the server's hand to the caller's.

    python -m tests.quality.backend_overhead [--json docs/runs/backend-overhead.json]

A stub server in a process of its own writes the time into each piece as it sends it; both processes read the
same monotonic clock. Streams are asked for one after another; 64 open at once on one loop, whose first pieces
come when the server is ready, each in its own time, as from 64 servers; and 64 whose first pieces the server
holds back and lets go at the same instant, so that the last to be read waits for the other 63. Each is
measured for a caller of `Backend.stream`, and for a bare asyncio reader, which only looks for the first byte:
the floor. Prints a row for each reader and way to ask, in milliseconds; `--json` writes them as a table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.models.backend import Prompt
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform.http import Http
from pilotfish.settings.model import BackendSettings
from tests.models.stub_server import Exchange, stub_server
from tests.quality.arguments import parser_of
from tests.quality.table import percentiles, write_table

MANY = 64
PIECES, GAP_S = 20, 0.03
PIECES_ALONE, GAP_ALONE_S = 5, 0.002
READY_WITHIN_S = 1.0
ALONE, ROUNDS = 200, 10
PATH = "/v1/completions"
Ask = Callable[[str], Awaitable[list[float]]]
"""Asks in a mode (`now`, `own time`, `together`) → the delay of each piece in ms."""


class Stub:
    """Answers each request in the mode that its prompt names."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        self._waiting: list[asyncio.Future[None]] = []

    async def answer(self, exchange: Exchange) -> None:
        await exchange.begin()
        pieces, gap_s = PIECES, GAP_S
        if b"own time" in exchange.body:
            await asyncio.sleep(self._random.uniform(0.1, READY_WITHIN_S))
        elif b"together" in exchange.body:
            await self._together()
        else:
            pieces, gap_s = PIECES_ALONE, GAP_ALONE_S
        for _ in range(pieces):
            data = json.dumps({"choices": [{"text": f"{time.perf_counter_ns()} "}]})
            await exchange.say(f"data: {data}\n\n".encode())
            await asyncio.sleep(gap_s * self._random.uniform(0.5, 1.5))
        await exchange.say(b"data: [DONE]\n\n")
        await exchange.end()

    async def _together(self) -> None:
        """Until `MANY` wait here, and a little longer: the last of them is still being answered."""
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if len(self._waiting) == MANY:
            await asyncio.sleep(0.2)
            for one in self._waiting:
                one.set_result(None)
            self._waiting.clear()
        await mine


async def serve() -> None:
    """The stub server's process: prints its address and lives until its stdin ends."""
    async with stub_server() as server:
        server.scripts[PATH] = Stub().answer
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


def through(service: PresetBackend) -> Ask:
    """By the door that completions take."""

    async def ask(mode: str) -> list[float]:
        delays = []
        async with aclosing(service.stream(Prompt(f"{mode} = ", "\n"))) as pieces:
            async for piece in pieces:
                delays.append((time.perf_counter_ns() - int(piece)) / 1e6)
        return delays

    return ask


def bare(url: str) -> Ask:
    """By nothing but a socket: the first piece only."""
    parts = urlsplit(url)

    async def ask(mode: str) -> list[float]:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(f"POST {PATH} HTTP/1.1\r\ncontent-length: {len(mode)}\r\n\r\n{mode}".encode())
        await reader.readuntil(b"\r\n\r\n")
        text = await reader.readuntil(b"\n\n")
        delay_ms = (time.perf_counter_ns() - int(text.split(b'"text": "')[1].split()[0])) / 1e6
        writer.close()
        return [delay_ms]

    return ask


async def measured(who: str, ask: Ask) -> list[dict[str, Any]]:
    """A row for each way to ask."""
    await ask("now")  # imports, connections
    answers = {"one at a time": [await ask("now") for _ in range(ALONE)]}
    for name, mode in ((f"{MANY} open at once", "own time"), (f"{MANY} at the same instant", "together")):
        rounds = [await asyncio.gather(*(ask(mode) for _ in range(MANY))) for _ in range(ROUNDS)]
        answers[name] = [delays for answers in rounds for delays in answers]
    rows = []
    for name, found in answers.items():
        rows.append(row_of(who, name, "first", [delays[0] for delays in found]))
        if len(found[0]) > 1:
            rows.append(row_of(who, name, "every", [ms for delays in found for ms in delays]))
    return rows


def row_of(who: str, streams: str, pieces: str, delays_ms: list[float]) -> dict[str, Any]:
    """A row of the table."""
    p50, p95, p99, most = percentiles(delays_ms, 0.5, 0.95, 0.99, 1, digits=3)
    figures = {"p50 ms": p50, "p95 ms": p95, "p99 ms": p99, "max ms": most}
    return {"reader": who, "streams": streams, "pieces": pieces, "count": len(delays_ms), **figures}


async def compared(url: str) -> list[dict[str, Any]]:
    """The rows of both readers."""
    http = Http()
    settings = BackendSettings(kind="openai-shaped", url=url, model="qwen2.5-coder")
    service = PresetBackend("stub", settings, http)
    try:
        return [*await measured("a backend", through(service)), *await measured("a bare socket", bare(url))]
    finally:
        await http.aclose()


async def measure() -> list[dict[str, Any]]:
    """All rows, with a stub server that is started and ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, "--serve"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        return await compared((await process.stdout.readline()).decode().strip())
    finally:
        process.stdin.close()
        await process.wait()


def main() -> None:
    """Measure and print the rows."""
    parser = parser_of(__doc__)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(serve())
        return
    machine = describe_machine()
    rows = asyncio.run(measure())
    for row in rows:
        print("  ".join(str(value).ljust(20) for value in row.values()))
    if args.json:
        write_table(args.json, rows, machine)


if __name__ == "__main__":
    main()
