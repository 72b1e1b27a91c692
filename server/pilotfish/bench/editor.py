"""What an editor does with a server: opens a file, types into it, asks for ghost text after each key."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotfish import __version__
from pilotfish.bench.client import Answer, LspClient, Pending
from pilotfish.bench.traces import Place
from pilotfish.bench.typist import LINE_END, replace
from pilotfish.errors import ServerGone

_TRIGGER_KINDS = {"invoked": 1, "automatic": 2}
"""By LSP's numbers; 2 of a completion in the menu is its trigger character."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """An answer to a completion request.

    Attributes:
        text: what would appear after the cursor; empty where nothing is offered.
        arrived_at: on the clock of `time.perf_counter`, in seconds.
        failed: the server answered with an error.
        superseded: the server answered null: a newer request takes its place.
        accepted: the command that tells the server that it was taken, if it wants to know.
    """

    text: str
    arrived_at: float
    failed: bool = False
    superseded: bool = False
    accepted: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A completion request on its way.

    Attributes:
        before: what stands before the cursor in its line.
        is_at_line_end: nothing stands behind it.
    """

    pending: Pending
    place: Place
    before: str
    is_at_line_end: bool


class Editor:
    """Drives one server. Columns come in code points and go out in utf-16, which every server speaks."""

    def __init__(
        self,
        command: Sequence[str],
        root: Path,
        environment: Mapping[str, str],
        timeout_s: float,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.client = LspClient(command, environment, timeout_s)
        self._version = 0
        self._uri = ""
        self._lines: list[str] = []
        try:
            self.initialize_ms = self._initialize(root, settings or {})
        except BaseException:
            self.client.close()
            raise

    def _initialize(self, root: Path, settings: Mapping[str, Any]) -> float:
        """Shake hands; milliseconds from the start of the process to the answer."""
        folder = {"uri": root.as_uri(), "name": root.name}
        encodings = {"general": {"positionEncodings": ["utf-16"]}}
        documents = {"synchronization": {"didSave": True}, "inlineCompletion": {}, "completion": {}}
        workspace = {"workspace": {"workspaceFolders": True, "configuration": True}}
        started = self.client.started_at
        answer = self.client.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "pilotfish bench", "version": __version__},
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "initializationOptions": dict(settings),
                "capabilities": {**encodings, "textDocument": documents, **workspace},
            },
        )
        if answer.error is not None or not isinstance(answer.result, dict):
            said = answer.error or "nothing that a language server says"
            raise self.client.failure(f"it answered `initialize` with {said}")
        self._method = self._offered(answer.result.get("capabilities") or {})
        self.client.notify("initialized", {})
        return (answer.arrived_at - started) * 1000

    def _offered(self, capabilities: Mapping[str, Any]) -> str:
        """The method to ask with: inline completion, or the list of older servers."""
        for name in ("inlineCompletion", "completion"):
            if capabilities.get(f"{name}Provider") not in (None, False):
                return f"textDocument/{name}"
        raise self.client.failure("it offers neither inline completion nor completion")

    def open(self, uri: str, language_id: str, text: str) -> None:
        """Open a file with this text, and close the one that was open."""
        if self._uri:
            self.client.notify("textDocument/didClose", {"textDocument": {"uri": self._uri}})
        self._version += 1
        self._uri = uri
        self._lines = LINE_END.split(text)
        document = {"uri": uri, "languageId": language_id, "version": self._version, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": document})

    def replace(self, start: Place, end: Place, text: str) -> Place:
        """Put `text` between two places; the place behind it."""
        places = [self._position(start), self._position(end)]
        self._version += 1
        behind = replace(self._lines, start, end, text)
        self.client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self._uri, "version": self._version},
                "contentChanges": [{"range": {"start": places[0], "end": places[1]}, "text": text}],
            },
        )
        return behind

    def has(self, place: Place) -> bool:
        """Whether the text has this place."""
        line, column = place
        return line < len(self._lines) and column <= len(self._lines[line])

    def ask(self, place: Place, trigger: str = "automatic") -> Asked:
        """Ask for ghost text as an editor does by itself after a key, or because the user "invoked" it."""
        pending = self.client.begin(
            self._method,
            {
                "textDocument": {"uri": self._uri},
                "position": self._position(place),
                "context": {"triggerKind": _TRIGGER_KINDS[trigger]},
            },
        )
        line, column = self._lines[place[0]], place[1]
        return Asked(pending, place, line[:column], len(line) == column)

    def look(self, asked: Asked) -> Ghost | None:
        """The answer, if it is there; it is given once."""
        answer = self.client.look(asked.pending)
        return None if answer is None else _ghost(answer, asked)

    def wait(self, asked: Asked) -> Ghost:
        """The answer, sooner or later."""
        return _ghost(self.client.wait(asked.pending), asked)

    def tell(self, command: Mapping[str, Any]) -> None:
        """Have the server run a command of an item that was taken; nobody waits for the answer."""
        self.client.begin(
            "workspace/executeCommand",
            {"command": command.get("command"), "arguments": command.get("arguments")},
        )

    def ask_for_traces(self, count: int) -> Pending:
        """Ask for the last of `pilotfish/trace`; they are for `traces`."""
        return self.client.begin("pilotfish/trace", {"last": count})

    def traces(self, pending: Pending) -> Sequence[Mapping[str, Any]]:
        """What the server says of its last requests; nothing if it does not know how to."""
        answer = self.client.wait(pending)
        return answer.result if answer.error is None and isinstance(answer.result, list) else []

    def _position(self, place: Place) -> dict[str, int]:
        line, column = place
        return {"line": line, "character": _utf16(self._lines[line][:column])}

    def close(self) -> None:
        """End the server."""
        self.client.close()

    def status(self) -> Mapping[str, Any] | None:
        """The body of `pilotfish/status`; None from a server that does not know it."""
        answer = self.client.request("pilotfish/status", {})
        return answer.result if answer.error is None and isinstance(answer.result, dict) else None


def _ghost(answer: Answer, asked: Asked) -> Ghost:
    """What the first item adds after the cursor; the part of it that is there already is taken off."""
    if answer.error is not None:
        return Ghost("", answer.arrived_at, failed=True)
    if answer.result is None:
        return Ghost("", answer.arrived_at, superseded=True)
    try:
        items = answer.result.get("items", []) if isinstance(answer.result, dict) else answer.result
        if not items:
            return Ghost("", answer.arrived_at)
        text, start = _inserted(items[0])
        if start is not None:
            there = asked.before.encode("utf-16-le")[start["character"] * 2 :].decode("utf-16-le", "replace")
            fits = start["line"] == asked.place[0] and text.startswith(there)
            text = text[len(there) :] if fits else ""
        return Ghost(text, answer.arrived_at, accepted=items[0].get("command"))
    except (KeyError, TypeError, AttributeError) as error:
        raise ServerGone(
            f"the server's completion has not the shape of one: {answer.result!r:.200}"
        ) from error


def _inserted(item: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None]:
    """An item's text and where it begins, of an inline completion or of a completion."""
    edit = item.get("textEdit")
    if edit is not None:
        return str(edit["newText"]), (edit.get("range") or edit["insert"])["start"]
    text = item.get("insertText", item.get("label"))
    text = text["value"] if isinstance(text, dict) else text
    if text is None:
        raise KeyError("insertText")
    return str(text), item["range"]["start"] if item.get("range") else None


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
