"""The process's own stdin and stdout as byte streams of the protocol, and of nobody else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import asyncio

_CHUNK_BYTES = 64 * 1024

WAITING_PIECES = 1024
"""No more is read than the server keeps up with: who sends without end fills his own memory, not ours."""


def take_stdio() -> tuple[BinaryIO, BinaryIO]:
    """Our stdin and stdout under new descriptors, unbuffered.

    The old ones lead nowhere and to stderr: neither a child process nor a stray `print` in a library can read
    or write the protocol.
    """
    sys.stdout.flush()
    stdin, stdout = os.dup(0), os.dup(1)
    if os.name == "posix":
        # A parent may leave its end non-blocking, and the mode belongs to both ends' shared description.
        os.set_blocking(stdin, True)
        os.set_blocking(stdout, True)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(stdin, "rb", 0), os.fdopen(stdout, "wb", 0)


class Incoming:
    """What arrives on a stream, read by a thread from the first moment on, and kept until it is asked for.

    The thread is a daemon's: a blocking read cannot be interrupted, and must not keep the process. It reads
    unbuffered, since Python may not close a buffered stream while another thread waits in it.

    Args:
        stdin: the stream.
        look: is shown each piece first, in the thread; and nothing, at the end.
    """

    def __init__(self, stdin: BinaryIO, look: Callable[[bytes], object] = lambda _: None) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._kept: list[bytes] = []
        self._room = threading.Semaphore(WAITING_PIECES)
        self._take = self._kept.append
        threading.Thread(target=self._read, args=(stdin,), name="stdin", daemon=True).start()

    def call_back(
        self,
        loop: asyncio.AbstractEventLoop,
        on_bytes: Callable[[bytes], object],
        on_end: Callable[[], object],
    ) -> None:
        """Call back in the loop with what has come and what comes, and once at the end."""

        def pass_on(data: bytes) -> None:
            self._room.release()
            on_bytes(data)

        def take(data: bytes) -> None:
            # The loop is closed once the server has ended: then nobody wants the rest.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(pass_on, data) if data else loop.call_soon_threadsafe(on_end)

        with self._lock:
            for data in self._kept:
                take(data)
            self._kept.clear()
            self._take = take

    def _read(self, stdin: BinaryIO) -> None:
        while True:
            self._room.acquire()
            try:
                data = stdin.read(_CHUNK_BYTES) or b""
            except (OSError, ValueError):
                data = b""  # As good as its end.
            self._look(data)
            with self._lock:
                self._take(data)
            if not data:
                return


def write_all(stdout: BinaryIO, data: bytes) -> None:
    """Write everything to an unbuffered stream.

    Raises:
        OSError: the reader has gone.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[stdout.write(rest) or 0 :]
