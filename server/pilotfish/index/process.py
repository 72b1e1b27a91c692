"""The server's handle on the indexer process: starts it, tells it what changed, hears from it, ends it.

Completions never wait for it. If it dies it is started again, and goes on from its last commit.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotfish.index.event import IndexEvent, parse_event

if TYPE_CHECKING:
    from pilotfish.index.indexer import IndexLimits

__all__ = ["IndexEvent", "IndexerProcess"]

_log = logging.getLogger(__name__)

SWEEP_S = 30.0
"""Where the client does not watch files: the shortest time between two looks at all sizes and times."""

MAX_DEATHS = 5
_FIRST_DELAY_S = 0.2
_LONG_LIFE_S = 60.0
_STOP_GRACE_S = 2.0


class IndexerProcess:
    """One indexer for one workspace root. All methods belong to the event loop's thread.

    Args:
        root: the workspace folder.
        directory: of its index (`platform/paths.py: index_directory`).
        settings: the limits that hold.
        on_event: hears each `IndexEvent`, on the loop; must not raise.
        watched: whether somebody reports changed files; otherwise the indexer asks the system to tell of
            them, and looks for what that misses every 30 s, or more rarely so that this takes 2 % of one core
            at most.
    """

    def __init__(
        self,
        root: Path,
        directory: Path,
        settings: IndexLimits,
        on_event: Callable[[IndexEvent], None],
        *,
        watched: bool = False,
    ) -> None:
        self.root = root
        self.directory = directory
        self._settings = settings
        self._on_event = on_event
        self._watched = watched
        self._near: tuple[str, ...] = ()
        self._reports = 0
        self._child: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, near: Iterable[Path] = ()) -> None:
        """Begin; returns at once. `near`: open files, whose folders are indexed first."""
        self._near = self._folders(near)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep_running(), name=f"indexer of {self.root}")

    def changed(self, paths: Iterable[Path]) -> int:
        """These files were saved, created, deleted, or are either end of a rename. Others are passed over.

        Returns:
            the number of this report: events say which one they have `heard`.
        """
        relative = [path for path in map(self._relative, paths) if path is not None]
        if relative:
            self._reports += 1
            self._send({"do": "changed", "paths": relative, "number": self._reports})
        return self._reports

    def opened(self, file: Path) -> None:
        """A file was opened: what lies in its folder, and below, comes first from now on."""
        for folder in self._folders([file]):
            if folder not in self._near:
                self._near = (*self._near, folder)
                self._send({"do": "near", "folders": [folder]})

    def rescan(self) -> None:
        """Compare everything with the files as they are, and read the index through for damage."""
        self._send({"do": "scan"})

    def rebuild(self) -> None:
        """Throw the index away and build it anew. Also starts an indexer that was given up."""
        if self._task is not None and self._task.done():
            self._task = asyncio.create_task(self._keep_running(), name=f"indexer of {self.root}")
        self._on_event(IndexEvent("building"))
        self._send({"do": "rebuild"})

    @property
    def pid(self) -> int | None:
        """The child's, while it runs: for measuring it."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def aclose(self) -> None:
        """End the child; afterwards nothing of it is left."""
        if self._task is None:
            return
        task, self._task = self._task, None
        task.cancel()
        await asyncio.wait([task])

    async def _keep_running(self) -> None:
        deaths = 0
        while True:
            started = time.monotonic()
            try:
                code = await self._run_once()
            except OSError as error:
                text = f"cannot start the indexer: {error.strerror or error}"
                self._on_event(IndexEvent("failed", text=text, is_given_up=True))
                return
            deaths = 1 if time.monotonic() - started > _LONG_LIFE_S else deaths + 1
            _log.warning("The indexer of %s ended with code %s.", self.root, code)
            if deaths >= MAX_DEATHS:
                text = f"the indexer ended {deaths} times in a row; completions go on from the open files"
                self._on_event(IndexEvent("failed", text=text, is_given_up=True))
                return
            self._on_event(IndexEvent("building"))  # What it said last may have stopped being so.
            await asyncio.sleep(_FIRST_DELAY_S * 2**deaths)

    async def _run_once(self) -> int:
        """Run a child until it ends by itself; cancelled, end it."""
        child = await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            creationflags=_QUIET_AND_HUMBLE,
        )
        assert child.stdout is not None
        self._child = child
        try:
            async for line in child.stdout:
                event = parse_event(line)
                if event is not None:
                    self._on_event(event)
            return await child.wait()
        finally:
            self._child = None
            await _end(child)

    def _command(self) -> list[str]:
        """The child's command line.

        `-P` keeps the working folder, which may be a stranger's repository with a `numpy.py`, off its path.
        """
        settings = self._settings
        return [
            *(sys.executable, "-P", "-m", "pilotfish.index", str(self.root), str(self.directory)),
            f"--max-file-bytes={settings.max_file_bytes}",
            f"--max-tokens={settings.max_tokens}",
            f"--sweep-s={0 if self._watched else SWEEP_S}",
            f"--heard={self._reports}",
            *(() if self._watched else ("--watch",)),
            *(f"--exclude={glob}" for glob in settings.exclude),
            *(f"--near={folder}" for folder in self._near),
        ]

    def _send(self, command: dict[str, Any]) -> None:
        """Tell the child; one that does not run yet compares everything when it starts."""
        if self._child is not None and self._child.stdin is not None and self._child.returncode is None:
            self._child.stdin.write(json.dumps(command).encode() + b"\n")

    def _relative(self, path: Path) -> str | None:
        try:
            relative = path.relative_to(self.root)
        except ValueError:
            return None
        return relative.as_posix() if relative.parts else None

    def _folders(self, files: Iterable[Path]) -> tuple[str, ...]:
        relative = (path for path in map(self._relative, files) if path is not None)
        return tuple(dict.fromkeys(path.rpartition("/")[0] for path in relative))


if sys.platform == "win32":
    _QUIET_AND_HUMBLE = subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
else:
    _QUIET_AND_HUMBLE = 0  # The child lowers its own priority.


async def _end(child: asyncio.subprocess.Process) -> None:
    """Close its stdin, which asks it to end; kill it if it does not; reap it, also while being cancelled."""
    if child.stdin is not None:
        child.stdin.close()
    if child.returncode is None:
        await asyncio.shield(asyncio.ensure_future(_reap(child)))


async def _reap(child: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(_STOP_GRACE_S):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
