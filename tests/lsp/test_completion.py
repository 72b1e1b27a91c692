"""Inline completion over the wire, with a scripted model behind it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pilotfish.engine.candidate import Candidate
from pilotfish.models.echo import EchoBackend
from pilotfish.platform.steps import Steps
from pilotfish.session.session import Session
from tests.lsp.wire import Wire, completion_params, eventually, server_here

URI = "file:///workspace/a.py"
FOREVER_MS = 60_000
CANCELLED = -32800


def scripted(wait_ms: int = 0, **options: Any) -> dict[str, Any]:
    """Settings under which only the echo backend speaks."""
    return {
        "backend": "echo",
        "backends": {"echo": {"options": options}},
        "completion": {"max_wait_ms": wait_ms, "ahead": "off"},
        "index": {"enabled": False},
    }


def echo_of(session: Session) -> EchoBackend:
    backend = session.completions.resources.backends["echo"]
    assert isinstance(backend, EchoBackend)
    return backend


def type_keys(session: Session, gap_ms: float) -> None:
    """As if the user were in the midst of typing, a key each `gap_ms`."""
    now_ms = session._clock.now_ms()
    for key_ms in (now_ms - gap_ms, now_ms):
        session.completions.rhythm.key(key_ms)


def texts(answer: dict[str, Any]) -> list[str]:
    return [item["insertText"] for item in answer["result"]["items"]]


async def asked(session: Session, count: int) -> None:
    """Wait until the model has been asked so many times."""
    await eventually(lambda: session.completions.resources.backends and echo_of(session).asked >= count)


@pytest.mark.parametrize(
    ("encodings", "chosen", "start"),
    [
        (["utf-8", "utf-16"], "utf-8", 14),
        (["utf-16"], "utf-16", 11),
        (["utf-32", "utf-8"], "utf-32", 10),
        (["utf-7", "utf-32"], "utf-32", 10),
        (None, "utf-16", 11),
    ],
)
async def test_accents_and_emoji_before_the_cursor(
    encodings: list[str] | None, chosen: str, start: int
) -> None:
    capabilities = {"general": {"positionEncodings": encodings}} if encodings else {}
    async with server_here() as (wire, _, _):
        given = await wire.initialize(
            capabilities=capabilities, initializationOptions=scripted(chunks=["me"])
        )
        assert given["positionEncoding"] == chosen
        wire.open(URI, 's = "é😀" +')
        at = start - 1
        edit = {
            "range": {"start": {"line": 0, "character": at}, "end": {"line": 0, "character": at}},
            "text": " na",
        }
        document = {"uri": URI, "version": 2}
        wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [edit]})
        answer = await wire.answer(wire.complete(URI, 0, start + 2))
        (item,) = answer["result"]["items"]
        assert item["insertText"] == "name"
        assert item["range"] == {
            "start": {"line": 0, "character": start},
            "end": {"line": 0, "character": start + 2},
        }
        await wire.request(
            "workspace/executeCommand", {key: item["command"][key] for key in ("command", "arguments")}
        )


async def test_nothing_to_offer_is_an_empty_list() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions={"index": {"enabled": False}})
        assert (await wire.answer(wire.complete("file:///not-open.py", 0, 0)))["result"] == {"items": []}
        wire.open(URI, "")
        assert (await wire.answer(wire.complete(URI, 0, 0)))["result"] == {"items": []}
        assert (await wire.answer(wire.complete(URI, 99, 99)))["result"] == {"items": []}


async def test_a_newer_request_in_a_document_ends_the_older_one_with_null() -> None:
    async with server_here() as (wire, server, _):
        await wire.initialize(initializationOptions=scripted(chunks=["a"], first_ms=FOREVER_MS))
        for uri in (URI, URI + "i"):
            wire.open(uri, "x = ")
        other = wire.complete(URI + "i", 0, 4)
        old = wire.complete(URI, 0, 4)
        await asked(server.session, 2)
        newer = wire.complete(URI, 0, 3)
        newest = wire.complete(URI, 0, 4)
        assert (await wire.answer(old))["result"] is None
        assert (await wire.answer(newer))["result"] is None
        assert not other.done(), "another document's request has nothing to do with it"
        await asked(server.session, 3)
        assert echo_of(server.session).open_streams == 2
        wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        assert (await wire.answer(newest))["result"] is None
        assert await wire.request("shutdown") is None
        assert (await wire.answer(other))["error"]["code"] == CANCELLED
        assert echo_of(server.session).open_streams == 0


STAGES = {
    "while the engine thinks": ({"index": {"enabled": False}}, "engine"),
    "while waiting for the next key": (scripted(wait_ms=10_000, chunks=["a"]), "pace"),
    "before the first piece": (scripted(chunks=["a"], first_ms=FOREVER_MS), "stream"),
    "between pieces": (scripted(chunks=["a", "b"], gap_ms=FOREVER_MS), "stream"),
    "in an endless answer": (scripted(chunks=["a"], endless=True), "stream"),
}


def endless(*_: Any) -> Steps[list[Candidate]]:
    while True:
        yield


@pytest.mark.parametrize("how", ["cancelled", "superseded", "closed", "shut down"])
@pytest.mark.parametrize("when", STAGES)
async def test_a_request_that_ends_early_leaves_nothing(
    when: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, stage = STAGES[when]
    monkeypatch.setattr("pilotfish.engine.predict.predict", endless)
    async with server_here() as (wire, server, _):
        await wire.initialize(initializationOptions=settings)
        wire.open(URI, "x = ")
        await wire.request("pilotfish/status")
        type_keys(server.session, 500)
        due = wire.send("textDocument/inlineCompletion", completion_params(URI, 0, 4, kind=2), msg_id="é1")
        if stage == "stream":
            await asked(server.session, 1)
        else:
            await eventually(
                lambda: len(server.session.completions) and server.session.completions.ready.is_set()
            )
        if how == "cancelled":
            for _ in range(2):
                wire.notify("$/cancelRequest", {"id": "é1"})
        elif how == "closed":
            wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        elif how == "superseded":
            wire.notify("workspace/didChangeConfiguration", {"settings": {"completion": {"enabled": False}}})
            newer = await wire.answer(wire.complete(URI, 0, 4))
            assert newer["result"] == {"items": []}
        else:
            assert await wire.request("shutdown") is None
        answer = await wire.answer(due)
        if how in ("cancelled", "shut down"):
            assert answer["error"]["code"] == CANCELLED
        else:
            assert answer["result"] is None
        traces = server.session.traces
        await eventually(lambda: any(trace["decision"] == "cancelled" for trace in traces.last(2)))
        (trace,) = (trace for trace in traces.last(2) if trace["decision"] == "cancelled")
        assert trace["stages"][-1]["stage"] == stage
        await eventually(lambda: not len(server.session.completions))
        assert not server.session.completions.resources.backends or not echo_of(server.session).open_streams
        assert not len(server.session.completions.memory)


async def test_cancelling_before_the_engine_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server_here() as (wire, server, _):
        await wire.initialize(initializationOptions=scripted(chunks=["a"]))
        await wire.request("pilotfish/status")
        server.session.completions.ready = asyncio.Event()
        wire.open(URI, "x = ")
        due = wire.complete(URI, 0, 4)
        wire.notify("$/cancelRequest", {"id": 3})
        assert (await wire.answer(due))["error"]["code"] == CANCELLED


async def test_a_request_sees_the_text_that_it_was_made_for() -> None:
    """The next message, read in the same breath, must not change what a request works on."""
    async with server_here() as (wire, _, _):
        settings = scripted(chunks=[])  # It says the cursor's line again.
        settings["completion"]["disabled_steps"] = ["said_again"]
        await wire.initialize(initializationOptions=settings)
        wire.open(URI, "first")
        due = wire.complete(URI, 0, 5)
        document = {"uri": URI, "version": 2}
        wire.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": "second"}]}
        )
        assert texts(await wire.answer(due)) == ["firstfirst"]


@pytest.mark.parametrize(
    ("kinds", "waits"),
    [([1, 2], ["0 ms", "5 ms"]), ([2, 1], ["5 ms", "0 ms"]), ([0, 1, 1], ["0 ms", "5 ms", "5 ms"])],
    ids=["the protocol's", "the protocol's, automatic first", "counted from zero"],
)
async def test_trigger_kinds(kinds: list[int], waits: list[str]) -> None:
    async with server_here() as (wire, server, _):
        await wire.initialize(initializationOptions=scripted(wait_ms=5, chunks=["a"]))
        for number, kind in enumerate(kinds):
            uri = f"{URI}{number}"
            wire.open(uri, f"x{number} = ")
            type_keys(server.session, 5)
            await wire.answer(wire.complete(uri, 0, 5, kind))
        traces = await wire.request("pilotfish/trace", {"last": 9})
        stages = [{stage["stage"]: stage["note"] for stage in trace["stages"]} for trace in traces]
        assert [stage["pace"] for stage in stages] == waits


async def test_a_bug_in_the_pipeline_is_no_error_for_the_editor(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: Any) -> None:
        raise ZeroDivisionError("MARKER")

    monkeypatch.setattr("pilotfish.session.completions._complete", broken)
    async with server_here() as (wire, _, _):
        await wire.initialize()
        wire.open(URI, "x = ")
        assert (await wire.answer(wire.complete(URI, 0, 4)))["result"] == {"items": []}
    assert "ZeroDivisionError" in caplog.text
    assert "MARKER" not in caplog.text


async def test_a_failing_model_is_a_status_and_one_message() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=scripted(chunks=["a"], fail_after=0))
        wire.open(URI, "x = \ny = ")
        for line in (0, 1):
            assert (await wire.answer(wire.complete(URI, line, 4)))["result"] == {"items": []}
        status = await wire.request("pilotfish/status")
        assert status["state"] == "problem"
        assert "echo" in status["problem"]["text"]
        assert status["problem"]["action"]
        messages = [told for told in wire.notifications if told["method"] == "window/showMessage"]
        assert len(messages) == 1


async def test_the_problem_of_a_model_goes_when_others_are_chosen() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=scripted(chunks=["a"], fail_after=0))
        wire.open(URI, "x = ")
        await wire.answer(wire.complete(URI, 0, 4))
        assert (await wire.request("pilotfish/status"))["state"] == "problem"
        chosen = {"pilotfish": {"backend": ["embedded"]}}
        wire.notify("workspace/didChangeConfiguration", {"settings": chosen})
        assert (await wire.request("pilotfish/status"))["state"] == "ready"


async def test_paused_is_silent_and_says_so() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=scripted(chunks=["a"]))
        wire.open(URI, "x = ")
        await wire.request("workspace/executeCommand", {"command": "pilotfish.pause"})
        assert texts(await wire.answer(wire.complete(URI, 0, 4))) == []
        assert (await wire.request("pilotfish/status"))["state"] == "off"
        await wire.request("workspace/executeCommand", {"command": "pilotfish.resume"})
        assert texts(await wire.answer(wire.complete(URI, 0, 4))) == ["a"]


async def test_replying_late_to_a_question_whose_asker_was_cancelled() -> None:
    async with server_here() as (wire, server, _):
        await wire.initialize()
        asker = asyncio.ensure_future(server.protocol.ask("window/workDoneProgress/create", {"token": 1}))
        asker.cancel()
        await wire.until(lambda: wire.questions)
        assert (await wire.request("pilotfish/status"))["state"] == "ready"


async def test_only_long_thinking_is_told() -> None:
    def told(wire: Wire) -> list[str]:
        changes = [told for told in wire.notifications if told["method"] == "pilotfish/didChangeStatus"]
        return [told["params"]["state"] for told in changes]

    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=scripted(chunks=["a"]))
        wire.open(URI, "x = \ny = ")
        await wire.answer(wire.complete(URI, 0, 4))
        settings = {"settings": scripted(chunks=["b"], first_ms=FOREVER_MS)}
        wire.notify("workspace/didChangeConfiguration", settings)
        due = wire.complete(URI, 1, 4)
        await wire.until(lambda: "thinking" in told(wire))
        wire.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        await wire.answer(due)
        await wire.until(lambda: told(wire)[-1] == "ready")
        assert told(wire).count("thinking") == 1


async def test_after_an_acceptance_the_next_completion_is_ready() -> None:
    settings = scripted(chunks=["a = 1"])
    settings["completion"]["ahead"] = "free"
    async with server_here() as (wire, server, _):
        await wire.initialize(initializationOptions=settings)
        wire.open(URI, "\nx = 1\n")
        (item,) = (await wire.answer(wire.complete(URI, 0, 0, kind=2)))["result"]["items"]
        command = {key: item["command"][key] for key in ("command", "arguments")}
        await wire.request("workspace/executeCommand", command)
        await asked(server.session, 2)
        change = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}}
        document = {"uri": URI, "version": 2}
        wire.notify(
            "textDocument/didChange",
            {"textDocument": document, "contentChanges": [{**change, "text": item["insertText"]}]},
        )
        await wire.answer(wire.complete(URI, 0, 5, kind=2))
        assert echo_of(server.session).asked == 2


@pytest.mark.parametrize(
    ("editor", "options", "source"),
    [
        ("Visual Studio Code", {}, "cache"),
        ("Visual Studio Code", {"ahead": "off"}, "embedded"),
        ("an editor that asks at once", {}, "embedded"),
    ],
)
async def test_an_editor_that_waits_after_a_key_finds_the_engines_answer_ready(
    editor: str, options: dict[str, Any], source: str
) -> None:
    settings = {"index": {"enabled": False}, "completion": {"min_confidence": 0.1, **options}}
    async with server_here() as (wire, server, _):
        await wire.initialize(initializationOptions=settings, clientInfo={"name": editor})
        await server.session.completions.ready.wait()
        wire.open(URI, "one = compute(left, right)\ntwo = compute(left, right)\nthree = \n")
        assert (await wire.request("pilotfish/status"))["index"]["state"] == "off"
        await server.session.actions.ready()  # else what is found out about the file begins a new epoch
        at = {"line": 2, "character": 8}
        change = {"range": {"start": at, "end": at}, "text": "c"}
        document = {"uri": URI, "version": 2}
        wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        if source == "cache":
            await eventually(lambda: server.session.traces.last(1))
            assert server.session.traces.last(1)[0]["decision"] == "ahead: shown"
        assert texts(await wire.answer(wire.complete(URI, 2, 9, 2))) == ["compute(left, right)"]
        assert server.session.traces.last(1)[0]["source"] == source
