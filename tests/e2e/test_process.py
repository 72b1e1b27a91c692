"""A real `pilotfish serve`: how it starts, what it writes where, and that it never stays behind."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from pilotfish.lsp.parent import exists
from tests.lsp.wire import TIMEOUT_S, eventually, server_process

MARKER = "zanzibar_marker"
TEXT = (
    f"def {MARKER}(left, right):\n    return left + right\n\n\nvalue = {MARKER}(1, 2)\nother = {MARKER[:9]}"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "a.py").write_text(TEXT)
    return root


def children_of(pid: int) -> list[int]:
    """The process's own children; Linux alone tells."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


async def indexer_of(process: asyncio.subprocess.Process) -> int:
    await eventually(lambda: children_of(process.pid))
    return children_of(process.pid)[0]


async def check_ended(process: asyncio.subprocess.Process, indexer: int, code: int) -> None:
    async with asyncio.timeout(TIMEOUT_S):
        assert await process.wait() == code
    await eventually(lambda: not exists(indexer))


async def test_a_whole_session_writes_the_protocol_only_and_logs_no_source(workspace: Path) -> None:
    uri = (workspace / "a.py").as_uri()
    async with server_process() as (wire, process):
        await wire.initialize(workspace, initializationOptions={"completion": {"min_confidence": 0}})
        indexer = await indexer_of(process)
        wire.open(uri, TEXT)
        answer = await wire.answer(wire.complete(uri, 5, 17))
        assert any(MARKER in item["insertText"] for item in answer["result"]["items"])
        wire.notify("textDocument/didChange", {"textDocument": {"uri": uri}, MARKER: MARKER})
        wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}, "text": TEXT})
        wire.body(MARKER.encode())
        await wire.answer(wire.expect(None))
        assert await wire.error("textDocument/inlineCompletion", {MARKER: MARKER}) == -32602
        assert await wire.error("workspace/executeCommand", {"command": MARKER}) == -32602
        await wire.leave()
        await check_ended(process, indexer, 0)
        assert process.stderr
        log = (await process.stderr.read()).decode()
        assert "is not JSON" in log
        assert MARKER not in log
        assert "Traceback" not in log


async def test_end_of_input_ends_the_server_and_its_children(workspace: Path) -> None:
    async with server_process() as (wire, process):
        await wire.initialize(workspace)
        indexer = await indexer_of(process)
        wire.end_input()
        await wire.ended()
        await check_ended(process, indexer, 1)


@pytest.mark.parametrize(
    "half", [b"", b"Content-Le", b"Content-Length: 90\r\n\r\n{", b"Content-Length: 9\r\n"]
)
async def test_half_a_message_and_then_silence_and_the_end(half: bytes) -> None:
    async with server_process() as (wire, process):
        wire.raw(half)
        wire.end_input()
        await wire.ended()
        assert await process.wait() == 1


async def test_a_killed_server_leaves_no_indexer(workspace: Path) -> None:
    async with server_process() as (wire, process):
        await wire.initialize(workspace)
        indexer = await indexer_of(process)
        process.kill()
        await check_ended(process, indexer, -9)
        await wire.ended()


async def test_the_server_leaves_when_its_editor_has_gone(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pipes stay open, as they do where another process has inherited them."""
    editor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    async with server_process() as (wire, process):
        await wire.initialize(workspace, processId=editor.pid)
        indexer = await indexer_of(process)
        assert editor.stdin
        editor.stdin.close()
        await editor.wait()
        await check_ended(process, indexer, 1)
        await wire.ended()


async def test_a_process_id_that_cannot_be_seen_from_here_is_no_reason_to_leave() -> None:
    async with server_process() as (wire, process):
        await wire.initialize(processId=2**22 + 1)
        assert (await wire.request("pilotfish/status"))["state"] == "ready"
        await wire.leave()
        assert await process.wait() == 0


async def test_the_first_answer_needs_no_index(workspace: Path) -> None:
    """Open files are completed from before there is any index: here there never is one, nor an indexer."""
    uri = (workspace / "b.py").as_uri()
    async with server_process() as (wire, process):
        await wire.initialize(workspace, initializationOptions={"index": {"enabled": False}})
        wire.open(uri, TEXT)
        answer = await wire.answer(wire.complete(uri, 5, 17))
        assert any(MARKER in item["insertText"] for item in answer["result"]["items"])
        assert not children_of(process.pid)
        await wire.leave()
