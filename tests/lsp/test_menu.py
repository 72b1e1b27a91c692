"""Completions in the ordinary menu, for editors that know no ghost text; and the document that explains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.test_completion import URI, scripted
from tests.lsp.wire import server_here

INLINE: dict[str, Any] = {"textDocument": {"inlineCompletion": {}}}


def written(uri: str) -> str:
    return Path(uri.removeprefix("file://")).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("capabilities", "menu", "offered"),
    [({}, "auto", True), (INLINE, "auto", False), (INLINE, "on", True), ({}, "off", False)],
)
async def test_the_menu_is_for_editors_without_ghost_text(
    capabilities: dict[str, Any], menu: str, offered: bool
) -> None:
    settings = scripted(chunks=["left + right"])
    settings["completion"]["menu"] = menu
    async with server_here() as (wire, _, _):
        given = await wire.initialize(capabilities=capabilities, initializationOptions=settings)
        assert ("completionProvider" in given) == offered
        wire.open(URI, "x = ")
        where = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 4}}
        answer = await wire.request("textDocument/completion", where)
        assert bool(answer["items"]) == offered


async def test_an_entry_can_be_inserted_and_filtered_by_what_is_typed() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=scripted(chunks=["me(\n", "    1,\n", ")\n"]))
        wire.open(URI, "x = é.na")
        where = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 8}}
        (item,) = (await wire.request("textDocument/completion", where))["items"]
        assert item["textEdit"] == {
            "range": {"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 8}},
            "newText": "name(\n    1,\n)",
        }
        assert (item["label"], item["filterText"]) == ("name( …", "name(")
        assert item["documentation"]["value"] == "name(\n    1,\n)"
        assert item["command"]["command"] == "pilotfish.accepted"
        nowhere = {**where, "textDocument": {"uri": "file:///not-open.py"}}
        assert (await wire.request("textDocument/completion", nowhere))["items"] == []


async def test_why_there_was_nothing_is_a_document_beside_the_code() -> None:
    capabilities = {"window": {"showDocument": {"support": True}}}
    async with server_here() as (wire, _, _):
        await wire.initialize(capabilities=capabilities, initializationOptions=scripted(chunks=["a = 1"]))
        wire.open(URI, "x = ")
        wire.open("file:///workspace/.env", "KEY=")
        (item,) = (await wire.answer(wire.complete(URI, 0, 4)))["result"]["items"]
        await wire.answer(wire.complete("file:///workspace/.env", 0, 4))
        await wire.request(
            "workspace/executeCommand", {key: item["command"][key] for key in ("command", "arguments")}
        )
        answer = await wire.request("workspace/executeCommand", {"command": "pilotfish.explain"})
        text = answer["markdown"]
        await wire.until(
            lambda: [asked for asked in wire.questions if asked["method"] == "window/showDocument"]
        )
        (question,) = (asked for asked in wire.questions if asked["method"] == "window/showDocument")
        assert question["params"]["uri"] == answer["uri"]
        assert written(answer["uri"]) == text
        assert ".env:1" in text
        assert "holds secrets" in text
        assert "**Shown**: a model, backend `echo`" in text
        assert "accepted" in text
        assert "| prefix |" in text
        only = {"command": "pilotfish.explain", "arguments": [{"last": 1}]}
        assert "**Shown**" not in (await wire.request("workspace/executeCommand", only))["markdown"]
        answer = await wire.request("workspace/executeCommand", {"command": "pilotfish.stats"})
        assert written(answer["uri"]) == answer["markdown"]
        assert "| python | echo | model | 1 | 1 |" in answer["markdown"]


async def test_a_client_that_cannot_show_documents_is_told_where_it_is() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize()
        await wire.request("workspace/executeCommand", {"command": "pilotfish.explain"})
        await wire.until(lambda: any("explain.md" in str(told["params"]) for told in wire.notifications))
