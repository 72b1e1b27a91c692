"""The indexer process: `python -m pilotfish.index ROOT DIRECTORY`, a child of the server at low priority.

It reads commands and writes events, each a line of JSON. Commands on stdin:

    {"do": "near", "folders": ["src/app"]}  files are open there: they come first when files are read
    {"do": "scan"}                          compare and check everything
    {"do": "changed", "paths": ["a/b.py"], "number": 7}  these files (relative to the root) were saved, …
    {"do": "rebuild"}                       throw the index away and build it anew
    {"do": "stop"}                          as does the end of stdin: it never outlives its server

Events on stdout (`index/event.py`): `building`, at most ten a second; `ready` after every commit that ends a
piece of work; `failed` with a sentence, after which it goes on trying; `waiting` while another process writes
this index.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pilotfish.errors import CatalogDamaged, IndexBusy, IndexFault
from pilotfish.index.event import IndexEvent, write_event
from pilotfish.index.inbox import Inbox, Stopped, listen
from pilotfish.index.indexer import Indexer, Progress
from pilotfish.index.manifest import Manifest, load
from pilotfish.index.store import Store
from pilotfish.index.watching import watching
from pilotfish.platform.freed_memory import give_freed_memory_back
from pilotfish.platform.logging import log_to

_PROGRESS_INTERVAL_S = 0.1
_LOCK_RETRY_S = 1.0
_FAULT_RETRY_S, _LONGEST_RETRY_S = 1.0, 30.0
"""After a fault it waits so long, each time twice as long as the last, unless all went well meanwhile."""
_CATALOG = ""
"""Stands for the catalog among the names of segments that are to be checked."""

_SWEEP_SHARE = 0.02
"""A sweep for changes that nobody reported may take at most this share of the time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server's `IndexSettings` say, as the command line carries it."""

    max_file_bytes: int
    max_tokens: int
    exclude: tuple[str, ...]


