"""The command `pilotfish.doctor` over the wire: a document, in any editor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.lsp.wire import Message, eventually, server_here

ECHO = {
    "backend": ["embedded", "demo", "nobody"],
    "backends": {"demo": {"kind": "echo", "options": {"chunks": ["a ", "+ b"]}}, "nobody": {"kind": "none"}},
    "completion": {"max_lines": "many"},
}


@pytest.mark.parametrize("can_show", [True, False])
async def test_the_report_is_shown_as_a_document(can_show: bool) -> None:
    window: Message = {"showDocument": {"support": True}, "workDoneProgress": True} if can_show else {}
    async with server_here() as (wire, _, _):
        wire.replies["window/showDocument"] = {"success": True}
        await wire.initialize(capabilities={"window": window}, initializationOptions=ECHO)
        answer = await wire.request("workspace/executeCommand", {"command": "pilotfish.doctor"})
        report, shown = answer["markdown"], Path(unquote(urlsplit(answer["uri"]).path))
        if can_show:
            await eventually(lambda: wire.questions)
            asked = [each["params"] for each in wire.questions if each["method"] == "window/showDocument"]
            assert [each["uri"] for each in asked] == [answer["uri"]]
        else:
            await eventually(lambda: str(shown) in str(wire.notifications))
    assert await asyncio.to_thread(shown.read_text, encoding="utf-8") == report
    assert report.startswith("# pilotfish doctor\n")
    assert "- ! **settings**: completion.max_lines: " in report
    assert "- ✗ **backend**: backend 'nobody': no kind 'none' is installed" in report
    assert "- ✓ demo, model: it fills a hole: def add(a, b): return a + b" in report
    assert "\n  - Correct this backend's table in the settings." in report


async def test_it_can_be_cancelled() -> None:
    slow = {"backend": ["demo"], "backends": {"demo": {"kind": "echo", "options": {"first_ms": 60_000}}}}
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=slow)
        due = wire.send("workspace/executeCommand", {"command": "pilotfish.doctor"}, msg_id="look")
        wire.notify("$/cancelRequest", {"id": "look"})
        assert (await due)["error"]["code"] == -32800
