"""How soon a saved file is in the index: what the engine completes from, and what can be looked up.

    python tests/quality/index_saves.py FOLDER [--lines 1000000] [--json docs/runs/index-saves.json]

A real server over the wire, on a tree of so many lines taken evenly from FOLDER (`index_scale.py`). A file is
given one more function and written to disk; the time runs from before the write until a reader of the index
finds the function's name among the tokens, and among the chunks. `told`: an editor that watches files says
`didSave`. `heard`: nobody says anything, the operating system tells. `at once`: 1,000 files are written and
told of together, and the time runs until the last of them is found. Prints a row for each way; `--json`
writes them as a table. Fails where a mark of `MARKS_S` is missed.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.measure import environment
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.reader import IndexReader
from pilotfish.platform.paths import index_directory
from pilotfish.syntax.lexer import token_id
from tests.quality.arguments import parser_of
from tests.quality.index_scale import CHANGED, tree_of
from tests.quality.lsp_client import LspClient, file_uri
from tests.quality.table import percentiles, write_table

SAVES = 60
PAUSE_S = (0.2, 0.6)
POLL_S = 0.005
PATIENCE_S = 60.0
MARKS_S = {"told": 1.0, "heard": 1.0, "at once": 10.0}


def main() -> int:
    """Measure and print a line for each way; 1 if a mark is missed."""
    parser = parser_of(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--saves", type=int, default=SAVES)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    machine = describe_machine()
    with (
        tree_of(options.folder.resolve(), options.lines) as (root, files),
        tempfile.TemporaryDirectory() as home,
    ):
        os.environ |= environment(Path(home))  # also for the reader in this process
        sources = [root / name for name in files if name.endswith(".c")]
        random.Random(1).shuffle(sources)
        rows = [
            measure(root, "told", [[path] for path in sources[: options.saves]]),
            measure(root, "heard", [[path] for path in sources[options.saves : 2 * options.saves]]),
            measure(root, "at once", [sources[-CHANGED:]]),
        ]
    if options.json:
        write_table(options.json, rows, machine)
    return int(any(row["looked up, p95 ms"] > 1000 * MARKS_S[row["way"]] for row in rows))


def measure(root: Path, way: str, saves: Sequence[Sequence[Path]]) -> dict[str, Any]:
    """Save files, in several goes, beside a server that has its index: a row of the table."""
    chance = random.Random(2)
    client = LspClient([sys.executable, "-m", "pilotfish", "serve"])
    client.initialize(root, watches=way != "heard")
    status = client.wait_until_indexed()
    reading = Reading(root)
    tokens, chunks = [], []
    for number, paths in enumerate(saves):
        time.sleep(chance.uniform(*PAUSE_S))
        name = f"saved_{way.replace(' ', '_')}_{number}"
        started = time.perf_counter()
        for each, path in enumerate(paths):
            write(path, f"\nint {name}_{each}(int x)\n{{\n\treturn {name}_{each}(x);\n}}\n")
        if way == "told":
            client.notify("textDocument/didSave", {"textDocument": {"uri": file_uri(paths[0])}})
        elif way == "at once":
            changes = [{"uri": file_uri(path), "type": 2} for path in paths]
            client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        names = [f"{name}_{each}" for each in range(len(paths))]
        tokens.append(waited_ms(started, partial(reading.completes_from, names)))
        chunks.append(waited_ms(started, partial(reading.looks_up, names)))
    client.stop()
    (tokens_p50,) = percentiles(tokens, 0.5, digits=None)
    chunks_p50, chunks_p95, chunks_most = percentiles(chunks, 0.5, 0.95, 1, digits=None)
    row = {
        "way": way,
        "files in the index": status["index"]["files"],
        "tokens": reading.index.view().tokens,
        "goes": len(saves),
        "files a go": len(saves[0]),
        "completed from, p50 ms": tokens_p50,
        "looked up, p50 ms": chunks_p50,
        "looked up, p95 ms": chunks_p95,
        "most ms": chunks_most,
    }
    print(json.dumps(row), flush=True)
    return row


class Reading:
    """A reader of the index beside the server: what it sees, every other reader sees."""

    def __init__(self, root: Path) -> None:
        directory = index_directory(root)
        self.index = IndexReader(root, directory)
        self._catalog = CatalogReader(root, directory)

    def completes_from(self, names: Sequence[str]) -> bool:
        """Whether all names are tokens of some segment."""
        ids = np.array([token_id(f" {name}") for name in names], np.uint64)
        found = np.zeros(len(ids), bool)
        for view in self.index.view().segments:
            found |= view.segment.numbers(ids) < len(view.segment.vocabulary)
        return bool(found.all())

    def looks_up(self, names: Sequence[str]) -> bool:
        """Whether all names are found in chunks; the last first, to take little time meanwhile."""
        lookup = Lookup([self._catalog])
        return all(lookup.frequency([name]) for name in reversed(names))


def write(path: Path, added: str) -> None:
    """A file with some more text, in place of what may be a link to the original."""
    text = path.read_bytes()
    path.unlink()
    path.write_bytes(text + added.encode())


def waited_ms(started: float, is_there: Callable[[], bool]) -> float:
    """How long it takes until something is there."""
    while not is_there():
        if time.perf_counter() - started > PATIENCE_S:
            raise SystemExit("it never came")
        time.sleep(POLL_S)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
