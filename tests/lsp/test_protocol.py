"""Exactly one answer to every request, whatever it looks like; a clear line in the log for what is none."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.wire import Wire, completion_params, server_here

NOT_INITIALIZED, INVALID_REQUEST, NO_METHOD, BAD_PARAMS, PARSE_ERROR = -32002, -32600, -32601, -32602, -32700
COMPLETION = "textDocument/inlineCompletion"
URI = "file:///workspace/a.py"


async def check_lives(wire: Wire) -> None:
    """The server still answers, and nothing popped up in the editor."""
    assert (await wire.request("pilotfish/status"))["state"] == "ready"
    assert not [told for told in wire.notifications if told["method"].startswith("window/")]


@pytest.mark.parametrize("msg_id", [0, -1, 7, 2**53, "", "7", "é😀", 1.5, -0.25, None], ids=repr)
async def test_an_answer_carries_the_id_of_its_request(msg_id: Any) -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize()
        answer = await wire.answer(wire.send("pilotfish/status", {}, msg_id=msg_id))
        assert answer["id"] == msg_id
        assert type(answer["id"]) is type(msg_id)


@pytest.mark.parametrize("params", [
    None, [], "x", 5, {},
    {**completion_params(URI, 0, 0), "position": {"line": "0", "character": 0}},
    {**completion_params(URI, 0, 0), "position": {"line": 0.5, "character": 0}},
    {**completion_params(URI, 0, 0), "position": {"line": -1, "character": 0}},
    {**completion_params(URI, 0, 0), "position": {"line": True, "character": 0}},
    {**completion_params(URI, 0, 0), "position": {"line": 1e300, "character": 0}},
    {**completion_params(URI, 0, 0), "textDocument": {"uri": 5}},
    {**completion_params(URI, 0, 0), "textDocument": None},
    {**completion_params(URI, 0, 0), "context": {"triggerKind": 9}},
    {**completion_params(URI, 0, 0), "context": {"triggerKind": "1"}},
    {**completion_params(URI, 0, 0), "context": {"triggerKind": True}},
], ids=lambda params: json.dumps(params)[-60:])  # fmt: skip
async def test_malformed_params_are_refused(params: Any) -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize()
        assert await wire.error(COMPLETION, params) == BAD_PARAMS
        await check_lives(wire)


@pytest.mark.parametrize(("method", "params"), [
    ("pilotfish/trace", {"last": "all"}),
    ("pilotfish/trace", {"last": -1}),
    ("pilotfish/trace", {"last": True}),
    ("workspace/executeCommand", {"command": "pilotfish.unheard_of"}),
    ("workspace/executeCommand", {"command": "pilotfish.accepted"}),
    ("workspace/executeCommand", {"command": "pilotfish.accepted", "arguments": ["x"]}),
])  # fmt: skip
async def test_our_own_methods_refuse_malformed_params_too(method: str, params: Any) -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize()
        assert await wire.error(method, params) == BAD_PARAMS
        await check_lives(wire)


@pytest.mark.parametrize(("message", "msg_id", "code"), [
    (b"garbage", None, PARSE_ERROR),
    (b"", None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": 1', None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": NaN, "method": "x"}', None, PARSE_ERROR),
    (b'\xff\xfe{"jsonrpc": "2.0"}', None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "x", "params": ' + b"[" * 200_000, None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": ' + b"9" * 5_000 + b', "method": "x"}', None, PARSE_ERROR),
    (b"[]", None, INVALID_REQUEST),
    (b'[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]', None, INVALID_REQUEST),
    (b'"words"', None, INVALID_REQUEST),
    (b"null", None, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', None, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": true, "method": "shutdown"}', None, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": 1e999, "method": "shutdown"}', None, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": 71, "method": 5}', 71, INVALID_REQUEST),
    (b'{"jsonrpc": "2.0", "id": 71}', 71, INVALID_REQUEST),
    (b'{"jsonrpc": "1.0", "id": 71, "method": "shutdown"}', 71, INVALID_REQUEST),
    (b'{"id": 71, "method": "shutdown"}', 71, INVALID_REQUEST),
], ids=lambda value: repr(value)[:50])  # fmt: skip
async def test_what_is_no_message_gets_one_error_and_one_line(
    message: bytes, msg_id: Any, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with server_here() as (wire, _, _):
        await wire.initialize()
        await wire.request("pilotfish/status")
        caplog.clear()
        due = wire.expect(msg_id)
        wire.body(message)
        answer = await wire.answer(due)
        assert answer["error"]["code"] == code
        assert len([record for record in caplog.records if record.name.startswith("pilotfish.lsp")]) == 1
        await check_lives(wire)


@pytest.mark.parametrize("message", [
    {"jsonrpc": "2.0", "method": "$/unheardOf"},
    {"jsonrpc": "2.0", "method": "unheard/of", "params": {"jsonrpc": "2.0", "id": 5}},
    {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "a"}}},
    {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": []},
    {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": {"uri": "file:///not-open", "version": 1}, "contentChanges": [{"text": ""}]}},
    {"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///not-open"}}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 99}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": {}}},
    {"jsonrpc": "2.0", "method": "$/cancelRequest"},
    {"jsonrpc": "2.0", "method": "initialized", "params": {}},
    {"jsonrpc": "2.0", "id": 99, "result": None},
    {"jsonrpc": "2.0", "id": 99, "error": "no object"},
    {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "x"}},
], ids=lambda message: json.dumps(message)[16:70])  # fmt: skip
async def test_what_wants_no_answer_gets_none(message: Any) -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize()
        wire.message(message)
        await check_lives(wire)


async def test_before_initialize_and_after_shutdown() -> None:
    async with server_here() as (wire, _, task):
        assert await wire.error(COMPLETION, completion_params(URI, 0, 0)) == NOT_INITIALIZED
        assert await wire.error("unheard/of") == NOT_INITIALIZED
        assert await wire.error("shutdown") == NOT_INITIALIZED
        wire.open(URI, "")
        assert await wire.error("initialize", {"capabilities": 5}) == BAD_PARAMS
        await wire.initialize()
        assert await wire.error("initialize", {"capabilities": {}, "processId": None}) == INVALID_REQUEST
        assert await wire.error("unheard/of", {"jsonrpc": "2.0", "id": 1}) == NO_METHOD
        assert await wire.error("$/unheardOf") == NO_METHOD
        assert await wire.request("shutdown") is None
        assert await wire.error(COMPLETION, completion_params(URI, 0, 0)) == INVALID_REQUEST
        assert await wire.error("shutdown") == INVALID_REQUEST
        wire.notify("exit")
        assert await task == 0


async def test_exit_without_shutdown_is_a_failure() -> None:
    async with server_here() as (wire, _, task):
        wire.notify("exit")
        assert await task == 1


async def test_one_id_serves_one_request_at_a_time() -> None:
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=SLOW)
        wire.open(URI, "x = ")
        first = wire.send(COMPLETION, completion_params(URI, 0, 4), msg_id="one")
        second = {"jsonrpc": "2.0", "id": "one", "method": "pilotfish/status"}
        wire.message(second)
        answer = await wire.answer(first)
        assert answer["error"]["code"] == INVALID_REQUEST
        due = wire.again("one")
        wire.notify("$/cancelRequest", {"id": "one"})
        assert (await wire.answer(due))["error"]["code"] == -32800


async def test_key_jsonrpc_deep_in_params_is_only_a_key() -> None:
    options = {"backends": {"jsonrpc": {"jsonrpc": "2.0", "id": 1, "method": "shutdown"}}, "jsonrpc": "2.0"}
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions=options)
        wire.notify("workspace/didChangeConfiguration", {"settings": {"pilotfish": options}})
        assert (await wire.request("pilotfish/status"))["state"] == "ready"


async def test_a_bug_in_a_feature_is_answered_and_logged_without_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with server_here() as (wire, server, _):
        await wire.initialize()

        def broken(params: Any) -> None:
            raise KeyError("MARKER")

        monkeypatch.setitem(server.protocol.fm.features, "pilotfish/trace", broken)
        assert await wire.error("pilotfish/trace", {}) == -32603
        monkeypatch.setitem(server.protocol.fm.features, "pilotfish/trace", lambda params: {"x": object()})
        assert await wire.error("pilotfish/trace", {}) == -32603
        assert "KeyError" in caplog.text
        assert "MARKER" not in caplog.text
        await check_lives(wire)


async def test_an_unknown_client_capability_does_not_spoil_initialize(tmp_path: Path) -> None:
    strange = {
        "textDocument": {"codeAction": {"codeActionLiteralSupport": 5}},
        "general": {"positionEncodings": ["utf-9"]},
    }
    async with server_here() as (wire, _, _):
        assert (await wire.initialize(tmp_path, capabilities=strange))["positionEncoding"] == "utf-16"


SLOW = {"backend": "echo", "backends": {"echo": {"options": {"chunks": ["a"], "first_ms": 60_000}}}}
