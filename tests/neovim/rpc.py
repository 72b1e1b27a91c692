"""A program that speaks MessagePack-RPC on its stdin and stdout, as Neovim does when it is embedded.

Every request has a deadline: a Neovim that waits for the user to press Enter answers none.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]

DEADLINE_S = 20.0


class RpcError(Exception):
    """The other side answered with an error, not at all, or has gone."""


def _handle(_kind: int, data: bytes) -> int:
    """Of a buffer, window or tab page: its number."""
    number: int = msgpack.unpackb(data)
    return number


class Rpc:
    """Messages are read by a thread, notifications handled there, in their order.

    Attributes:
        changed: notified after each message; whoever waits for what notifications bring, waits on it.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        folder: Path,
        notified: Callable[[str, list[Any], float], None],
    ) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), cwd=folder
        )
        self.changed = threading.Condition()
        self._notified = notified
        self._answers: dict[int, tuple[Any, Any]] = {}
        self._sent = 0
        self._is_open = True
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def request(self, method: str, *arguments: Any) -> Any:
        """The answer.

        Raises:
            RpcError: with what the other side says.
        """
        self._sent += 1
        number = self._sent
        self._write([0, number, method, arguments])
        with self.changed:
            came = self.changed.wait_for(lambda: number in self._answers or not self._is_open, DEADLINE_S)
            if number not in self._answers:
                raise RpcError(f"{method}: {'no answer' if not came else 'the program has ended'}")
            error, result = self._answers.pop(number)
        if error is not None:
            raise RpcError(f"{method}: {error[1] if isinstance(error, list) else error}")
        return result

    def notify(self, method: str, *arguments: Any) -> None:
        self._write([2, method, arguments])

    def close(self) -> None:
        """End the program, however it feels about that."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()

    def _write(self, message: list[Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(msgpack.packb(message))
            self.process.stdin.flush()
        except OSError as error:
            raise RpcError(f"{message[-2]}: {error}") from error

    def _read(self) -> None:
        assert self.process.stdout is not None
        unpacker = msgpack.Unpacker(
            raw=False, strict_map_key=False, unicode_errors="surrogateescape", ext_hook=_handle
        )
        while piece := os.read(self.process.stdout.fileno(), 1 << 16):
            at = time.perf_counter()
            unpacker.feed(piece)
            with self.changed:
                for message in unpacker:
                    if message[0] == 1:
                        self._answers[message[1]] = (message[2], message[3])
                    elif message[0] == 2:
                        self._notified(message[1], message[2], at)
                self.changed.notify_all()
        with self.changed:
            self._is_open = False
            self.changed.notify_all()
