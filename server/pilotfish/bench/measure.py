"""One run: starts, then each workspace, first while it is being indexed and then with its index ready."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from pilotfish.bench.cpu import cpu_seconds
from pilotfish.bench.editor import Editor
from pilotfish.bench.measured import Measured, Run
from pilotfish.bench.memory import Memory, read_memory, read_memory_of_children
from pilotfish.bench.player import Player
from pilotfish.bench.scenarios import GENERATORS
from pilotfish.bench.stub import as_settings, calls, running
from pilotfish.bench.stub_model import Script
from pilotfish.bench.traces import Trace
from pilotfish.bench.workload import plan
from pilotfish.errors import PilotfishError, ServerGone

INDEX_TIMEOUT_S = 600.0
POLL_S = 0.05
_FOLDERS = ("CACHE", "CONFIG", "DATA", "STATE")


@dataclass(frozen=True, slots=True)
class Contest:
    """Who is measured, and how.

    Attributes:
        server: the command of the server under test.
        floor: the command of the bare server beside it.
        keys: how many questions are asked in each workspace once its index is ready, and at most before.
        seed: chooses the places.
        on_progress: told what goes on, and how much of it is done (0 to 1).
        starts: how often each is started to see how long that takes.
        rest_s: how long a server with an index may rest before its memory is looked at once more.
        timeout_s: a server that takes longer for one answer has failed.
        speed: how many times faster than people type; None: the next key comes when the answer is there.
        scenarios: which kinds of work; all without any.
        traces: recorded ones to play instead of made-up work; they say where in the workspace.
        settings: for the server, as an editor hands them over.
        stub: a model server that the server under test is to ask, if any.
    """

    server: Sequence[str]
    floor: Sequence[str]
    keys: int
    seed: str
    on_progress: Callable[[str, float], None]
    starts: int = 7
    rest_s: float = 3.0
    timeout_s: float = 30.0
    speed: float | None = None
    scenarios: Sequence[str] = ()
    traces: Sequence[Trace] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    stub: Script | None = None

    def work(self, root: Path, seed: str) -> Sequence[Trace]:
        """What is done in one workspace."""
        return self.traces or plan(root, self.keys, seed, self.scenarios or tuple(GENERATORS))

    def start(
        self, command: Sequence[str], root: Path, home: Path, settings: Mapping[str, Any] | None = None
    ) -> Editor:
        """Start one of the two on a workspace. It writes, and looks for settings, below `home` only."""
        return Editor(command, root, environment(home), self.timeout_s, settings)


def environment(home: Path) -> dict[str, str]:
    """What makes a server keep everything of its own below `home`."""
    return {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in _FOLDERS}


def wait_for_index(
    server: Editor,
    name: str,
    on_progress: Callable[[str, float], None],
    meanwhile: Callable[[], None] | None = None,
) -> Mapping[str, Any]:
    """What the server says of its index once that is no longer being built; empty if it says nothing of one.

    Args:
        server: the one that builds it.
        name: the workspace's, for those who watch.
        on_progress: told how much of it is done (0 to 1).
        meanwhile: done again and again until then; left out, it is only waited.

    Raises:
        ServerGone: it does not become ready.
    """
    started = time.perf_counter()
    while time.perf_counter() - started < INDEX_TIMEOUT_S:
        index: Mapping[str, Any] = (server.status() or {}).get("index", {})
        if index.get("state") != "building":
            return index
        on_progress(f"indexing {name}", index.get("files", 0) / (index.get("total") or 1))
        if meanwhile is None:
            time.sleep(POLL_S)
        else:
            meanwhile()
    raise ServerGone(f"the server's index of {name} was not ready after {INDEX_TIMEOUT_S:g} s")


def measure(roots: Sequence[Path], contest: Contest) -> Run:
    """Run it all. What goes wrong is told in the result, beside what was measured until then."""
    run = Run()
    started = time.perf_counter()
    try:
        _measure_starts(contest, run)
        for root in roots:
            measured = Measured(root.name)
            run.workspaces.append(measured)
            try:
                _measure_workspace(root, contest, measured)
            except PilotfishError as error:
                measured.problem = str(error)
    except ServerGone as error:
        run.problem = str(error)
    except KeyboardInterrupt:
        run.interrupted = True
    run.seconds = time.perf_counter() - started
    return run


def _measure_starts(contest: Contest, run: Run) -> None:
    """Start both in turns on an empty folder. The first start of each is not counted: it may compile."""
    with temporary_home() as home:
        for turn in range(contest.starts + 1):
            contest.on_progress("starting", turn / (contest.starts + 1))
            for command, times in (
                (contest.floor, run.starts.floor_ms),
                (contest.server, run.starts.server_ms),
            ):
                with closing(contest.start(command, home, home)) as editor:
                    if turn:
                        times.append(editor.initialize_ms)


def _measure_workspace(root: Path, contest: Contest, measured: Measured) -> None:
    """Type into one workspace with fresh servers that find no index."""
    early = contest.work(root, f"{contest.seed}/indexing")
    work = contest.work(root, contest.seed)
    with ExitStack() as stack:
        home = stack.enter_context(temporary_home())
        settings, log = dict(contest.settings), None
        if contest.stub is not None:
            url, log = stack.enter_context(running(contest.stub, home))
            settings |= as_settings(url)
        server = stack.enter_context(closing(contest.start(contest.server, root, home, settings)))
        floor = stack.enter_context(closing(contest.start(contest.floor, root, home)))
        player = Player(root, server, floor, measured, contest.speed)
        _type_while_indexing(server, Player(root, server, floor, measured, None), early, contest, measured)
        measured.forget_indexing()
        asked_early = len(calls(log)) if log else 0
        pid = server.client.process.pid
        before = cpu_seconds(pid)
        for done, trace in enumerate(player.play(work), 1):
            contest.on_progress(f"{trace.scenario} in {measured.name}", done / len(work))
            measured.cpu_seconds = _difference(cpu_seconds(pid), before)
        measured.cpu_seconds = _difference(cpu_seconds(pid), before)
        measured.calls = calls(log)[asked_early:] if log else ()
        measured.server_memory = read_memory(pid)
        if measured.server_memory is not None and measured.index_state == "ready":
            time.sleep(contest.rest_s)
            measured.server_at_rest = read_memory(pid)
            measured.indexer_at_rest = read_memory_of_children(pid)
        measured.index_bytes = _bytes_below(home)


def _type_while_indexing(
    server: Editor, player: Player, early: Sequence[Trace], contest: Contest, measured: Measured
) -> None:
    """Ask from the first moment on until the index is ready; take its time and the indexer's memory."""
    visits = player.play(cycle(early), indexing=True)
    keys = 0

    def meanwhile() -> None:
        nonlocal keys
        measured.index_state = "building"
        seen = read_memory_of_children(server.client.process.pid)
        measured.indexer_peak = _larger(measured.indexer_peak, seen)
        if keys < contest.keys:
            keys += len(next(visits).steps)
        else:
            time.sleep(POLL_S)

    index = wait_for_index(server, measured.name, contest.on_progress, meanwhile)
    measured.index_state = index.get("state", "not reported")
    if measured.index_state == "ready":
        measured.index_seconds = time.perf_counter() - server.client.started_at
        measured.index_files = index.get("files")


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _larger(one: Memory | None, other: Memory | None) -> Memory | None:
    both = [memory for memory in (one, other) if memory is not None]
    return max(both, key=lambda memory: memory.private_mb, default=None)


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # the indexer may just be tidying up
            total += path.stat().st_size if path.is_file() else 0
    return total


@contextmanager
def temporary_home() -> Iterator[Path]:
    """An empty folder for a server's settings and caches."""
    # A server's child may still be writing when the folder goes; what it leaves is the system's to sweep.
    with tempfile.TemporaryDirectory(prefix="pilotfish-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()
