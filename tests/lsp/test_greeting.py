"""`initialize` answered from plain data: what lsprotocol would say, early, and once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter

from pilotfish.lsp.framing import frame
from pilotfish.lsp.greeting import Greeting, answer_to
from tests.lsp.wire import HEADER, server_here, server_process

GHOST_TEXT = {"textDocument": {"inlineCompletion": {"dynamicRegistration": True}}}
NO_GHOST_TEXT = {"textDocument": {"inlineCompletion": None}, "general": {"positionEncodings": ["utf-32"]}}
RHYME = {"actions": {"custom": {"rhyme": {"title": "Rhyme", "instruction": "rhyme"}}}}
CLIENTS: list[dict[str, Any]] = [
    {"capabilities": {}},
    {"capabilities": GHOST_TEXT, "clientInfo": {"name": "Code", "version": "1.9"}, "trace": "off"},
    {
        "capabilities": {"general": {"positionEncodings": ["utf-9", "utf-8", "utf-16"]}, **GHOST_TEXT},
        "clientInfo": {"name": "Neovim"},
        "processId": None,
        "rootUri": None,
        "workspaceFolders": [{"uri": "file:///nowhere", "name": "nowhere"}],
    },
    {"capabilities": {"textDocument": {"inlineCompletion": {}}, "experimental": {"a": [{"b": None}]}}},
    {"capabilities": NO_GHOST_TEXT},
    {"capabilities": GHOST_TEXT, "initializationOptions": {"completion": {"menu": "on"}}, "locale": "de"},
    {"capabilities": {}, "initializationOptions": {"completion": {"menu": "off"}, "nonsense": [1]}},
    {"capabilities": GHOST_TEXT, "initializationOptions": RHYME},
]


def initialize(params: Any, msg_id: Any = 1, **fields: Any) -> bytes:
    message = {"jsonrpc": "2.0", "id": msg_id, "method": "initialize", "params": params, **fields}
    return json.dumps(message).encode()


def told(answer: bytes) -> Any:
    header = HEADER.match(answer)
    assert header
    return json.loads(answer[header.end() :])


@pytest.mark.parametrize("params", CLIENTS)
async def test_it_is_the_servers_own_answer_and_lsprotocols(params: dict[str, Any]) -> None:
    answer = answer_to(initialize(params))
    assert answer is not None
    async with server_here() as (wire, _, _):
        assert told(answer) == {"jsonrpc": "2.0", "id": 1, "result": await wire.request("initialize", params)}
    converter = get_converter()
    result = converter.structure(told(answer)["result"], types.InitializeResult)
    assert converter.unstructure(result) == told(answer)["result"]


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        initialize({"capabilities": {}}, method="shutdown"),
        initialize({"capabilities": {}}, jsonrpc="1.0"),
        initialize({"capabilities": {}}, None),
        initialize({"capabilities": {}}, 1.5),
        initialize(None),
        initialize({}),
        initialize({"capabilities": 5}),
        initialize({"capabilities": {"window": {"workDoneProgress": 0.5}}}),
        initialize({"capabilities": {"general": {"positionEncodings": [{}]}}}),
        initialize({"capabilities": {}, "processId": "1"}),
        initialize({"capabilities": {}, "processId": True}),
        initialize({"capabilities": {}, "clientInfo": {}}),
        initialize({"capabilities": {}, "trace": "loud"}),
        initialize({"capabilities": {}, "workspaceFolders": [{"uri": "file:///a"}]}),
    ],
)
def test_what_is_unusual_is_left_to_others(body: bytes) -> None:
    assert answer_to(body) is None


@pytest.mark.parametrize("pieces", [1, 7, 10_000])
def test_the_first_message_is_answered_once_however_it_comes(pieces: int) -> None:
    sent: list[bytes] = []
    greeting = Greeting(sent.append)
    said = frame(initialize({"capabilities": {}})) + frame(initialize({"capabilities": {}}, 2))
    for start in range(0, len(said), pieces):
        greeting.look(said[start : start + pieces])
    greeting.wait()
    assert [told(each)["id"] for each in sent] == [1]
    assert greeting.is_answered


@pytest.mark.parametrize("said", [b"junk" * 20, frame(b"{}"), b""])
def test_who_says_something_else_first_is_not_greeted(said: bytes) -> None:
    sent: list[bytes] = []
    greeting = Greeting(sent.append)
    greeting.look(said)
    greeting.look(frame(initialize({"capabilities": {}})))
    greeting.wait()
    assert (sent, greeting.is_answered) == ([], False)


def test_nothing_that_takes_long_is_loaded_for_it() -> None:
    program = (
        "import sys; import pilotfish.cli.serve; from pilotfish.lsp.greeting import answer_to;"
        f"assert answer_to({initialize(CLIENTS[1])!r});"
        "print({'lsprotocol', 'attrs', 'asyncio', 'numpy', 'sqlite3'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("set()\n", "")


async def test_a_client_that_turns_out_to_be_unusable_is_left() -> None:
    async with server_process() as (wire, process):
        capabilities = {"window": {"workDoneProgress": "yes"}}
        assert await wire.request("initialize", {"processId": None, "capabilities": capabilities})
        await wire.ended()
        assert await process.wait() == 1
