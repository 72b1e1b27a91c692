"""Requests that are overtaken, measured: how soon each is answered, and how soon the stream it had open is closed.

    python tests/quality/superseded.py [--requests N] [--gap-ms MS] [--json OUT]

A stub model that begins to answer at once and never ends; a request after each key, each at another place. The answer is timed
from the moment at which the next request was sent, the stream's end from the same moment by the stub's own log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from beside_tabby import Server
from table import write_table

from pilotfish.bench.stub import Script, calls, running


def share(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = lambda part: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2)
    return {"n": len(ordered), "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1)}


async def run(requests: int, gap_s: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="superseded-") as folder:
        home = Path(folder)
        with running(Script(text="and on " * 2_000, tokens_per_s=500), home) as (url, log):
            own = {"XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}
            options = {"backend": ["stub"], "backends": {"stub": {"kind": "llama.cpp", "url": url}},
                       "completion": {"max_wait_ms": 0, "ahead": "off"}, "index": {"enabled": False}}
            server = Server("pilotfish", [sys.executable, "-m", "pilotfish", "serve"], own, 0.0, True, log, options)
            await server.start(home)
            uri = (home / "a.py").as_uri()
            server.open(uri, "")
            sent: list[float] = []
            due: list[asyncio.Future[tuple[float, Any]]] = []
            for number in range(requests):
                server.type(uri, number, 0, f"x_{number} = \n")
                sent.append(time.perf_counter())
                due.append(asyncio.ensure_future(server.request("textDocument/inlineCompletion", {
                    "textDocument": {"uri": uri}, "position": {"line": number, "character": len(f"x_{number} = ")},
                    "context": {"triggerKind": 2}})))
                await asyncio.sleep(gap_s)
            overtaken = await asyncio.gather(*due[:-1])
            server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            await due[-1]
            await asyncio.sleep(0.5)
            answered = [1000 * (came - sent[number + 1]) for number, (came, _) in enumerate(overtaken)]
            opened = calls(log)
            # A stream belongs to the last request sent before it came; it should end when the next one is sent.
            closed = []
            for call in opened:
                later = next((at for at in sent if at > call["arrived_at"]), None)
                if later is not None:
                    closed.append(1000 * (call["last_at"] - later))
            await server.stop()
            return {"requests": requests, "gap_ms": 1000 * gap_s, "answered_null": sum(result is None for _, result in overtaken),
                    "answered": share(answered), "streams": len(opened), "left": sum(call["ended"] == "left" for call in opened),
                    "closed": share(closed) if closed else None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--gap-ms", type=float, default=40)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    report = asyncio.run(run(args.requests, args.gap_ms / 1000))
    print(json.dumps(report, indent=1))
    if args.json:
        write_table(args.json, [
            {"what": what, "n": found["n"], "p50 (ms)": found["p50_ms"], "p99 (ms)": found["p99_ms"], "max (ms)": found["max_ms"]}
            for what, found in (("an overtaken request is answered", report["answered"]), ("its stream is closed", report["closed"]))])


if __name__ == "__main__":
    main()
