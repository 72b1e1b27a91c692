"""Whatever bytes come, the server goes on and answers the next proper request.

`PILOTFISH_SOAK` says how many hundred messages; a few in the ordinary run.
"""

from __future__ import annotations

import json
import os
import random

from tests.lsp.wire import Wire, completion_params, server_here

ROUNDS = int(os.environ.get("PILOTFISH_SOAK", "3")) * 100
URI = "file:///workspace/a.py"
DAMAGE = {"start": {"line": 0, "character": 1}, "end": {"line": 9, "character": 1}}
REQUESTS = [
    ("textDocument/inlineCompletion", completion_params(URI, 1, 3)),
    ("pilotfish/trace", {"last": 3}),
    ("workspace/executeCommand", {"command": "pilotfish.pause"}),
]
NOTIFICATIONS = [
    (
        "textDocument/didOpen",
        {"textDocument": {"uri": URI, "languageId": "python", "version": 1, "text": "x\ud83d"}},
    ),
    (
        "textDocument/didChange",
        {
            "textDocument": {"uri": URI, "version": 2},
            "contentChanges": [{"range": DAMAGE, "text": "é😀\r"}, {"text": "x"}],
        },
    ),
    ("workspace/didChangeConfiguration", {"settings": {"backend": "echo"}}),
    ("$/cancelRequest", {"id": 2}),
]
PROPER = [
    *({"jsonrpc": "2.0", "id": n, "method": m, "params": p} for n, (m, p) in enumerate(REQUESTS)),
    *({"jsonrpc": "2.0", "method": m, "params": p} for m, p in NOTIFICATIONS),
    {"jsonrpc": "2.0", "id": 1, "result": [None]},
]
VALUES: list[object] = [
    None,
    True,
    -1,
    2**70,
    1e300,
    "",
    "\ud800",
    [],
    {},
    [[]],
    {"jsonrpc": "2.0"},
    "\n",
    0.5,
]


def damaged(message: object, chance: random.Random) -> object:
    """The same with, now and then, a value or a key replaced."""
    if chance.random() < 0.08:
        return chance.choice(VALUES)
    if isinstance(message, dict):
        kept = {key: damaged(value, chance) for key, value in message.items() if chance.random() > 0.03}
        return (
            kept | {"method": message["method"]} if "method" in message and chance.random() > 0.05 else kept
        )
    return [damaged(each, chance) for each in message] if isinstance(message, list) else message


def send_garbage(wire: Wire, chance: random.Random) -> None:
    body = json.dumps(damaged(chance.choice(PROPER), chance)).encode()
    kind = chance.random()
    if kind < 0.8:
        wire.body(body)
    elif kind < 0.9:
        at = chance.randrange(len(body))
        wire.body(body[:at] + chance.randbytes(3) + body[at:])
    else:
        wire.raw(chance.choice([b"\r\n", b"Content-Length: x\r\n\r\n", b"words\r\n\r\n", body + b"\r\n\r\n"]))


async def test_garbage_is_survived() -> None:
    chance = random.Random(1)
    async with server_here() as (wire, _, _):
        await wire.initialize(initializationOptions={"index": {"enabled": False}})
        for number in range(ROUNDS):
            send_garbage(wire, chance)
            if number % 20 == 0:
                wire.raw(b"\r\n\r\n")
                answer = await wire.answer(wire.send("pilotfish/status", msg_id=f"alive {number}"))
                assert answer["result"]["version"]
        wire.strays.clear()
