"""Code actions over the wire, with the scripted model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pilotfish.lsp.server import Server
from pilotfish.models.echo import EchoBackend
from pilotfish.platform.paths import trace_file
from pilotfish.platform.trace import ACTION_STAGES
from pilotfish.session.explanation import ACTION_REASONS
from pilotfish.text.edit import Edit
from tests.actions.editor import CAPABILITIES, Editor, at, lines, scripted
from tests.lsp.wire import Message, eventually, server_here

URI = "file:///workspace/calc.py"
BEFORE = "import math\n\n\ndef area(radius):\n    return math.pi * radius * radius\n\n\nprint(area(2))\n"
ANSWER = ("Here:\n", "```python\n", "def area(radius):\n", "    return math.pi * radius**2\n", "```\n")
AFTER = BEFORE.replace("radius * radius", "radius**2")
FUNCTION = lines(3, 5)
WITHOUT_RESOLVE = {
    **CAPABILITIES,
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}},
}


def echo_of(server: Server) -> EchoBackend:
    backend = server.session.actions.backends["echo"]
    assert isinstance(backend, EchoBackend)
    return backend


async def editor_on(
    wire: Any, text: str = BEFORE, *, client: Message = CAPABILITIES, **options: Any
) -> Editor:
    await wire.initialize(capabilities=client, clientInfo={"name": "test"}, initializationOptions=options)
    editor = Editor(wire)
    editor.open(URI, text)
    return editor


async def test_an_action_of_a_model_changes_only_what_differs_and_one_undo_takes_it_back() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER))
        action = await editor.action(URI, FUNCTION, "Simplify")
        assert action["kind"] == "refactor.rewrite"
        assert action["tags"] == [1]
        assert (await editor.do(action))["result"] == {"applied": True}
        assert editor.texts[URI] == AFTER
        assert [undone[URI] for undone in editor.undo] == [BEFORE]
        applied = next(asked for asked in wire.questions if asked["method"] == "workspace/applyEdit")
        (change,) = applied["params"]["edit"]["documentChanges"]
        assert change["textDocument"]["version"] == 1
        assert [edit["newText"] for edit in change["edits"]] == ["**2"]


async def test_the_text_grows_in_the_progress() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER, first_ms=50))
        await editor.do(await editor.action(URI, FUNCTION, "Simplify"))
        begin, *reports, end = editor.progress()
        assert (begin["kind"], begin["cancellable"]) == ("begin", True)
        assert reports[0]["message"].startswith("Here:")
        assert end["kind"] == "end"


@pytest.mark.parametrize("drops", [False, True])
async def test_what_is_typed_around_meanwhile_is_kept(drops: bool) -> None:
    async with server_here() as (wire, server, _):
        editor = await editor_on(wire, **scripted(*ANSWER, first_ms=30, gap_ms=10))
        editor.drops = drops
        command = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        backend = echo_of(server)
        due = wire.send(
            "workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}
        )
        await eventually(lambda: backend.open_streams)
        editor.type(URI, [Edit(at(0), "import os\n")])
        editor.type(URI, [Edit(at(9), "# the end\n")])
        assert (await wire.answer(due))["result"] == {"applied": True}
        assert editor.texts[URI] == "import os\n" + AFTER + "# the end\n"
        assert backend.open_streams == 0


async def test_an_edit_inside_stops_the_action_at_once_and_says_so() -> None:
    async with server_here() as (wire, server, _):
        editor = await editor_on(wire, **scripted(*ANSWER, first_ms=60_000))
        action = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        backend = echo_of(server)
        due = wire.send(
            "workspace/executeCommand", {"command": action["command"], "arguments": action["arguments"]}
        )
        await eventually(lambda: backend.open_streams)
        editor.type(URI, [Edit(at(4, 4), "# mine\n    ")])
        answer = await wire.answer(due)
        assert "You edited the text" in answer["error"]["message"]
        assert backend.open_streams == 0
        assert not editor.undo


@pytest.mark.parametrize("how", ["the button", "the button of its own progress", "the request"])
async def test_cancelling_leaves_the_document_and_closes_the_stream(how: str) -> None:
    async with server_here() as (wire, server, _):
        editor = await editor_on(wire, **scripted(*ANSWER, endless=True, gap_ms=5))
        action = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        backend = echo_of(server)
        params = {"command": action["command"], "arguments": action["arguments"]}
        if how == "the button of its own progress":
            params["workDoneToken"] = "mine"
        due = wire.send("workspace/executeCommand", params, msg_id="work")
        begun = await wire.until(
            lambda: [each for each in wire.notifications if each["method"] == "$/progress"][1:]
        )
        if how != "the request":
            wire.notify("window/workDoneProgress/cancel", {"token": begun[0]["params"]["token"]})
        else:
            wire.notify("$/cancelRequest", {"id": "work"})
        assert (await wire.answer(due))["error"]["code"] == -32800
        await eventually(lambda: not backend.open_streams)
        await wire.until(lambda: editor.progress()[-1]["kind"] == "end")
        assert editor.texts[URI] == BEFORE
        assert not server.cancellable


async def test_an_editor_that_says_applied_and_does_nothing_is_not_believed() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER))
        editor.is_deaf = True
        answer = await editor.do(await editor.action(URI, FUNCTION, "Simplify"))
        assert answer["result"] == {"applied": False}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I would rather not.", "without code"),
        ("```\ndef area(radius:\n```\n", "not valid code"),
        ("```\ndef area(radius):\n", "cut off"),
        ("```\na = 1\n```\nor\n```\nb = 2\n```\n", "several pieces"),
    ],
)
async def test_what_cannot_be_applied_is_shown_and_never_guessed_at(answer: str, reason: str) -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(answer))
        said = await editor.do(await editor.action(URI, FUNCTION, "Simplify"))
        assert reason in said["error"]["message"]
        assert editor.texts[URI] == BEFORE
        assert answer.strip() in shown(wire)


def shown(wire: Any) -> str:
    (asked,) = [asked for asked in wire.questions if asked["method"] == "window/showDocument"]
    return Path(asked["params"]["uri"].removeprefix("file://")).read_text()


async def test_a_doc_comment_that_changes_the_code_too_is_refused() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER))
        said = await editor.do(await editor.action(URI, at(4, 4), "Document area"))
        assert "only comments" in said["error"]["message"]
        assert editor.texts[URI] == BEFORE
        assert "radius**2" in shown(wire)


async def test_an_explanation_is_a_document_shown_once_and_written_as_it_comes() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted("It computes ", "the area ", "of a circle.\n"))
        answer = await editor.do(await editor.action(URI, FUNCTION, "Explain"))
        assert answer["result"] == {"applied": False}
        assert shown(wire) == "It computes the area of a circle.\n"
        assert editor.texts[URI] == BEFORE


async def test_hunks_can_be_applied_as_they_come_and_are_taken_back_when_it_fails() -> None:
    body = [f"    line_{number} = {number}\n" for number in range(8)]
    text = "def f():\n" + "".join(body)
    new = text.replace("line_1 = 1", "line_1 = 11").replace("line_6 = 6", "line_6 = 66")
    settings = {"actions": {"apply": "as_it_streams"}}
    pieces = ("```python\n", *new.splitlines(keepends=True))
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, text, **scripted(*pieces, "```\n", gap_ms=2, settings=settings))
        assert (await editor.do(await editor.action(URI, lines(0, 9), "Simplify")))["result"]
        assert editor.texts[URI] == new
        assert len(editor.undo) == 2
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, text, **scripted(*pieces, settings=settings))
        assert (
            "cut off"
            in (await editor.do(await editor.action(URI, lines(0, 9), "Simplify")))["error"]["message"]
        )
        assert len(editor.undo) == 2
        assert editor.texts[URI] == text


async def test_with_the_embedded_engine_alone_the_models_actions_are_disabled_or_left_out() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, index={"enabled": False})
        found = await editor.actions(URI, FUNCTION)
        assert all("No model" in action["disabled"]["reason"] for action in found if action.get("tags"))
        assert any(action.get("disabled") for action in found)
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, client={}, index={"enabled": False})
        assert not [each for each in await editor.actions(URI, FUNCTION) if "Simplify" in each["title"]]


async def test_kinds_filter_what_is_offered() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER))
        kinds = {action["kind"] for action in await editor.actions(URI, FUNCTION, only=["refactor.rewrite"])}
        assert kinds == {"refactor.rewrite"}
        assert not await editor.actions(URI, FUNCTION, only=["source.organizeImports"])


async def test_tests_go_to_a_new_file_that_pilotfish_names(tmp_path: Path) -> None:
    source = tmp_path / "shop" / "calc.py"
    code = (
        "```python\n",
        "from shop.calc import area\n\n\n",
        "def test_area() -> None:\n    assert area\n",
        "```\n",
    )
    async with server_here() as (wire, _, _):
        await wire.initialize(
            tmp_path,
            capabilities=CAPABILITIES,
            clientInfo={"name": "t"},
            initializationOptions=scripted(*code),
        )
        editor = Editor(wire)
        editor.open(source.as_uri(), BEFORE)
        answer = await editor.do(await editor.action(source.as_uri(), at(4, 4), "Write tests for area"))
        assert "error" not in answer
        made = (tmp_path / "tests" / "test_calc.py").as_uri()
        assert editor.created == [made]
        assert editor.texts[made] == "".join(code[1:3])
        assert editor.texts[source.as_uri()] == BEFORE


async def test_complete_from_here_goes_on_as_the_open_files_do() -> None:
    body = "    total = 0\n    for price in prices:\n        total += price\n    return total\n"
    text = f"def one(prices):\n{body}\n\ndef two(prices):\n{body}\n\ndef three(prices):\n    tot"
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, text, index={"enabled": False})
        action = await editor.action(URI, at(15, 7), "Complete from here")
        assert "tags" not in action
        answer = await editor.do(action)
        assert answer["result"] == {"applied": True}
        assert editor.texts[URI].startswith(
            text + "al = 0\n    for price in prices:\n        total += price\n"
        )


WITHOUT_MODEL = ["make", "check", "apply"]
WITH_MODEL = ["choose", "gather", "render", "stream", "parse", "check", "apply"]


@pytest.mark.parametrize(
    ("title", "said", "decision", "stages"),
    [
        ("Simplify", ANSWER, "done", WITH_MODEL),
        ("Simplify", ("I would rather not.",), "no_code", WITH_MODEL[:5]),
        ("Simplify", ("```\ndef area(secret:\n```\n",), "not_valid", WITH_MODEL[:6]),
        ("Document", ANSWER, "code_changed", WITH_MODEL[:6]),
        ("Explain", ("So.",), "done", WITH_MODEL[:4]),
        ("Add a doc comment", (), "done", WITHOUT_MODEL),
    ],
)
async def test_what_was_done_is_written_down_stage_by_stage_without_any_text(
    title: str, said: tuple[str, ...], decision: str, stages: list[str]
) -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*said), client=WITHOUT_RESOLVE)
        place = at(4, 4) if title in ("Document", "Add a doc comment") else FUNCTION
        await editor.do(await editor.action(URI, place, title))
        (trace,) = await wire.request("pilotfish/trace", {"last": 5})
        told = await wire.request("workspace/executeCommand", {"command": "pilotfish.explain"})
        counted = await wire.request("workspace/executeCommand", {"command": "pilotfish.stats"})
        await wire.leave()
    assert (trace["decision"], [stage["stage"] for stage in trace["stages"]]) == (decision, stages)
    assert set(stages) <= set(ACTION_STAGES)
    assert (trace["backend"], trace["line"]) == ("echo" if "stream" in stages else None, place.start.line)
    notes = {stage["stage"]: stage["note"] for stage in trace["stages"]}
    assert "stream" not in notes or "first text after" in notes["stream"]
    assert f"({decision})" in told["markdown"] or "**Done**" in told["markdown"]
    assert decision == "done" or ACTION_REASONS[decision] in told["markdown"]
    figures = "1 | 0 | 0" if decision == "done" else "0 | 0 | 1"
    assert f"| {trace['action']} | {figures} |" in counted["markdown"]
    kept = trace_file().read_text()
    assert trace["id"] in kept
    assert not any(word in kept for word in ("radius", "rather", "secret", "circle"))


async def test_cancelling_is_written_down_too() -> None:
    async with server_here() as (wire, server, _):
        editor = await editor_on(wire, **scripted(endless=True, gap_ms=5))
        action = (await editor.action(URI, FUNCTION, "Simplify"))["command"]
        params = {"command": action["command"], "arguments": action["arguments"]}
        due = wire.send("workspace/executeCommand", params, msg_id="work")
        await eventually(lambda: echo_of(server).open_streams)
        wire.notify("$/cancelRequest", {"id": "work"})
        await wire.answer(due)
        (trace,) = await wire.request("pilotfish/trace", {"last": 5})
        assert (trace["action"], trace["decision"]) == ("simplify", "cancelled")
        assert trace["stages"][-1]["stage"] == "stream"


async def test_a_stale_offer_is_refused() -> None:
    async with server_here() as (wire, _, _):
        editor = await editor_on(wire, **scripted(*ANSWER))
        action = await editor.action(URI, FUNCTION, "Simplify")
        editor.type(URI, [Edit(at(0), "\n")])
        answer = await editor.do(action)
        assert "has changed since" in answer["error"]["message"]


@pytest.mark.parametrize("arguments", [[], [3], [{"uri": URI}], [{"uri": URI, "range": {"start": 1}}]])
async def test_a_malformed_command_is_answered_with_what_is_wrong(arguments: list[Any]) -> None:
    async with server_here() as (wire, _, _):
        await editor_on(wire, **scripted(*ANSWER))
        params = {"command": "pilotfish.action.simplify", "arguments": arguments}
        assert await wire.error("workspace/executeCommand", params) == -32602


async def test_an_action_of_another_server_is_given_back_as_it_is() -> None:
    async with server_here() as (wire, _, _):
        await editor_on(wire, index={"enabled": False})
        theirs = {"title": "Theirs", "command": {"title": "x", "command": "theirs.do"}}
        assert await wire.request("codeAction/resolve", {"title": "Theirs"}) == {"title": "Theirs"}
        assert (await wire.request("codeAction/resolve", theirs))["title"] == "Theirs"
