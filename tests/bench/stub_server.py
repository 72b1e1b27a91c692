"""A scripted language server, the benchmark's test double: knows what was asked of it and when it answered.

    python stub_server.py '{"delays_ms": [1, 5], "mode": "garbage", "after": 10}'

Its ghost text is the rest of the line as it was when the file was opened, so that keys are typed through.
After `after` completions it behaves as `mode` says. Uses the standard library alone.
"""

import itertools
import json
import os
import sys
import time
from typing import Any

Message = dict[str, Any]
script: Message = {
    "delays_ms": [0],
    "mode": "good",
    "after": 0,
    "building": None,
    "answers": None,
    "stall_ms": 0,
    "stall_at": 0,
    "log": None,
    "pids": None,
    **json.loads(sys.argv[1]),
}
answers: dict[str, str] = json.load(open(script["answers"])) if script["answers"] else {}  # noqa: SIM115, PTH123
delays = itertools.cycle(script["delays_ms"])
lines: dict[str, list[str]] = {}
answered, asked = itertools.count(1), itertools.count(1)
if script["pids"]:
    with open(script["pids"], "a") as pids:  # noqa: PTH123
        pids.write(f"{os.getpid()}\n")
log = open(script["log"], "a") if script["log"] else None  # noqa: SIM115, PTH123


def read() -> Message | None:
    length = 0
    while (line := sys.stdin.buffer.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    message: Message = json.loads(sys.stdin.buffer.read(length)) if line else {}
    return message or None


def write(message: Message) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


def misbehave(request_id: int) -> None:
    match script["mode"]:
        case "die":
            print("Segmentation fault, as it were", file=sys.stderr, flush=True)
            sys.exit(3)
        case "silent":
            time.sleep(600)
        case "garbage":
            sys.stdout.buffer.write(b"Hello, I am a print statement\r\n\r\n")
            sys.stdout.buffer.flush()
            time.sleep(600)
        case "shape":
            write({"id": request_id, "result": {"items": 7}})
        case "error":
            write({"id": request_id, "error": {"code": -32603, "message": "no"}})
        case "flood":
            sys.stderr.write("x" * 1_000_000)
            write({"id": request_id, "result": {"items": []}})


def complete(message: Message) -> None:
    if next(answered) > script["after"] and script["mode"] != "good":
        misbehave(message["id"])
        return
    delay_s = (script["stall_ms"] if next(asked) == script["stall_at"] else next(delays)) / 1000
    began = time.perf_counter()
    while (left := delay_s - (time.perf_counter() - began)) > 0:
        time.sleep(left)
    params = message["params"]
    place = params["position"]
    text = lines[params["textDocument"]["uri"]]
    rest = (
        answers.get(f"{params['textDocument']['uri']}:{place['line']}:{place['character']}")
        or text[place["line"]][place["character"] :]
        if place["line"] < len(text)
        else ""
    )
    items = [{"insertText": rest, "range": {"start": place, "end": place}}] if rest else []
    if log:
        log.write(f"{(time.perf_counter() - began) * 1000} {json.dumps(params)}\n")
        log.flush()
    write({"id": message["id"], "result": {"items": items}})


def serve() -> None:
    polls = 0
    while (message := read()) is not None:
        match message.get("method"):
            case "initialize":
                features = {} if script["mode"] == "plain" else {"inlineCompletionProvider": True}
                write({"id": message["id"], "result": {"capabilities": features}})
            case "textDocument/didOpen":
                document = message["params"]["textDocument"]
                lines[document["uri"]] = document["text"].split("\n")
            case "textDocument/inlineCompletion":
                complete(message)
            case "pilotfish/status":
                polls += 1
                if script["building"] is None:
                    write({"id": message["id"], "error": {"code": -32601, "message": "I have no index"}})
                    continue
                state = "building" if polls <= script["building"] else "ready"
                write({"id": message["id"], "result": {"index": {"state": state, "files": 3, "total": 3}}})
            case "shutdown":
                write({"id": message["id"], "result": None})
            case "exit":
                return
            case _ if "id" in message and "method" in message:
                write({"id": message["id"], "error": {"code": -32601, "message": "I do not know that"}})


serve()
