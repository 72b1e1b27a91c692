"""What arrives on stdin: read by a thread, no further ahead than the server keeps up with."""

from __future__ import annotations

import asyncio
import io

from pilotfish.lsp.stdio import WAITING_PIECES, Incoming
from tests.models.stub_server import until


class Endless(io.RawIOBase):
    """Somebody who says `pieces` things, whether anybody listens or not."""

    def __init__(self, pieces: int) -> None:
        self.said, self.pieces = 0, pieces

    def read(self, size: int = -1, /) -> bytes:
        self.said += 1
        return b"x" if self.said <= self.pieces else b""


async def test_no_more_is_read_than_is_taken() -> None:
    pieces = 3 * WAITING_PIECES
    stdin, taken, ended = Endless(pieces), bytearray(), asyncio.Event()
    incoming = Incoming(stdin)  # type: ignore[arg-type]
    await until(lambda: stdin.said >= WAITING_PIECES)
    await asyncio.sleep(0.02)
    assert stdin.said == WAITING_PIECES
    incoming.call_back(asyncio.get_running_loop(), taken.extend, ended.set)
    await asyncio.wait_for(ended.wait(), 5)
    assert len(taken) == pieces
