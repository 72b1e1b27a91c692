"""Code actions with the capabilities of real editors, against a real `pilotfish serve` over stdio."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from pilotfish.lsp.convert import range_from
from pilotfish.text.document import Document
from pilotfish.text.edit import Edit, applied
from pilotfish.text.lines import split_lines
from pilotfish.text.positions import Encoding, units_of
from tests.actions.editor import scripted

URI = "file:///workspace/a.py"
OLD = "# é😀 äöü\n\n\ndef f(a):  # 😀\n    return 'é😀' + json.dumps(a)\n"
NEW = OLD.replace("# 😀\n", '# 😀\n    """Eff é😀."""\n')
ANSWER = ("```python\n", *NEW.splitlines(keepends=True)[3:], "```\n")
ENCODINGS = {"neovim": Encoding.UTF8, "visual_studio_code": Encoding.UTF16, "emacs": Encoding.UTF32}


@pytest_lsp.fixture(
    params=list(ENCODINGS),
    config=ClientServerConfig(server_command=[sys.executable, "-P", "-m", "pilotfish", "serve"]),
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    params = types.InitializeParams(
        capabilities=client_capabilities(request.param), initialization_options=scripted(*ANSWER)
    )
    result = await lsp_client.initialize_session(params)
    assert result.capabilities.position_encoding == ENCODINGS[request.param].value
    yield
    await lsp_client.shutdown_session()


class Buffer:
    """What the editor has, kept in the encoding of its profile."""

    def __init__(self, client: LanguageClient, encoding: Encoding) -> None:
        self.client, self.encoding, self.text, self.version = client, encoding, OLD, 1
        client.feature(types.WORKSPACE_APPLY_EDIT)(partial(Buffer.take, self))
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "python", 1, OLD))
        )

    def take(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        self.apply(params.edit)
        change = types.TextDocumentContentChangeWholeDocument(self.text)
        self.version += 1
        version = types.VersionedTextDocumentIdentifier(uri=URI, version=self.version)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))
        return types.ApplyWorkspaceEditResult(applied=True)

    def apply(self, edit: types.WorkspaceEdit) -> None:
        edits: list[Any] = []
        for change in edit.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            edits += change.edits
        edits += (edit.changes or {}).get(URI, [])
        document = Document(URI, None, "python", self.version, split_lines(self.text))
        ours = [Edit(range_from(document, each.range, self.encoding), each.new_text) for each in edits]
        self.text = applied(document.lines, ours)

    async def do(self, title: str, line: int, column: int) -> None:
        here = types.Position(line, column)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(URI), types.Range(here, here), types.CodeActionContext([])
        )
        found = await self.client.text_document_code_action_async(params)
        action = next(each for each in found or () if each.title.startswith(title))
        if isinstance(action, types.Command):
            # lsprotocol takes an action that carries a command for one, and its command for a string.
            command = ast.literal_eval(action.command)
            asked = types.ExecuteCommandParams(command["command"], command["arguments"])
            await self.client.workspace_execute_command_async(asked)
            return
        resolved = await self.client.code_action_resolve_async(action)
        assert resolved.edit is not None
        self.apply(resolved.edit)


@pytest.fixture
def buffer(client: LanguageClient, request: pytest.FixtureRequest) -> Buffer:
    return Buffer(client, ENCODINGS[request.node.callspec.params["client"]])


async def test_a_model_changes_the_text(buffer: Buffer) -> None:
    async with asyncio.timeout(60):
        await buffer.do("Document f", 3, 4)
    assert buffer.text == NEW


async def test_a_missing_import_is_added(buffer: Buffer) -> None:
    line = OLD.splitlines()[4]
    column = units_of(line, line.index("json") + 1, buffer.encoding)
    async with asyncio.timeout(60):
        await buffer.do("Add `import json`", 4, column)
    assert buffer.text == OLD.replace("def f", "import json\n\n\ndef f")
    compile(buffer.text, "a.py", "exec")
