"""An editor for tests of code actions: it keeps documents, applies edits as editors do, and can be rude."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pilotfish.text.document import Position, Range
from pilotfish.text.edit import Edit, applied
from pilotfish.text.lines import split_lines
from tests.lsp.wire import Message, Wire

CAPABILITIES: Message = {
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
    },
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor"]}},
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
            "tagSupport": {"valueSet": [1]},
        }
    },
    "general": {"positionEncodings": ["utf-32"]},
}


@dataclass
class Editor:
    """What an editor knows.

    Attributes:
        texts, versions: of the open documents.
        undo: the texts before each edit that was applied.
        drops: whether it silently drops edits of another version, and says that it applied them (Neovim).
        is_deaf: whether it drops every edit, and says so as well.
    """

    wire: Wire
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    undo: list[dict[str, str]] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    drops: bool = False
    is_deaf: bool = False

    def __post_init__(self) -> None:
        self.wire.replies["workspace/applyEdit"] = lambda params: {"applied": self.apply(params["edit"])}

    def open(self, uri: str, text: str, language: str = "python") -> None:
        self.texts[uri], self.versions[uri] = text, 1
        self.wire.open(uri, text, language)

    def type(self, uri: str, edits: list[Edit]) -> None:
        """The user edits."""
        self._change(uri, edits)

    def apply(self, edit: Mapping[str, Any]) -> bool:
        """`workspace/applyEdit`."""
        if self.is_deaf:
            return True
        changes: dict[str, list[Edit]] = {}
        for uri, edits in (edit.get("changes") or {}).items():
            changes[uri] = [edit_from(each) for each in edits]
        for change in edit.get("documentChanges") or ():
            if change.get("kind") == "create":
                self.texts[change["uri"]], self.versions[change["uri"]] = "", 0
                self.created.append(change["uri"])
                continue
            uri, version = change["textDocument"]["uri"], change["textDocument"]["version"]
            if version is not None and version != self.versions.get(uri):
                return self.drops
            changes[uri] = [edit_from(each) for each in change["edits"]]
        self.undo.append(dict(self.texts))
        for uri, edits in changes.items():
            self._change(uri, edits)
        return True

    def _change(self, uri: str, edits: list[Edit]) -> None:
        self.texts[uri] = applied(split_lines(self.texts.get(uri, "")), edits)
        self.versions[uri] = self.versions.get(uri, 0) + 1
        if uri in self.created:
            return
        # From the end to the start: then each speaks of the text before all of them.
        ordered = sorted(edits, key=lambda edit: edit.range.start, reverse=True)
        self.wire.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": self.versions[uri]},
                "contentChanges": [{"range": range_to(edit.range), "text": edit.text} for edit in ordered],
            },
        )

    # --- actions ----------------------------------------------------------------------------------

    async def actions(self, uri: str, span: Range, **context: Any) -> list[Message]:
        params = {
            "textDocument": {"uri": uri},
            "range": range_to(span),
            "context": {"diagnostics": [], **context},
        }
        found: list[Message] = await self.wire.request("textDocument/codeAction", params)
        return found

    async def action(self, uri: str, span: Range, title: str, **context: Any) -> Message:
        """The offered action whose title begins so."""
        found = await self.actions(uri, span, **context)
        fitting = [action for action in found if action["title"].startswith(title)]
        assert fitting, [action["title"] for action in found]
        return fitting[0]

    async def do(self, action: Message, **arguments: Any) -> Message:
        """Run an action as an editor does; the command's whole answer."""
        if action.get("command") is None:
            action = await self.wire.request("codeAction/resolve", action)
        if action.get("edit"):
            assert self.apply(action["edit"])
            return {"result": None}
        command = action["command"]
        if arguments:
            command = {**command, "arguments": [{**command["arguments"][0], **arguments}]}
        params = {"command": command["command"], "arguments": command["arguments"]}
        return await self.wire.answer(self.wire.send("workspace/executeCommand", params))

    def progress(self) -> list[Message]:
        return [each["params"]["value"] for each in self.wire.notifications if each["method"] == "$/progress"]


def edit_from(said: Mapping[str, Any]) -> Edit:
    start, end = said["range"]["start"], said["range"]["end"]
    span = Range(Position(start["line"], start["character"]), Position(end["line"], end["character"]))
    return Edit(span, said["newText"])


def range_to(span: Range) -> Message:
    return {
        "start": {"line": span.start.line, "character": span.start.column},
        "end": {"line": span.end.line, "character": span.end.column},
    }


def lines(first: int, end: int) -> Range:
    """Whole lines."""
    return Range(Position(first, 0), Position(end, 0))


def at(line: int, column: int = 0) -> Range:
    """A cursor."""
    return Range(Position(line, column), Position(line, column))


def scripted(*chunks: str, settings: Message | None = None, **script: Any) -> Message:
    """`initializationOptions` with a model that says these pieces."""
    return {
        "index": {"enabled": False},
        "backend": ["embedded", "echo"],
        "backends": {"echo": {"kind": "echo", "options": {"chunks": list(chunks), **script}}},
        **(settings or {}),
    }
