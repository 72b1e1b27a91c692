"""A language server beside others on one stub model: started, and spoken to as its editor would."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotfish.bench.client import LspClient, Pending
from pilotfish.bench.measure import environment
from pilotfish.bench.stub import as_settings

POLL_S = 0.05


@dataclass(frozen=True)
class Contestant:
    """How to start a server.

    Attributes:
        options: its settings, handed over with `initialize`.
        method: what it is asked with, without `textDocument/`.
        settle_s: how long it needs after its start to find its model.
        is_ours: it is pilotfish, which tells of its index and of its time.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    options: Mapping[str, Any]
    method: str
    settle_s: float
    is_ours: bool


def pilotfish(home: Path, url: str, options: Mapping[str, Any]) -> Contestant:
    """This server with the model at `url`, its caches and settings below `home`."""
    command = [sys.executable, "-m", "pilotfish", "serve"]
    settings = {**as_settings(url), **options}
    return Contestant(
        "pilotfish", command, environment(home), settings, "inlineCompletion", 0.0, is_ours=True
    )


class Server:
    """One that runs.

    Attributes:
        start_ms: from the start of its process to the answer to `initialize`.
    """

    def __init__(self, contestant: Contestant, root: Path) -> None:
        self.name, self.is_ours, self._contestant = contestant.name, contestant.is_ours, contestant
        self.client = LspClient(contestant.command, contestant.environment)
        self._version = 1
        folder = {"uri": root.as_uri(), "name": root.name}
        params = {
            "processId": os.getpid(),
            "clientInfo": {"name": "beside"},
            "rootUri": root.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": {"textDocument": {contestant.method: {}}},
            "initializationOptions": contestant.options,
        }
        answer = self.client.request("initialize", params)
        self.start_ms = 1000 * (answer.arrived_at - self.client.started_at)
        self.client.notify("initialized", {})

    def settle(self) -> None:
        """Wait until it has found its model, and built its index."""
        time.sleep(self._contestant.settle_s)
        while self.is_ours and self._is_indexing():
            time.sleep(POLL_S)

    def _is_indexing(self) -> bool:
        status = self.client.request("pilotfish/status", None).result
        return bool(status["index"]["state"] == "building")

    def open(self, uri: str, text: str) -> None:
        """Open a file of Python."""
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": document})

    def close(self, uri: str) -> None:
        """Close it."""
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def type(self, uri: str, line: int, column: int, text: str) -> None:
        """Write there."""
        place = {"line": line, "character": column}
        self._version += 1
        params = {
            "textDocument": {"uri": uri, "version": self._version},
            "contentChanges": [{"range": {"start": place, "end": place}, "text": text}],
        }
        self.client.notify("textDocument/didChange", params)

    def begin(self, uri: str, line: int, column: int) -> Pending:
        """Ask for a completion as an editor does by itself after a key."""
        params = {
            "textDocument": {"uri": uri},
            "position": {"line": line, "character": column},
            "context": {"triggerKind": 2, "triggerCharacter": " "},
        }
        return self.client.begin(f"textDocument/{self._contestant.method}", params)

    def ask(self, uri: str, line: int, column: int) -> tuple[float, bool]:
        """Milliseconds from now to the answer, and whether it offers something."""
        answer = self.client.wait(self.begin(uri, line, column))
        return answer.ms, bool(answer.result and answer.result["items"])

    def take(self, pending: Sequence[Pending], within_s: float) -> None:
        """Wait for answers, but not for ever: some servers leave overtaken requests without one."""
        deadline = time.monotonic() + within_s
        while pending and time.monotonic() < deadline:
            pending = [each for each in pending if self.client.look(each) is None]
            time.sleep(0.01)
