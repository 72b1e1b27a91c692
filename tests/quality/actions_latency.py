"""How fast code actions are: the list, and the first streamed text after the model's first byte.

    python tests/quality/actions_latency.py FOLDER [--files 30] [--json PATH]

A real `pilotfish serve` over stdio with the index of FOLDER ready. The list is asked for at random places of
random files of up to 3,000 lines, each freshly opened; first text is the time from the stub model's first
byte to the progress that shows it, both by the clock of this process. Prints the figures; `--json` writes a
table. Fails where a 95th percentile is above its mark (`LIST_P95_MS`, `FIRST_TEXT_P95_MS`).
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.measure import environment
from pilotfish.syntax.languages import language_of_path
from tests.actions.editor import CAPABILITIES, Editor, at
from tests.lsp.wire import server_process
from tests.models.stub_server import Exchange, stub_server
from tests.quality.arguments import parser_of
from tests.quality.table import percentiles, write_table

SEED = 5
LANGUAGES = {"python", "typescript", "go", "java"}
LISTS_A_FILE = 5
FIRST_TEXTS = 40
LIST_P95_MS, FIRST_TEXT_P95_MS = 20, 10
TEXT = "Some text that is long enough"


class Model:
    """Says one piece, and ends a little later.

    Attributes:
        said_at: when the last piece was sent, on the clock of `time.perf_counter`, in seconds.
    """

    def __init__(self) -> None:
        self.said_at = 0.0

    async def answer(self, exchange: Exchange) -> None:
        await exchange.begin()
        await asyncio.sleep(0.05)
        event = {"choices": [{"index": 0, "delta": {"content": TEXT}}]}
        self.said_at = time.perf_counter()
        await exchange.say(f"data: {json.dumps(event)}\n\n".encode())
        await asyncio.sleep(0.05)
        await exchange.say(b"data: [DONE]\n\n")
        await exchange.end()


async def measure(root: Path, files: int) -> dict[str, float]:
    """Both times, of one server."""
    model = Model()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with stub_server() as stub, server_process(environment(Path(home))) as (wire, process):
            stub.scripts["/v1/chat/completions"] = model.answer
            options = {
                "backend": ["embedded", "stub"],
                "backends": {"stub": {"kind": "openai-shaped", "url": stub.url, "model": "m"}},
            }
            await wire.initialize(
                root, capabilities=CAPABILITIES, clientInfo={"name": "bench"}, initializationOptions=options
            )
            while (await wire.request("pilotfish/status"))["index"]["state"] != "ready":  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            editor = Editor(wire)
            lists = await lists_ms(editor, root, files)
            first = await first_text_ms(editor, model)
            await wire.leave()
            await process.wait()
    list_p50, list_p95 = percentiles(lists, 0.5, 0.95)
    first_p50, first_p95 = percentiles(first, 0.5, 0.95)
    return {
        "list_p50_ms": list_p50,
        "list_p95_ms": list_p95,
        "lists": len(lists),
        "first_text_p50_ms": first_p50,
        "first_text_p95_ms": first_p95,
        "first_texts": len(first),
    }


async def lists_ms(editor: Editor, root: Path, files: int) -> list[float]:
    """How long the list of actions takes, at a few places in each of so many files."""
    dice = random.Random(SEED)
    paths = sources_below(root)
    dice.shuffle(paths)
    times = []
    for path in paths[:files]:
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r", "")
        if not 10 < text.count("\n") <= 3000:
            continue
        uri = path.as_uri()
        editor.open(uri, text, language_of_path(path).id)
        for _ in range(LISTS_A_FILE):
            line = dice.randrange(text.count("\n"))
            column = dice.randrange(len(text.split("\n")[line]) + 1)
            begun = time.perf_counter()
            await editor.actions(uri, at(line, column))
            times.append((time.perf_counter() - begun) * 1000)
        editor.wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    return times


def sources_below(root: Path) -> list[Path]:
    """All files in the languages that are tried."""
    return sorted(
        path for path in root.rglob("*") if language_of_path(path).id in LANGUAGES and path.is_file()
    )


async def first_text_ms(editor: Editor, model: Model) -> list[float]:
    """How long the model's first piece takes from its hand to the progress that shows it."""
    wire, uri = editor.wire, "file:///elsewhere/a.py"
    editor.open(uri, "def f():\n    return 1\n")
    times = []

    def is_shown() -> bool:
        shown = (note["params"]["value"] for note in wire.notifications if note["method"] == "$/progress")
        return any(TEXT in (value.get("message") or "") for value in shown)

    for _ in range(FIRST_TEXTS):
        command = (await editor.action(uri, at(1, 4), "Explain"))["command"]
        wire.notifications.clear()
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params)
        await wire.until(is_shown)
        times.append((time.perf_counter() - model.said_at) * 1000)
        await wire.answer(due)
    return times


def as_rows(figures: dict[str, float]) -> list[dict[str, Any]]:
    """The rows of the table."""
    return [
        {
            "what": what,
            "times": figures[f"{name}s"],
            "p50 ms": figures[f"{name}_p50_ms"],
            "p95 ms": figures[f"{name}_p95_ms"],
        }
        for name, what in (
            ("list", "the list"),
            ("first_text", "first text in the progress after the model's first byte"),
        )
    ]


def main() -> int:
    """Measure and print; 1 if a mark is missed."""
    parser = parser_of(__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    machine = describe_machine()
    figures = asyncio.run(measure(args.root.resolve(), args.files))
    print(json.dumps(figures, indent=2))
    if args.json:
        write_table(args.json, as_rows(figures), machine, seed=SEED)
    is_good = figures["list_p95_ms"] <= LIST_P95_MS and figures["first_text_p95_ms"] <= FIRST_TEXT_P95_MS
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
