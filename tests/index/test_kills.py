"""`kill -9` at random moments of a build: every restart ends with what an undisturbed build says.

`PILOTFISH_SOAK` says how many kills; a few in the ordinary run.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pilotfish.engine.buffers import Buffers
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.reader import IndexReader
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.text.document import Document, Position
from tests.index.workspace import catalogued, contents, lay_out, read, undisturbed

KILLS = int(os.environ.get("PILOTFISH_SOAK", "4"))

# Small batches, so that there are many commits to be killed in.
INDEXER = """
import sys
from pilotfish.index import indexer
indexer.FIRST_BATCH_BYTES, indexer.BATCH_BYTES = 20_000, 60_000
from pilotfish.index.worker import main
sys.exit(main(sys.argv[1:]))
"""


def start(root: Path, directory: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-c", INDEXER, str(root), str(directory)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def run_to_ready(root: Path, directory: Path) -> float:
    """Build in a process of its own; returns the seconds it took."""
    started = time.monotonic()
    with start(root, directory) as child:
        assert child.stdout is not None
        while b'"ready"' not in child.stdout.readline():
            pass
        took_s = time.monotonic() - started
        child.communicate(b'{"do": "stop"}\n')
    return took_s


def change(root: Path, chance: random.Random) -> None:
    """Something happens to the workspace between a kill and the restart."""
    for _ in range(5):
        number = chance.randrange(150)
        text = f"def f{number}(x):\n    return x + {chance.random()}\n" * chance.randrange(100)
        lay_out(root, {f"m{number % 7}/f{number}.py": text})
    (root / "m1" / f"f{1 + 7 * chance.randrange(20)}.py").unlink(missing_ok=True)


def answers(root: Path, directory: Path) -> list[object]:
    """What a user would get from an index: lines offered, definitions and code found."""
    view = IndexReader(root, directory).view()
    found: list[object] = []
    lookup = Lookup([CatalogReader(root, directory)])
    for number in range(0, 150, 10):
        symbols = lookup.definitions([f"f{number}"], limit=1_000)
        chunks = [(chunk.path, chunk.hash) for chunk, _ in lookup.search([(f"f{number}", 1.0)])]
        asked = Document("untitled:asked", None, "python", 1, [f"def f{number}(x):\n", "    return x +"])
        # Where the function is gone all others are equally good guesses.
        steps = predict(Query(asked, Position(1, 14), limit=1), Buffers(), view if symbols else IndexView())
        found.append(([candidate.text for candidate in finish(steps)], sorted(symbols), sorted(chunks)))
    return found


@pytest.mark.timeout(60 + 10 * KILLS)
def test_killed_at_random_moments_the_index_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    chance = random.Random(20)
    root = lay_out(
        tmp_path / "ws",
        {f"m{i % 7}/f{i}.py": f"def f{i}(x):\n    return x + {i}\n" * 100 for i in range(150)},
    )
    took_s = run_to_ready(root, tmp_path / "i")
    begun_s = 0.0
    for kill in range(KILLS):
        directory = tmp_path / f"i{kill % 3}"
        if chance.random() < 0.5:
            change(root, chance)
        reader = IndexReader(root, directory)
        reader.view()
        with start(root, directory) as child:
            time.sleep(chance.uniform(begun_s, took_s * 1.2))  # The moment of the kill is what is tested.
            child.kill()
            child.communicate()
        contents(reader.view())
        assert reader.fault is None
        if chance.random() < 0.7:
            run_to_ready(root, directory)
            anew = tmp_path / f"anew{kill}"
            assert read(root, directory) == undisturbed(root, anew)
            assert catalogued(directory) == catalogued(anew)
            assert answers(root, directory) == answers(root, anew)
