"""Completions while a large folder is being indexed: latency, and the memory of server and indexer apart.

    python tests/quality/index_serving.py FOLDER … [--cores 1] [--json docs/runs/index-serving.json]

A real server over the wire, its cache empty. Four times a second a line somewhere in an open file is cut in
the middle and asked for, from the start until the index is ready and a while after, then again with a new
server that finds the index (warm). Prints a row for each start; `--json` writes them as a table. Linux only:
memory is read from /proc.

A folder that is called `stdlib` is Python's own library, without what was installed into it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.measure import environment
from pilotfish.bench.memory import read_memory
from tests.quality.arguments import parser_of
from tests.quality.lsp_client import LspClient, file_uri
from tests.quality.table import percentiles, write_table

LOOK_S, LOOKS_A_QUESTION = 0.05, 5  # A question four times a second.
AFTER_READY_S = 15.0
FILES = 5
FILE_BYTES = (10_000, 60_000)
LANGUAGES = {".c": "c", ".py": "python", ".java": "java", ".ts": "typescript", ".go": "go"}


def main() -> int:
    """Measure a cold and a warm server."""
    parser = parser_of(__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--cores", type=int, help="so many for client, server and indexer together")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    machine = describe_machine()
    rows = []
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as home:
            tree = standard_library(Path(home)) if folder.name == "stdlib" else folder.resolve()
            rows += [measure(tree, name, home) for name in ("cold", "warm")]
    if options.json:
        write_table(options.json, rows, machine)
    return 0


def measure(folder: Path, name: str, home: str) -> dict[str, Any]:
    """One server's life; a row of the table."""
    chance = random.Random(1)
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in chosen(folder, chance)}
    started = time.monotonic()
    client = LspClient([sys.executable, "-m", "pilotfish", "serve"], env=environment(Path(home)))
    client.initialize(folder)
    for path, text in texts.items():
        document = {"uri": file_uri(path), "languageId": LANGUAGES[path.suffix], "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
    waited: dict[str, list[float]] = {"building": [], "ready": []}
    offered, memory, ready_s = 0, {"server": 0.0, "indexer": 0.0}, 0.0
    state, looks = "", 0
    while not ready_s or time.monotonic() - started < ready_s + AFTER_READY_S:
        time.sleep(LOOK_S)
        looks += 1
        if looks % LOOKS_A_QUESTION == 0:
            ms, is_offered = ask(client, texts, 1 + looks, chance)
            waited["ready" if state == "ready" else "building"].append(ms)
            offered += is_offered
        status, _ = client.request("pilotfish/status", {})
        state = status["index"]["state"]
        if state == "ready" and not ready_s:
            ready_s = time.monotonic() - started
        for who, pid in processes(client.process.pid):
            held = read_memory(pid)
            memory[who] = max(memory[who], held.private_mb if held else 0.0)
    client.stop()
    row: dict[str, Any] = {"tree": folder.name, "start": name, "index ready after s": round(ready_s, 2)}
    for state, times in waited.items():
        row |= {f"{state}: questions": len(times)}
        # A warm index may be ready before anything was asked; the columns are the same for all rows.
        figures: list[Any] = percentiles(times, 0.5, 0.95, 1, digits=1) if times else [""] * 3
        row |= dict(zip((f"{state}: {name} ms" for name in ("p50", "p95", "most")), figures, strict=True))
    row |= {"offered": offered, **{f"{who} private MB": round(mb, 1) for who, mb in memory.items()}}
    print(json.dumps(row), flush=True)
    return row


def ask(client: LspClient, texts: dict[Path, str], version: int, chance: random.Random) -> tuple[float, bool]:
    """Cut a line of one of the files in the middle, ask what follows, and put it back."""
    path = chance.choice(list(texts))
    lines = texts[path].split("\n")
    number = chance.choice([row for row, line in enumerate(lines) if len(line.strip()) > 12])
    cut = len(lines[number]) - len(lines[number].lstrip()) + len(lines[number].strip()) // 2
    document = {"uri": file_uri(path), "version": version}

    def change(start: int, end: int, text: str) -> None:
        where = {"start": {"line": number, "character": start}, "end": {"line": number, "character": end}}
        changes = {"textDocument": document, "contentChanges": [{"range": where, "text": text}]}
        client.notify("textDocument/didChange", changes)

    change(cut, len(lines[number]), "")
    answer, ms = client.request(
        "textDocument/inlineCompletion",
        {
            "textDocument": {"uri": document["uri"]},
            "position": {"line": number, "character": cut},
            "context": {"triggerKind": 2},
        },
    )
    change(cut, cut, lines[number][cut:])
    return ms, bool(answer and answer["items"])


def processes(server: int) -> list[tuple[str, int]]:
    """The server and its indexer."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [("server", server), *(("indexer", int(child)) for child in children[:1])]


def standard_library(room: Path) -> Path:
    """A copy of it."""
    left_out = shutil.ignore_patterns("site-packages", "*.so", "*.pyc")
    return shutil.copytree(sysconfig.get_path("stdlib"), room / "stdlib", ignore=left_out)


def chosen(folder: Path, chance: random.Random) -> list[Path]:
    """Some files of ordinary size, from anywhere."""
    found = [
        Path(base) / name
        for base, _, names in os.walk(folder)
        for name in names
        if Path(name).suffix in LANGUAGES
        and FILE_BYTES[0] < (Path(base) / name).stat().st_size < FILE_BYTES[1]
    ]
    return chance.sample(sorted(found), FILES)


if __name__ == "__main__":
    sys.exit(main())
