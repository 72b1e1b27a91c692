"""Changes that are shown before they are made, and actions that ask the user something."""

from __future__ import annotations

from typing import Any

import pytest

from pilotfish.text.edit import Edit
from tests.actions.editor import CAPABILITIES, Editor, at, lines, scripted
from tests.lsp.test_actions import AFTER, ANSWER, BEFORE, FUNCTION, URI, echo_of
from tests.lsp.wire import Message, Wire, server_here

PREVIEWS = {**CAPABILITIES, "experimental": {"pilotfish": {"editPreview": True, "ask": True}}}


async def editor_on(wire: Wire, **options: Any) -> Editor:
    await wire.initialize(
        capabilities=PREVIEWS, clientInfo={"name": "test"}, initializationOptions=scripted(*ANSWER, **options)
    )
    editor = Editor(wire)
    editor.open(URI, BEFORE)
    return editor


def previews(wire: Wire) -> list[Message]:
    return [each["params"] for each in wire.notifications if each["method"] == "pilotfish/edit/preview"]


def complete_ones(wire: Wire) -> list[Message]:
    return [each for each in previews(wire) if each["state"] == "complete"]


@pytest.mark.parametrize("answer", ["accept", "reject"])
async def test_a_change_is_made_when_it_is_accepted_and_not_before(answer: str) -> None:
    async with server_here() as (wire, server, _):
        editor = await editor_on(wire)
        command = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params)
        (shown, *_) = await wire.until(lambda: complete_ones(wire))
        assert shown["edits"] == [
            {
                "range": {"start": {"line": 4, "character": 27}, "end": {"line": 4, "character": 36}},
                "newText": "**2",
            }
        ]
        assert shown["textDocument"] == {"uri": URI, "version": 1}
        assert editor.texts[URI] == BEFORE
        editor.type(URI, [Edit(at(0), "import os\n")])
        moved = await wire.until(
            lambda: [each for each in complete_ones(wire) if each["edits"] != shown["edits"]]
        )
        assert moved[-1]["edits"][0]["range"]["start"]["line"] == 5
        assert await wire.request(f"pilotfish/edit/{answer}", {"id": shown["id"]}) is None
        came = await wire.answer(due)
        if answer == "accept":
            assert came["result"] == {"applied": True}
            assert editor.texts[URI] == "import os\n" + AFTER
        else:
            assert came["result"] == {"applied": False}
            assert editor.texts[URI] == "import os\n" + BEFORE
        await wire.until(lambda: previews(wire)[-1] == {"id": shown["id"], "state": "gone"})
        assert not server.previews
        assert await wire.error("pilotfish/edit/accept", {"id": shown["id"]}) == -32602


async def test_an_edit_inside_ends_the_preview() -> None:
    async with server_here() as (wire, server, _):
        editor = await editor_on(wire)
        command = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params)
        await wire.until(lambda: complete_ones(wire))
        editor.type(URI, [Edit(at(4), "    # mine\n")])
        assert "You edited" in (await wire.answer(due))["error"]["message"]
        assert not server.previews
        assert echo_of(server).open_streams == 0


@pytest.mark.parametrize("said", ["make it shorter", None])
async def test_an_instruction_is_asked_for_where_the_client_can(said: str | None) -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire)
        wire.replies["pilotfish/ask"] = said
        action = await editor.action(URI, lines(3, 5), "Edit")
        command = action["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params)
        (asked,) = await wire.until(
            lambda: [each for each in wire.questions if each["method"] == "pilotfish/ask"]
        )
        assert asked["params"] == {"question": action["title"]}
        assert "{name}" not in action["title"]
        if said is None:
            assert (await wire.answer(due))["result"] == {"applied": False}
            return
        shown = await wire.until(lambda: complete_ones(wire))
        await wire.request("pilotfish/edit/accept", {"id": shown[0]["id"]})
        assert (await wire.answer(due))["result"] == {"applied": True}


async def test_who_cannot_ask_is_not_offered_to() -> None:
    async with server_here() as (wire, _server, _task):
        await wire.initialize(
            capabilities=CAPABILITIES, clientInfo={"name": "t"}, initializationOptions=scripted(*ANSWER)
        )
        editor = Editor(wire)
        editor.open(URI, BEFORE)
        titles = [action["title"] for action in await editor.actions(URI, FUNCTION)]
        assert not [title for title in titles if title.startswith("Edit")]


async def test_what_would_look_the_same_is_not_shown_again() -> None:
    async with server_here() as (wire, _, _):
        options = scripted("```python\n", *AFTER[AFTER.index("def") : AFTER.index("\n\n\nprint")], "\n```\n")
        await wire.initialize(
            capabilities=PREVIEWS, clientInfo={"name": "test"}, initializationOptions=options
        )
        editor = Editor(wire)
        editor.open(URI, BEFORE)
        command = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        due = wire.send("workspace/executeCommand", params)
        (last, *_) = await wire.until(lambda: complete_ones(wire))
        await wire.request("pilotfish/edit/accept", {"id": last["id"]})
        assert (await wire.answer(due))["result"] == {"applied": True}
        growing = [each for each in previews(wire) if each["state"] == "growing"]
        assert 1 <= len(growing) <= 3
        assert editor.texts[URI] == AFTER
