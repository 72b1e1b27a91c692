"""Each code action of a model, over stdio, with a model that a real llama.cpp server runs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from pilotfish.text.document import Range
from tests.actions.editor import CAPABILITIES, Editor, at, lines
from tests.lsp.wire import Message, eventually, server_here, server_process
from tests.models.llama_server import LlamaServer
from tests.models.tiny_gguf import CHAT_TEXT, ENDLESS_AFTER, FIM_TEXT

CODE = "def total(xs):\n    x = 1\n"
EMPTY = "def total(xs):\n    ...\n"
SAID = "total = sum(xs)\n"
"""What stands in the only block of `CHAT_TEXT`."""
PROBLEM = {
    "range": {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 5}},
    "message": "never used",
}


def options(llama: LlamaServer, **custom: Message) -> Message:
    return {
        "index": {"enabled": False},
        "backend": ["embedded", "local"],
        "backends": {"local": {"kind": "llama.cpp", "url": llama.url}},
        "actions": {"custom": custom},
    }


def shown_text(asked: Message) -> str:
    return Path(asked["params"]["uri"].removeprefix("file://")).read_text()


class Case(NamedTuple):
    """An action, and what the text is after it."""

    title: str
    place: Range
    after: str
    before: str = CODE
    refused: str = ""
    shows: str = ""


CASES = [
    Case("Fix: never used", at(1, 4), SAID),
    Case("Implement total", at(0, 4), SAID, before=EMPTY),
    Case("Simplify", lines(0, 2), SAID),
    Case("Edit the selection", lines(1, 2), CODE.replace("x = 1\n", SAID)),
    Case("Mine", lines(1, 2), CODE.replace("x = 1\n", SAID)),
    Case("Document total", at(0, 4), CODE, refused="only comments", shows=CHAT_TEXT),
    Case("Write tests for total", at(0, 4), CODE),
    Case("Explain total", at(0, 4), CODE, shows=CHAT_TEXT),
    Case("Complete from here", at(1), f"def total(xs):\n{FIM_TEXT}", before="def total(xs):\n"),
]


async def test_each_action_over_stdio(llama: LlamaServer, tmp_path: Path) -> None:
    asking = {**CAPABILITIES, "experimental": {"pilotfish": {"ask": True}}}
    own = {"title": "Mine", "task": "Do it.", "scope": "selection"}
    async with server_process() as (wire, _):
        wire.replies["pilotfish/ask"] = "shorter"
        await wire.initialize(
            tmp_path,
            capabilities=asking,
            clientInfo={"name": "t"},
            initializationOptions=options(llama, own=own),
        )
        editor = Editor(wire)
        for number, case in enumerate(CASES):
            uri = (tmp_path / f"part{number}.py").as_uri()
            editor.open(uri, case.before)
            asked = len(wire.questions)
            problems = [PROBLEM] if case.title.startswith("Fix") else []
            answer = await editor.do(await editor.action(uri, case.place, case.title, diagnostics=problems))
            assert editor.texts[uri] == case.after, case.title
            assert case.refused in answer.get("error", {}).get("message", ""), case.title
            assert ("error" in answer) == bool(case.refused), (case.title, answer)
            shown = [each for each in wire.questions[asked:] if each["method"] == "window/showDocument"]
            assert [case.shows in shown_text(each) for each in shown] == ([True] if case.shows else [])
        (made,) = editor.created
        assert editor.texts[made] == SAID
        traces = await wire.request("pilotfish/trace", {"last": 20})
        of_models = [trace["backend"] for trace in traces if trace["stages"][0]["stage"] == "choose"]
        assert of_models == ["local"] * (len(CASES) - 1)
        await eventually(lambda: not llama.busy_slots())
        await wire.leave()


@pytest.mark.parametrize("how", ["$/cancelRequest", "window/workDoneProgress/cancel"])
async def test_cancelling_frees_the_servers_slot(llama: LlamaServer, how: str) -> None:
    endless = {"task": f"Say {ENDLESS_AFTER}", "context": False}
    uri = "file:///workspace/a.py"
    async with server_here() as (wire, _, _):
        await wire.initialize(
            capabilities=CAPABILITIES,
            clientInfo={"name": "t"},
            initializationOptions=options(llama, endless=endless),
        )
        editor = Editor(wire)
        editor.open(uri, CODE)
        command = (await editor.action(uri, lines(0, 1), "endless"))["command"]
        params = {"command": command["command"], "arguments": command["arguments"], "workDoneToken": "mine"}
        due = wire.send("workspace/executeCommand", params, msg_id="work")
        await eventually(llama.busy_slots)
        wire.notify(how, {"id": "work", "token": "mine"})
        assert (await wire.answer(due))["error"]["code"] == -32800
        await eventually(lambda: not llama.busy_slots())
        assert editor.texts[uri] == CODE
