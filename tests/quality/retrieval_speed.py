"""How long looking for context takes in a large code base: with the index in memory, and on disk.

    python tests/quality/retrieval_speed.py FOLDER… [--questions 150] [--index DIR]
        [--json docs/runs/retrieval-speed.json]

Each folder is indexed; then context is looked for at as many places, drawn by rule (`cross_file.py`), none of
which was asked about before and nothing of which was looked for ahead. A question is all of retrieval, as
`pilotfish context` does it: from the document and the cursor to the snippets that go into the prompt, all
sources, 1,024 tokens, in one thread.

- `in memory`: the pages of the index are in the page cache, one reader answers all.
- `cold start`: before every ten questions the index is let go, its pages are dropped from the page cache, and
  it is opened anew, read ahead and made ready as the server does when it starts (`index/read_ahead.py`,
  `index/make_ready.py`; how long that takes is a column). `first` is the first of the ten alone. Nothing that
  was remembered is kept.
- `on disk`: the same before each question, which comes at once, before anything was read, with the time limit
  of the shipped settings; `left out` is the share of sources that were not done by then.

The folders' own files stay in memory. Prints a row for each state; `--json` writes them as a table. Only
Linux can drop pages.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.bench.summary import percentile
from pilotfish.context.embeddings import Alike
from pilotfish.context.gather import Sources, gather, gather_at_once
from pilotfish.context.place import look_around
from pilotfish.context.snippet import LATE, Context
from pilotfish.context.sources import Known, sources_for
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.make_ready import make_ready
from pilotfish.index.read_ahead import read_ahead
from pilotfish.index.reader import IndexReader
from pilotfish.platform.clock import SystemClock
from pilotfish.settings.model import ContextSettings, IndexSettings
from pilotfish.syntax.languages import language_of_path
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines
from tests.quality.arguments import parser_of
from tests.quality.context_quality import BUDGET_TOKENS
from tests.quality.cross_file import draw
from tests.quality.table import Row, write_table

A_START = 10
"""So many questions are asked after a start, and before those that count, where the index is in memory."""
PAUSE_S = 0.15


class Asked(NamedTuple):
    """A question that was answered, with milliseconds by the clock and of the processor."""

    context: Context
    wall: float
    processor: float


class Tree:
    """A folder and its index."""

    def __init__(self, root: Path, directory: Path) -> None:
        self.root, self.directory = root, directory
        build(root, directory, IndexSettings())
        self.open()

    def open(self) -> None:
        """Open the index, as a server does that starts."""
        self.reader = IndexReader(self.root, self.directory)
        self.catalog = CatalogReader(self.root, self.directory)
        self.view = self.reader.view()

    def drop(self) -> None:
        """Let go of the index, and of its pages in the page cache; those that somebody maps would stay."""
        self.reader.close()
        self.catalog.close()
        del self.view
        gc.collect()
        for file in filter(Path.is_file, self.directory.rglob("*")):
            descriptor = os.open(file, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)

    def lines(self) -> int:
        """The lines of the files that are indexed."""
        paths = Lookup([self.catalog]).files(["*"], limit=10**9)
        return sum(path.read_bytes().count(b"\n") for path in paths)

    def sources(self, document: Document, position: Position, seconds: float) -> tuple[Sources, Alike]:
        """What is asked for context, for so long, and what puts it in order."""
        hidden = {document.path} if document.path else set()
        known = Known(self.view, Lookup([self.catalog], hidden, time.monotonic() + seconds), hidden)
        place = look_around(document, position)
        return sources_for(place, known), Alike(place.region)

    def ask(self, document: Document, position: Position) -> Asked:
        """The answer, however long it takes."""
        started, began = time.perf_counter(), time.process_time()
        sources, alike = self.sources(document, position, float("inf"))
        context = gather_at_once(sources, max_tokens=BUDGET_TOKENS, clock=SystemClock(), reorder=alike)
        return Asked(context, 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - began))


def places(tree: Tree, count: int) -> Iterator[tuple[Document, Position]]:
    """Cursors with the rest of their line cut."""
    tasks = draw(tree, count, seed=7)
    random.Random(1).shuffle(tasks)
    for task in tasks[:count]:
        path, number, column = tree.root / task["file"], int(task["line_no"]), int(task["col"])
        lines = split_lines(path.read_bytes().decode("utf-8", "replace"))
        lines[number] = lines[number][:column] + "\n"
        yield Document(path.as_uri(), path, language_of_path(path).id, 1, lines), Position(number, column)


def measure(tree: Tree, cursors: list[tuple[Document, Position]]) -> Iterator[dict[str, Any]]:
    """A row for each state: times in milliseconds."""
    about = {"folder": tree.root.name, "lines": tree.lines()}
    for cursor in cursors[:A_START]:
        tree.ask(*cursor)
    yield about | row("in memory", [tree.ask(*cursor) for cursor in cursors[A_START:]])
    asked, reading = [], []
    for number, cursor in enumerate(cursors):
        if number % A_START == 0:
            tree.drop()
            tree.open()
            started = time.perf_counter()
            read_ahead(tree.directory, Event())
            for _ in make_ready(tree.catalog, tree.view.segments):
                pass
            reading.append(1000 * (time.perf_counter() - started))
        asked.append(tree.ask(*cursor))
    yield about | row("cold start", asked, reading)
    yield about | row("cold start, first", asked[::A_START], reading)
    yield about | row("on disk", asyncio.run(in_time(tree, cursors[A_START:])))


def row(state: str, asked: list[Asked], reading: list[float] | None = None) -> dict[str, Any]:
    """The rest of a row; `reading`: milliseconds of each time that the index was made ready."""
    wall = sorted(each.wall for each in asked)
    processor = sorted(each.processor for each in asked)
    late = [left.reason.startswith(LATE) for each in asked for left in each.context.left_out]
    return {
        "index": state,
        "questions": len(asked),
        **{f"p{percent} ms": f"{percentile(wall, percent / 100):.1f}" for percent in (50, 95, 99)},
        **{f"processor p{percent} ms": f"{percentile(processor, percent / 100):.1f}" for percent in (50, 95)},
        "left out": f"{sum(late) / sum(len(each.context.spent_ms) for each in asked):.3f}",
        "making ready, p50 ms": f"{percentile(sorted(reading), 0.5):.0f}" if reading else "",
    }


async def in_time(tree: Tree, cursors: list[tuple[Document, Position]]) -> list[Asked]:
    """Answers as a session has them: at the limit there is what was found by then."""
    limit_ms, asked = ContextSettings().max_wait_ms, []
    for cursor in cursors:
        tree.drop()
        tree.open()
        started, began = time.perf_counter(), time.process_time()
        sources, alike = tree.sources(*cursor, limit_ms / 1000)
        context = await gather(
            sources, max_tokens=BUDGET_TOKENS, max_wait_ms=limit_ms, clock=SystemClock(), reorder=alike
        )
        spent = time.perf_counter() - started, time.process_time() - began
        asked.append(Asked(context, 1000 * spent[0], 1000 * spent[1]))
        del sources
        await asyncio.sleep(PAUSE_S)  # A step may still wait for the disk.
    return asked


def main() -> None:
    """Measure each folder and print its rows."""
    parser = parser_of(__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument(
        "--index", type=Path, help="where the indexes are kept; by default they are thrown away"
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    machine = describe_machine()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for root in args.folders:
            tree = Tree(root.resolve(), (args.index or Path(folder)).resolve() / root.resolve().name)
            for found in measure(tree, list(places(tree, args.questions + A_START))):
                rows.append(found)
                print(found, flush=True)
    if args.json:
        write_table(args.json, rows, machine)


if __name__ == "__main__":
    main()
