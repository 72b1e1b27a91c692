"""What the indexer process has been told and not yet done: commands from stdin, joined."""

from __future__ import annotations

import json
import os
import queue
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

_STOP_GRACE_S = 1.0
_SETTLE_S = 0.05
"""A changed file seldom comes alone (a branch switch brings thousands): they are put in one commit."""
_MAX_SETTLE_S = 0.5
"""A stream of changes without a pause is dealt with this often."""


class Stopped(Exception):
    """The server asked the indexer to end."""


class Inbox:
    """Commands that have come and not been dealt with, joined: what matters is what is to be done.

    Attributes:
        near: folders of files that are or were open, relative to the root.
        heard: the number of the last report of changed files among them.
        noticed: changed files that the server reads as well, heard of by ourselves (`watching.py`).
    """

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.heard = 0
        self.noticed: set[str] = set()
        self.near: tuple[str, ...] = ()
        self.scan = False
        self.check = False
        self.rebuild = False
        self._lines: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def put(self, command: dict[str, Any]) -> None:
        """Called by the threads that read stdin and that watch the files."""
        self._lines.put(command)

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for a command, at most `timeout_s`, and take it and those that come right after it.

        Raises:
            Stopped: one of them was to stop.
        """
        with suppress(queue.Empty):
            self._take(self._lines.get(timeout=timeout_s))
            until = time.monotonic() + _MAX_SETTLE_S
            while time.monotonic() < until:
                self._take(self._lines.get(timeout=_SETTLE_S))

    def has_news(self) -> bool:
        """Whether a command has come that was not taken yet."""
        return not self._lines.empty()

    def look(self) -> None:
        """Take what has come, without waiting. Raises `Stopped`."""
        with suppress(queue.Empty):
            while True:
                self._take(self._lines.get_nowait())

    def _take(self, command: dict[str, Any]) -> None:
        match command.get("do"):
            case "stop":
                raise Stopped
            case "scan":
                self.scan = self.check = True
            case "near":
                self.near = tuple(dict.fromkeys((*self.near, *map(str, command.get("folders", ())))))
            case "sweep":
                self.scan = True
            case "rebuild":
                self.rebuild = True
            case "changed":
                self.changed.update(map(str, command.get("paths", ())))
                self.noticed.update(command.get("noticed", ()))
                if isinstance(number := command.get("number"), int):
                    self.heard = number


def listen(commands: IO[bytes], inbox: Inbox) -> None:
    """Read commands to the end, then see to it that the process ends, whatever it is busy with.

    Being killed at any moment is what the index is made for, so there is nothing to wait for longer.
    """
    for command in _parse(commands):
        inbox.put(command)
    inbox.put({"do": "stop"})
    time.sleep(_STOP_GRACE_S)
    os._exit(0)


def _parse(lines: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError):
            command = json.loads(line)
            if isinstance(command, dict):
                yield command
                if command.get("do") == "stop":
                    return
