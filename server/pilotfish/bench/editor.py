"""What an editor does with a server: opens a file, types into it, asks for ghost text after each key."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotfish import __version__
from pilotfish.bench.client import Answer, LspClient
from pilotfish.bench.keystrokes import Edited
from pilotfish.errors import ServerGone


@dataclass(frozen=True, slots=True)
class Ghost:
    """An answer to a completion request.

    Attributes:
        text: what would appear after the cursor; empty where nothing is offered.
        ms: from request to answer.
        failed: the server answered with an error.
    """

    text: str
    ms: float
    failed: bool = False


class Editor:
    """Drives one server. Columns come in code points and go out in utf-16, which every server speaks."""

    def __init__(
        self, command: Sequence[str], root: Path, environment: Mapping[str, str], timeout_s: float
    ) -> None:
        self.client = LspClient(command, environment, timeout_s)
        self._version = 0
        self._uri = ""
        self._lines: list[str] = []
        try:
            self.initialize_ms = self._initialize(root)
        except BaseException:
            self.client.close()
            raise

    def _initialize(self, root: Path) -> float:
        """Shake hands; milliseconds from the start of the process to the answer."""
        folder = {"uri": root.as_uri(), "name": root.name}
        encodings = {"general": {"positionEncodings": ["utf-16"]}}
        features = {"textDocument": {"synchronization": {"didSave": True}, "inlineCompletion": {}}}
        workspace = {"workspace": {"workspaceFolders": True, "configuration": True}}
        started = self.client.started_at
        answer = self.client.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "pilotfish bench", "version": __version__},
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "capabilities": {**encodings, **features, **workspace},
            },
        )
        if answer.error is not None or not isinstance(answer.result, dict):
            raise self.client.failure(f"it refused to start: {answer.error or answer.result!r}")
        if answer.result.get("capabilities", {}).get("inlineCompletionProvider") in (None, False):
            raise self.client.failure("it does not offer inline completion (textDocument/inlineCompletion)")
        self.client.notify("initialized", {})
        return (answer.arrived_at - started) * 1000

    def open(self, file: Edited) -> None:
        """Open a file as it is on disk, and close the one that was open."""
        if self._uri:
            self.client.notify("textDocument/didClose", {"textDocument": {"uri": self._uri}})
        self._version += 1
        self._uri = file.path.as_uri()
        self._lines = file.lines
        document = {
            "uri": self._uri,
            "languageId": file.language_id,
            "version": self._version,
            "text": file.text,
        }
        self.client.notify("textDocument/didOpen", {"textDocument": document})

    def replace(self, line: int, start: int, end: int, text: str) -> None:
        """Put `text` in place of the columns from `start` up to `end` of one line."""
        old = self._lines[line]
        places = [{"line": line, "character": _utf16(old[:column])} for column in (start, end)]
        self._version += 1
        self._lines[line] = old[:start] + text + old[end:]
        self.client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self._uri, "version": self._version},
                "contentChanges": [{"range": {"start": places[0], "end": places[1]}, "text": text}],
            },
        )

    def settle(self) -> None:
        """Wait until the server has read all that was sent: any answer will do, also "no such method"."""
        self.client.request("pilotfish/status", {})

    def complete(self, line: int, column: int) -> Ghost:
        """Ask as an editor does by itself after a key."""
        before = self._lines[line][:column]
        answer = self.client.request(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": self._uri},
                "position": {"line": line, "character": _utf16(before)},
                "context": {"triggerKind": 2},
            },
        )
        if answer.error is not None:
            return Ghost("", answer.ms, failed=True)
        return Ghost(_ghost_text(answer, line, before), answer.ms)

    def close(self) -> None:
        """End the server."""
        self.client.close()

    def status(self) -> Mapping[str, Any] | None:
        """The body of `pilotfish/status`; None from a server that does not know it."""
        answer = self.client.request("pilotfish/status", {})
        return answer.result if answer.error is None and isinstance(answer.result, dict) else None


def _ghost_text(answer: Answer, line: int, before: str) -> str:
    """What the first item adds after the cursor; the part of it that is there already is taken off."""
    try:
        items = answer.result.get("items", []) if isinstance(answer.result, dict) else answer.result or []
        if not items:
            return ""
        text = items[0]["insertText"]
        text = text["value"] if isinstance(text, dict) else text
        start = items[0]["range"]["start"] if items[0].get("range") else None
        if start is None:
            return str(text)
        there = before.encode("utf-16-le")[start["character"] * 2 :].decode("utf-16-le", "replace")
        return str(text)[len(there) :] if start["line"] == line and str(text).startswith(there) else ""
    except (KeyError, TypeError, AttributeError) as error:
        raise ServerGone(
            f"the server's completion has not the shape of one: {answer.result!r:.200}"
        ) from error


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
