"""How fast code actions are: the list, and the first streamed text after the model's first byte.

    python tests/quality/actions_latency.py FOLDER [--files 30] [--json PATH]

A real `pilotfish serve` over stdio with the index of FOLDER ready. The list is asked for at random places of
random files of up to 3,000 lines, each freshly edited; first text is the time from the stub model's first byte
to the progress that shows it, both by the clock of this process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine  # noqa: E402
from pilotfish.syntax.languages import language_of_path  # noqa: E402
from tests.actions.editor import CAPABILITIES, Editor, at  # noqa: E402
from tests.lsp.wire import Wire, server_process  # noqa: E402

SEED = 5
ANSWER = b"Some text that is long enough"


async def measure(root: Path, files: int) -> dict:
    stub = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = stub.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as cache:
        async with server_process({"XDG_CACHE_HOME": cache}) as (wire, process):
            options = {
                "backend": ["embedded", "stub"],
                "backends": {"stub": {"kind": "openai-shaped", "url": f"http://127.0.0.1:{port}", "model": "m"}},
            }
            await wire.initialize(
                root, capabilities=CAPABILITIES, clientInfo={"name": "bench"}, initializationOptions=options
            )
            while (await wire.request("pilotfish/status"))["index"]["state"] != "ready":
                await asyncio.sleep(0.2)
            editor = Editor(wire)
            lists = await lists_ms(editor, root, files)
            first = await first_text_ms(editor, wire)
            await wire.leave()
            await process.wait()
    stub.close()
    return {
        "list_p50_ms": round(median(lists), 2),
        "list_p95_ms": round(quantiles(lists, n=20)[-1], 2),
        "lists": len(lists),
        "first_text_p50_ms": round(median(first), 2),
        "first_text_p95_ms": round(quantiles(first, n=20)[-1], 2),
        "first_texts": len(first),
    }


async def lists_ms(editor: Editor, root: Path, files: int) -> list[float]:
    dice = random.Random(SEED)
    known = {"python", "typescript", "go", "java"}
    paths = sorted(p for p in root.rglob("*") if language_of_path(p).id in known and p.is_file())
    dice.shuffle(paths)
    times = []
    for path in paths[:files]:
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r", "")
        if not 10 < text.count("\n") <= 3000:
            continue
        uri = path.as_uri()
        editor.open(uri, text, language_of_path(path).id)
        for _ in range(5):
            line = dice.randrange(text.count("\n"))
            column = dice.randrange(len(text.split("\n")[line]) + 1)
            begun = time.perf_counter()
            await editor.actions(uri, at(line, column))
            times.append((time.perf_counter() - begun) * 1000)
        editor.wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    return times


SENT: list[float] = []


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A model's server: one piece, and the end a little later."""
    while head := await reader.readuntil(b"\r\n\r\n"):
        length = int(next((line.split(b":")[1] for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length")), b"0"))  # fmt: skip
        await reader.readexactly(length)
        if not head.startswith(b"POST"):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            continue
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        await asyncio.sleep(0.05)
        event = {"choices": [{"index": 0, "delta": {"content": ANSWER.decode()}}]}
        SENT.append(time.perf_counter())
        writer.write(f"data: {json.dumps(event)}\n\n".encode())
        await asyncio.sleep(0.05)
        writer.write(b"data: [DONE]\n\n")
        writer.close()
        return


async def first_text_ms(editor: Editor, wire: Wire) -> list[float]:
    uri = "file:///elsewhere/a.py"
    editor.open(uri, "def f():\n    return 1\n")
    times = []
    for _ in range(40):
        command = (await editor.action(uri, at(1, 4), "Explain"))["command"]
        wire.notifications.clear()
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params)
        await wire.until(
            lambda: any(
                ANSWER.decode() in (each["params"]["value"].get("message") or "")
                for each in wire.notifications
                if each["method"] == "$/progress"
            )
        )
        times.append((time.perf_counter() - SENT[-1]) * 1000)
        await wire.answer(due)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    figures = asyncio.run(measure(args.root.resolve(), args.files))
    print(json.dumps(figures, indent=2))
    if args.json:
        rows = [
            {"what": "the list", "times": figures["lists"],
             "p50 ms": figures["list_p50_ms"], "p95 ms": figures["list_p95_ms"]},
            {"what": "first text in the progress after the model's first byte", "times": figures["first_texts"],
             "p50 ms": figures["first_text_p50_ms"], "p95 ms": figures["first_text_p95_ms"]},
        ]  # fmt: skip
        table = {"kind": "table", "complete": True, "machine": describe_machine(), "seed": SEED, "rows": rows}
        args.json.write_text(json.dumps(table, indent=2) + "\n")
    return 0 if figures["list_p95_ms"] <= 20 and figures["first_text_p95_ms"] <= 10 else 1


if __name__ == "__main__":
    sys.exit(main())
