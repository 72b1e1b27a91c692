"""Settings, folders and progress between the client and the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.wire import Wire, server_here

NO_INDEX = {"index": {"enabled": False}}


def messages(wire: Wire) -> list[str]:
    return [
        told["params"]["message"] for told in wire.notifications if told["method"] == "window/showMessage"
    ]


async def backend_becomes(wire: Wire, backend: str) -> None:
    def told() -> bool:
        states = [told for told in wire.notifications if told["method"] == "pilotfish/didChangeStatus"]
        return bool(states) and states[-1]["params"]["backend"] == backend

    await wire.until(told)


@pytest.mark.parametrize("section", [{"backend": "echo"}, {"pilotfish": {"backend": "echo"}}])
async def test_settings_are_asked_for_where_the_client_offers_it(section: dict[str, Any]) -> None:
    async with server_here() as (wire, _, _):
        wire.replies["workspace/configuration"] = lambda params: [section for _ in params["items"]]
        await wire.initialize(
            capabilities={"workspace": {"configuration": True}}, initializationOptions=NO_INDEX
        )
        await backend_becomes(wire, "echo")
        section.clear()
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        await backend_becomes(wire, "embedded")


async def test_settings_are_taken_as_sent_from_older_clients() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=NO_INDEX)
        settings = {"pilotfish": {"backend": ["embedded", "echo"]}}
        wire.notify("workspace/didChangeConfiguration", {"settings": settings})
        await backend_becomes(wire, "embedded, echo")
        assert not wire.questions


@pytest.mark.parametrize("answer", [None, [], [None], "x", [[]], [5]])
async def test_any_answer_to_the_question_for_settings_is_survived(answer: Any) -> None:
    async with server_here() as (wire, _, _):
        wire.replies["workspace/configuration"] = answer
        await wire.initialize(
            capabilities={"workspace": {"configuration": True}}, initializationOptions=NO_INDEX
        )
        await wire.until(lambda: wire.questions)
        assert (await wire.request("pilotfish/status"))["backend"] == "embedded"


async def test_each_bad_setting_is_logged_once_and_the_first_is_shown(
    caplog: pytest.LogCaptureFixture, own_home: Path
) -> None:
    options = {"completion": {"max_wait_ms": "soon", "no_such_key": 1}, "backend": "echo", **NO_INDEX}
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=options)
        for _ in range(2):
            wire.notify(
                "workspace/didChangeConfiguration", {"settings": {"pilotfish": {"log": {"level": "x"}}}}
            )
        assert (await wire.request("pilotfish/status"))["backend"] == "echo"
        assert len(messages(wire)) == 1
    for path in ("completion.max_wait_ms", "completion.no_such_key", "log.level"):
        assert caplog.text.count(f"{path}: ") == 1


async def test_progress_is_shown_while_indexing(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"module_{number}.py").write_text(
            f"def function_{number}(argument):\n    return argument\n"
        )
    async with server_here() as (wire, _, _):
        await wire.initialize(tmp_path, capabilities={"window": {"workDoneProgress": True}})

        def kinds() -> list[str]:
            told = [told["params"] for told in wire.notifications if told["method"] == "$/progress"]
            assert len({params["token"] for params in told}) <= 1
            return [params["value"]["kind"] for params in told]

        await wire.until(lambda: kinds()[-1:] == ["end"])
        assert kinds()[0] == "begin"
        assert set(kinds()[1:-1]) <= {"report"}
        index = (await wire.request("pilotfish/status"))["index"]
        assert index == {"state": "ready", "files": 20, "total": 20}


async def test_folders_come_and_go(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "a.py").write_text("def function(argument):\n    return argument\n")

    async def files_become(wire: Wire, files: int) -> None:
        def told() -> bool:
            states = [told for told in wire.notifications if told["method"] == "pilotfish/didChangeStatus"]
            index = states[-1]["params"]["index"] if states else {}
            return index.get("state") in ("ready", "off") and index["files"] == files

        await wire.until(told)

    async with server_here() as (wire, _, _):
        await wire.initialize(workspaceFolders=[{"uri": one.as_uri(), "name": "one"}])
        await files_become(wire, 1)
        added = {"added": [{"uri": two.as_uri(), "name": "two"}], "removed": []}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": added})
        await files_become(wire, 2)
        removed = {"added": [], "removed": [{"uri": folder.as_uri(), "name": ""} for folder in (one, two)]}
        wire.notify("workspace/didChangeWorkspaceFolders", {"event": removed})
        await files_become(wire, 0)


async def test_the_client_is_asked_to_watch_where_it_can() -> None:
    can = {"dynamicRegistration": True}
    workspace = {"didChangeWatchedFiles": can, "didChangeConfiguration": can}
    async with server_here() as (wire, _, _):
        client = {"name": "an editor"}
        await wire.initialize(
            capabilities={"workspace": workspace}, initializationOptions=NO_INDEX, clientInfo=client
        )
        await wire.until(lambda: wire.questions)
        (question,) = wire.questions
        assert question["method"] == "client/registerCapability"
        methods = [each["method"] for each in question["params"]["registrations"]]
        assert methods == ["workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"]
        watched = {
            "changes": [{"uri": "file:///elsewhere/a.py", "type": 1}, {"uri": "untitled:x", "type": 2}]
        }
        wire.notify("workspace/didChangeWatchedFiles", watched)
        assert (await wire.request("pilotfish/status"))["state"] == "ready"


async def test_a_client_that_never_says_initialized_is_served() -> None:
    async with server_here() as (wire, _, _):
        await wire.request(
            "initialize", {"processId": None, "capabilities": {}, "initializationOptions": NO_INDEX}
        )
        wire.open("file:///workspace/a.py", "x = 1\nx")
        assert (await wire.answer(wire.complete("file:///workspace/a.py", 1, 1)))["result"] is not None


async def test_a_thousand_changed_files_are_one_look_at_the_disk(tmp_path: Path) -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(tmp_path)
        await wire.until(lambda: index_of(wire).get("state") == "ready")
        for number in range(3):
            (tmp_path / f"a{number}.py").write_text("def function(argument):\n    return argument\n")
        uri = (tmp_path / "a.py").as_uri()
        changes = [{"uri": f"{uri}{number}", "type": 1} for number in range(1_001)]
        wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        await wire.until(lambda: index_of(wire) == {"state": "ready", "files": 3, "total": 3})


def index_of(wire: Wire) -> dict[str, Any]:
    told = [told["params"] for told in wire.notifications if told["method"] == "pilotfish/didChangeStatus"]
    index: dict[str, Any] = told[-1]["index"] if told else {}
    return index
