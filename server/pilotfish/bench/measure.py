"""One run: starts, then each workspace, first while it is being indexed and then with its index ready."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from pilotfish.bench.editor import Editor
from pilotfish.bench.keystrokes import Edited, plan
from pilotfish.bench.measured import Measured, Run
from pilotfish.bench.memory import Memory, children, read_memory
from pilotfish.bench.replay import Replay
from pilotfish.errors import PilotfishError, ServerGone

STARTS = 5
INDEX_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True)
class Contest:
    """Who is measured, and how.

    Attributes:
        server: the command of the server under test.
        floor: the command of the bare server beside it.
        keys: how many keys are typed in each workspace once its index is ready, and at most before.
        seed: chooses the places.
        on_progress: told what goes on, and how much of it is done (0 to 1).
    """

    server: Sequence[str]
    floor: Sequence[str]
    keys: int
    seed: str
    on_progress: Callable[[str, float], None]


def measure(roots: Sequence[Path], contest: Contest) -> Run:
    """Run it all. What goes wrong is told in the result, beside what was measured until then."""
    run = Run()
    started = time.perf_counter()
    try:
        try:
            _measure_starts(contest, run)
        except ServerGone as error:
            run.problem = str(error)
            return run
        for root in roots:
            measured = Measured(root.name)
            run.workspaces.append(measured)
            try:
                _measure_workspace(root, contest, measured)
            except PilotfishError as error:
                measured.problem = str(error)
    except KeyboardInterrupt:
        run.interrupted = True
    finally:
        run.seconds = time.perf_counter() - started
    return run


def _measure_starts(contest: Contest, run: Run) -> None:
    """Start both in turns on an empty folder. The first start of each is not counted: it may compile."""
    with _temporary_home() as home:
        for turn in range(STARTS + 1):
            contest.on_progress("starting", turn / (STARTS + 1))
            for command, times in (
                (contest.floor, run.starts.floor_ms),
                (contest.server, run.starts.server_ms),
            ):
                with closing(Editor(command, home, _private_folders(home))) as editor:
                    if turn:
                        times.append(editor.initialize_ms)


def _measure_workspace(root: Path, contest: Contest, measured: Measured) -> None:
    """Type into one workspace with fresh servers that find no index."""
    early = plan(root, contest.keys, f"{contest.seed}/indexing")
    files = plan(root, contest.keys, contest.seed)
    total = sum(len(file.visits) for file in files)
    with _temporary_home() as home:
        environment = _private_folders(home)
        with (
            closing(Editor(contest.server, root, environment)) as server,
            closing(Editor(contest.floor, root, environment)) as floor,
        ):
            replay = Replay(server, floor, measured)
            _type_while_indexing(server, replay, early, contest, measured)
            for done, _ in enumerate(replay.visits(files), 1):
                contest.on_progress(f"typing in {measured.name}", done / total)
            measured.server_memory = read_memory(server.client.process.pid)
            measured.index_bytes = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())


def _type_while_indexing(
    server: Editor, replay: Replay, files: Sequence[Edited], contest: Contest, measured: Measured
) -> None:
    """Ask from the first moment on until the index is ready; take its time and the indexer's memory.

    A server that says nothing of an index is taken to have none.
    """
    visits = replay.visits(cycle(files), indexing=True)
    started = server.client.started_at
    keys = 0
    while time.perf_counter() - started < INDEX_TIMEOUT_S:
        index = (server.status() or {}).get("index", {})
        measured.index_state = index.get("state", "not reported")
        if measured.index_state == "ready":
            measured.index_seconds = time.perf_counter() - started
            measured.index_files = index.get("files")
        if measured.index_state != "building":
            return
        contest.on_progress(f"indexing {measured.name}", index.get("files", 0) / (index.get("total") or 1))
        for child in children(server.client.process.pid):
            measured.indexer_peak = _larger(measured.indexer_peak, read_memory(child))
        if keys < contest.keys:
            keys += len(next(visits).keys)
        else:
            time.sleep(0.05)
    raise ServerGone(f"the server's index of {measured.name} was not ready after {INDEX_TIMEOUT_S:g} s")


def _larger(one: Memory | None, other: Memory | None) -> Memory | None:
    both = [memory for memory in (one, other) if memory is not None]
    return max(both, key=lambda memory: memory.private_mb, default=None)


@contextmanager
def _temporary_home() -> Iterator[Path]:
    # A server's child may still be writing when the folder goes; what it leaves is the system's to sweep.
    with tempfile.TemporaryDirectory(prefix="pilotfish-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


def _private_folders(home: Path) -> Mapping[str, str]:
    """Where a server writes and looks for settings: nothing of the user's is read or touched."""
    return {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
