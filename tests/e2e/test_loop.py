"""Nothing holds the event loop: measured in its thread's CPU time, which a busy machine does not stretch."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, BinaryIO, cast

import pytest

from pilotfish.lsp.serve import serve
from pilotfish.lsp.stdio import Incoming
from tests.lsp.wire import Wire

LIMIT_MS = 20.0
URI = "file:///workspace/large.py"
LINE = "    result_{0} = compute_total(value_{0}, other={1})  # 合計\n"
LINES = 18_000
OPTIONS = {"index": {"enabled": False}, "completion": {"min_confidence": 0}}


@contextmanager
def lag_probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, float]]:
    """The longest that a callback held the loop of a thread, by the thread's name, in ms of its CPU time."""
    longest: dict[str, float] = {}
    run = asyncio.events.Handle._run

    def timed(handle: asyncio.events.Handle) -> None:
        started = time.thread_time()
        run(handle)
        spent_ms = (time.thread_time() - started) * 1000
        name = threading.current_thread().name
        longest[name] = max(longest.get(name, 0.0), spent_ms)

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.events.Handle, "_run", timed)
        yield longest


@asynccontextmanager
async def server_in_a_thread() -> AsyncIterator[Wire]:
    """A server with a loop and a thread of its own, named `server`."""
    ours, theirs = socket.socketpair()
    stdin, stdout = cast(BinaryIO, theirs.makefile("rb", 0)), cast(BinaryIO, theirs.makefile("wb", 0))
    thread = threading.Thread(target=serve, args=(Incoming(stdin), stdout), name="server")
    # As `pilotfish serve` does: else a collection looks through all that other tests have left as well.
    gc.collect()
    gc.freeze()
    thread.start()
    wire = Wire(*await asyncio.open_connection(sock=ours))
    try:
        yield wire
    finally:
        wire.end_input()
        await asyncio.to_thread(thread.join)
        theirs.shutdown(socket.SHUT_RDWR)
        await wire.ended()
        for stream in (stdin, stdout, theirs):
            stream.close()
        gc.unfreeze()


def edit(line: int, text: str) -> dict[str, Any]:
    place = {"line": line, "character": 0}
    return {"range": {"start": place, "end": place}, "text": text}


async def test_a_hundred_edits_of_a_megabyte_while_completions_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "".join(LINE.format(number, number % 97) for number in range(LINES))
    assert len(text.encode()) > 1_000_000
    async with server_in_a_thread() as wire:
        await wire.initialize(initializationOptions=OPTIONS)
        wire.open(URI, "warm = 1\nwarm = ")
        await wire.answer(wire.complete(URI, 1, 7))  # Lazy parts are made once.
        wire.open(URI, text, version=2)
        with lag_probe(monkeypatch) as longest:
            due = []
            for number in range(100):
                document = {"uri": URI, "version": number + 3}
                changes = [edit(number * 171, f"pasted_{number} = [\n    {number},\n]\n")]
                wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
                due.append(wire.complete(URI, number * 171 + 1, 4))
            document = {"uri": URI, "version": 500}
            changes = [edit(number * 171, f"again_{number} = 1\n") for number in range(100)]
            wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
            due.append(wire.complete(URI, 5, 4))
            answers = [await wire.answer(each) for each in due]
            status = await wire.request("pilotfish/status")
        assert all("result" in answer for answer in answers)
        assert answers[-1]["result"] is not None
        assert status["state"] == "ready"
        assert longest["server"] < LIMIT_MS
