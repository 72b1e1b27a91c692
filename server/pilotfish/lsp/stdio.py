"""The process's own stdin and stdout as byte streams of the protocol, and of nobody else."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

_CHUNK_BYTES = 64 * 1024


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


def start_reading(stdin: BinaryIO, on_bytes: Callable[[bytes], object], on_end: Callable[[], object]) -> None:
    """Call back in the running loop with what arrives, and once at the end.

    The thread is a daemon's: a blocking read cannot be interrupted, and must not keep the process. It reads
    unbuffered, since Python may not close a buffered stream while another thread waits in it.
    """
    loop = asyncio.get_running_loop()

    def read() -> None:
        # The loop is closed once the server has ended: then nobody wants the rest.
        with suppress(RuntimeError):
            try:
                while data := stdin.read(_CHUNK_BYTES):
                    loop.call_soon_threadsafe(on_bytes, data)
            except (OSError, ValueError):
                pass  # As good as its end.
            loop.call_soon_threadsafe(on_end)

    threading.Thread(target=read, name="stdin", daemon=True).start()


def write_all(stdout: BinaryIO, data: bytes) -> None:
    """Write everything to an unbuffered stream.

    Raises:
        OSError: the reader has gone.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[stdout.write(rest) or 0 :]