class Worker:
    """Keeps one index up to date until it is told to stop.

    Args:
        root: the workspace folder.
        directory: of its index.
        limits: from the settings.
        sweep_s: the shortest time between two sweeps for changes that nobody reported; 0: none.
        out: where events go.

    Attributes:
        has_looked: set once the files of the root have been listed for the first time.
    """

    def __init__(self, root: Path, directory: Path, limits: Limits, sweep_s: float, out: IO[bytes]) -> None:
        self.inbox = Inbox()
        self.has_looked = threading.Event()
        self.root = root
        self._directory = directory
        self._limits = limits
        self._sweep_s = sweep_s
        self._out = out
        self._told = IndexEvent("building")
        self._told_at = 0.0
        self._sweep_at = 0.0
        self._taken = 0
        self._unchecked: list[str] = []

    def run(self) -> None:
        """Until the command to stop."""
        wait_s = _FAULT_RETRY_S
        with suppress(Stopped):
            while True:
                try:
                    with Store(self.root, self._directory) as store:
                        self._keep(store)
                except IndexBusy:
                    self._tell(self._waiting())
                    self._rest(_LOCK_RETRY_S)
                except IndexFault as fault:
                    wait_s = _FAULT_RETRY_S if self._told.state == "ready" else wait_s
                    self._tell(IndexEvent("failed", text=str(fault)))
                    self._rest(wait_s)
                    wait_s = min(2 * wait_s, _LONGEST_RETRY_S)

    def _waiting(self) -> IndexEvent:
        """How far the process that writes this index is."""
        try:
            manifest = load(self._directory) or Manifest()
        except IndexFault as fault:
            return IndexEvent(
                "failed", text=f"{fault}, and the pilotfish that keeps it still runs: end that one"
            )
        if not manifest.is_complete:
            return IndexEvent("waiting", manifest.files)
        return IndexEvent("waiting", manifest.files, manifest.files, manifest.generation)

    def _rest(self, seconds: float) -> None:
        """Do nothing for a while, unless a new index is asked for. A scan follows: changes are not kept."""
        until = time.monotonic() + seconds
        while not self.inbox.rebuild and time.monotonic() < until:
            self.inbox.wait(max(0.0, until - time.monotonic()))
            self._take_changed()

    def _take_changed(self) -> set[str]:
        """The files that were reported since the last time."""
        paths, self.inbox.changed, self._taken = self.inbox.changed, set(), self.inbox.heard
        return paths

    def _keep(self, store: Store) -> None:
        """Keep an open store up to date; returns when the store should be opened anew."""
        indexer = Indexer(store, self._limits, self._progress, lambda: self._between(indexer))
        self.inbox.scan = self.inbox.check = True
        while store.is_current:
            try:
                self._do_next(store, indexer)
            except CatalogDamaged as fault:
                store.renew_catalog(fault)
                self.inbox.scan = True
            self.inbox.look()

    def _do_next(self, store: Store, indexer: Indexer) -> None:
        """One piece of what is to be done, the most urgent first."""
        if self.inbox.check:
            self.inbox.check, self._unchecked = False, [_CATALOG, *store.segments]
        if self.inbox.rebuild:
            self.inbox.rebuild, self.inbox.scan = False, True
            store.discard()
        elif self.inbox.changed:
            self._apply(store, indexer)
        elif self.inbox.scan:
            self._scan(store, indexer)
        elif self._unchecked:
            self._check(store, self._unchecked.pop())
        elif not self._tidy(store, indexer):
            self._wait_for_work()

    def _check(self, store: Store, name: str) -> None:
        """Read a segment, or the catalog, through for damage."""
        if name != _CATALOG:
            self.inbox.scan = not store.verify(name)
        elif not store.catalog.check(self.inbox.has_news):
            self._unchecked.append(name)

    def _tidy(self, store: Store, indexer: Indexer) -> bool:
        """One step of background work, what was saved meanwhile first; False if there is nothing to do."""
        started = time.monotonic()
        is_done = indexer.tidy()
        if self._told.heard < self._taken:
            self._tell_ready(store, indexer, time.monotonic() - started)
        return is_done

    def _wait_for_work(self) -> None:
        give_freed_memory_back()
        if not self._sweep_s:
            self.inbox.wait()
            return
        self.inbox.wait(max(0.0, self._sweep_at - time.monotonic()))
        self.inbox.scan |= time.monotonic() >= self._sweep_at

    def _scan(self, store: Store, indexer: Indexer) -> None:
        started, before = time.monotonic(), (store.manifest, store.catalog.commits)
        self.inbox.scan = False
        self._take_changed()  # None are left by now, unless this process began after the report.
        try:
            indexer.scan(self._near)
        except OSError as error:
            raise IndexFault(f"cannot read the folder {self.root}: {error.strerror or error}") from error
        took_s = time.monotonic() - started
        self._sweep_at = time.monotonic() + max(self._sweep_s, took_s / _SWEEP_SHARE)
        # A sweep that found nothing is no news.
        is_news = (
            (store.manifest, store.catalog.commits) != before
            or self._told.state != "ready"
            or bool(self.inbox.noticed)
        )
        if is_news or self._told.heard < self._taken:
            self._tell_ready(store, indexer, took_s)

    def _near(self) -> tuple[str, ...]:
        self.inbox.look()
        return self.inbox.near

    def _apply(self, store: Store, indexer: Indexer) -> None:
        started = time.monotonic()
        if indexer.apply(self._take_changed()):
            self._tell_ready(store, indexer, time.monotonic() - started)
        else:
            self.inbox.scan = True

    def _between(self, indexer: Indexer) -> None:
        """Between two commits of a long scan, what the user saved meanwhile goes first."""
        self.inbox.look()
        paths = self._take_changed()
        if paths and not indexer.apply(paths):
            self.inbox.scan = True

    def _progress(self, progress: Progress) -> None:
        self.has_looked.set()
        self.inbox.look()
        now = time.monotonic()
        if progress.files < progress.total and now - self._told_at >= _PROGRESS_INTERVAL_S:
            self._tell(IndexEvent("building", progress.files, progress.total))

    def _tell_ready(self, store: Store, indexer: Indexer, seconds: float) -> None:
        manifest = store.manifest
        noticed, self.inbox.noticed = self.inbox.noticed, set()
        self._tell(
            IndexEvent(
                "ready",
                files=len(store.known),
                total=len(store.known),
                generation=manifest.generation,
                text=indexer.skipped_in_words(),
                tokens=manifest.tokens,
                size_bytes=manifest.size_bytes,
                seconds=round(seconds, 3),
                heard=0 if self.inbox.scan else self._taken,  # A scan to come may be what a report asked for.
                noticed=tuple(sorted(noticed)),
            )
        )

    def _tell(self, event: IndexEvent) -> None:
        if event == self._told and event.state != "ready":
            return
        self._told, self._told_at = event, time.monotonic()
        try:
            write_event(self._out, event)
        except OSError as error:  # The server is gone.
            raise Stopped from error


def main(arguments: list[str]) -> int:
    """Run the indexer process."""
    parser = argparse.ArgumentParser(prog="python -m pilotfish.index", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--max-file-bytes", type=int, default=1_000_000)
    parser.add_argument("--max-tokens", type=int, default=60_000_000)
    parser.add_argument("--exclude", action="append", default=[])
    parser.add_argument("--near", action="append", default=[])
    parser.add_argument("--sweep-s", type=float, default=0.0)
    parser.add_argument("--heard", type=int, default=0)
    parser.add_argument("--watch", action="store_true")
    options = parser.parse_args(arguments)
    log_to(level="warning")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, whose end ends this too.
    limits = Limits(options.max_file_bytes, options.max_tokens, tuple(options.exclude))
    worker = Worker(options.root.resolve(), options.directory, limits, options.sweep_s, sys.stdout.buffer)
    worker.inbox.near = tuple(options.near)
    worker.inbox.heard = options.heard  # What was reported before this process began, the first scan finds.
    # A file object of its own: Python aborts at its end where a thread still reads the one it closes then.
    commands = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115
    threading.Thread(target=listen, args=(commands, worker.inbox), daemon=True).start()
    ears = (
        watching(worker.root, limits.exclude, worker.inbox, worker.has_looked)
        if options.watch
        else nullcontext()
    )
    with ears:
        worker.run()
    return 0
