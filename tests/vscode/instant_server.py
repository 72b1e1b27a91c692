"""A language server that answers every inline completion at once: the editor's own share of a wait.

It keeps no documents and knows no protocol library. A program of its own, started as `pilotfish` is; the
first argument is the version that it gives itself out for.
"""

from __future__ import annotations

import json
import sys
from typing import Any

TEXT = "at_once()"
_CAPABILITIES = {"textDocumentSync": 2, "inlineCompletionProvider": {}}


def answer(method: str, params: Any, version: str) -> Any:
    """The result of a request."""
    if method == "initialize":
        return {"capabilities": _CAPABILITIES, "serverInfo": {"name": "pilotfish", "version": version}}
    if method == "textDocument/inlineCompletion":
        place = {"start": params["position"], "end": params["position"]}
        return {"items": [{"insertText": TEXT, "range": place}]}
    if method == "pilotfish/status":
        index = {"state": "ready", "files": 1, "total": 1}
        return {"version": version, "backend": "stub", "state": "ready", "problem": None, "index": index}
    return None


def main(version: str) -> None:
    """Serve on stdin and stdout until told to exit."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.readline():
        length = int(header.partition(b":")[2])
        while source.readline() != b"\r\n":
            pass
        message = json.loads(source.read(length))
        if message.get("method") == "exit":
            return
        if "id" in message and "method" in message:
            result = answer(message["method"], message.get("params"), version)
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
            sink.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            sink.flush()


if __name__ == "__main__":
    main(sys.argv[1])
