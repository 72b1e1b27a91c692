"""How long a token takes from the server's hand to the caller's: `python -m tests.models.measure_overhead`.

A stub server in a process of its own writes the time into each piece as it sends it; both processes read the
same monotonic clock. One stream after another, then many at once on one loop.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import aclosing
from statistics import quantiles

from pilotfish.models.backend import Prompt
from pilotfish.models.preset_backend import PresetBackend
from pilotfish.platform.http import Http
from pilotfish.settings.model import BackendSettings
from tests.models.stub_server import Exchange, stub_server

HOLE = Prompt("a = ", "\n")
PIECES = 20
GAP_S = 0.005


async def told(exchange: Exchange) -> None:
    await exchange.begin()
    for _ in range(PIECES):
        data = json.dumps({"choices": [{"text": f"{time.perf_counter_ns()} "}]})
        await exchange.say(f"data: {data}\n\n".encode())
        await asyncio.sleep(GAP_S)
    await exchange.say(b"data: [DONE]\n\n")
    await exchange.end()


async def serve() -> None:
    async with stub_server() as server:
        server.scripts["/v1/completions"] = told
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def delays_ms(service: PresetBackend) -> list[float]:
    """Of one stream, piece by piece."""
    delays = []
    async with aclosing(service.stream(HOLE)) as pieces:
        async for piece in pieces:
            delays.append((time.perf_counter_ns() - int(piece)) / 1e6)
    return delays


def report(name: str, delays: list[float]) -> None:
    cuts = quantiles(delays, n=100)
    print(f"{name}: p50 {cuts[49]:.2f} ms, p95 {cuts[94]:.2f} ms, max {max(delays):.2f} ms, n {len(delays)}")


async def measure(url: str) -> None:
    http = Http()
    settings = BackendSettings(kind="openai-shaped", url=url, model="qwen2.5-coder")
    service = PresetBackend("stub", settings, http)
    await delays_ms(service)  # imports httpx
    firsts, all_delays = [], []
    for _ in range(200):
        delays = await delays_ms(service)
        firsts.append(delays[0])
        all_delays += delays
    report("first piece, one stream at a time", firsts)
    report("each piece, one stream at a time", all_delays)
    for streams in (16, 64):
        rounds = [await asyncio.gather(*(delays_ms(service) for _ in range(streams))) for _ in range(5)]
        report(f"first piece, {streams} streams at once", [one[0] for answers in rounds for one in answers])
        report(
            f"each piece, {streams} streams at once",
            [ms for answers in rounds for one in answers for ms in one],
        )
    await http.aclose()


async def main() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.models.measure_overhead",
        "serve",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    try:
        await measure(url)
    finally:
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(serve() if "serve" in sys.argv else main())
