"""Code actions of a model that a real llama.cpp server runs."""

from __future__ import annotations

from pathlib import Path

from tests.actions.editor import CAPABILITIES, Editor, lines
from tests.lsp.wire import Message, eventually, server_here
from tests.models.llama_server import LlamaServer
from tests.models.tiny_gguf import CHAT_TEXT, ENDLESS_AFTER

URI = "file:///workspace/a.py"
CODE = "x = 1\n"


def options(llama: LlamaServer, **custom: Message) -> Message:
    return {
        "index": {"enabled": False},
        "backend": ["embedded", "local"],
        "backends": {"local": {"kind": "llama.cpp", "url": llama.url}},
        "actions": {"custom": custom},
    }


def shown_text(asked: Message) -> str:
    return Path(asked["params"]["uri"].removeprefix("file://")).read_text()


async def test_what_the_model_says_is_shown_and_applied_to_the_letter_only(llama: LlamaServer) -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(
            capabilities=CAPABILITIES, clientInfo={"name": "t"}, initializationOptions=options(llama)
        )
        editor = Editor(wire)
        editor.open(URI, CODE)
        answer = await editor.do(await editor.action(URI, lines(0, 1), "Simplify"))
        # This model goes on talking on the line of the closing fence.
        assert "several pieces" in answer["error"]["message"]
        assert editor.texts[URI] == CODE
        explained = await editor.do(await editor.action(URI, lines(0, 1), "Explain"))
        assert explained["result"] == {"applied": False}
    refused, explanation = [
        shown_text(asked) for asked in wire.questions if asked["method"] == "window/showDocument"
    ]
    assert CHAT_TEXT in refused
    assert explanation == CHAT_TEXT


async def test_cancelling_frees_the_servers_slot(llama: LlamaServer) -> None:
    endless = {"task": f"Say {ENDLESS_AFTER}", "context": False}
    async with server_here() as (wire, _, _):
        await wire.initialize(
            capabilities=CAPABILITIES,
            clientInfo={"name": "t"},
            initializationOptions=options(llama, endless=endless),
        )
        editor = Editor(wire)
        editor.open(URI, CODE)
        command = (await editor.action(URI, lines(0, 1), "endless"))["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params, msg_id="work")
        await eventually(llama.busy_slots)
        wire.notify("$/cancelRequest", {"id": "work"})
        assert (await wire.answer(due))["error"]["code"] == -32800
        await eventually(lambda: not llama.busy_slots())
        assert editor.texts[URI] == CODE
