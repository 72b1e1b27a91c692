"""The capabilities of real editors, as pytest-lsp keeps them: each sees ghost text where its cursor is."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

OPTIONS = {"index": {"enabled": False}, "completion": {"min_confidence": 0}}
URI = "file:///workspace/a.py"
LINE = "name = 'é😀'; total = compute(left, right)"
TYPED = "name = 'é😀'; tot"
ENCODINGS = {
    "neovim": ("utf-8", "utf-8", 1),
    "visual_studio_code": ("utf-16", "utf-16-le", 2),
    "emacs": ("utf-32", "utf-32-le", 4),
}


@pytest_lsp.fixture(
    params=list(ENCODINGS),
    config=ClientServerConfig(server_command=[sys.executable, "-P", "-m", "pilotfish", "serve"]),
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    capabilities = client_capabilities(request.param)
    params = types.InitializeParams(capabilities=capabilities, initialization_options=OPTIONS)
    result = await lsp_client.initialize_session(params)
    assert result.capabilities.position_encoding == ENCODINGS[request.param][0]
    yield
    await lsp_client.shutdown_session()


async def test_ghost_text_is_shown_where_the_cursor_is(
    client: LanguageClient, request: pytest.FixtureRequest
) -> None:
    _, codec, unit_bytes = ENCODINGS[request.node.callspec.params["client"]]

    def units(text: str) -> int:
        return len(text.encode(codec)) // unit_bytes

    document = types.TextDocumentItem(URI, "python", 0, f"{LINE}\n")
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    end = types.Position(1, 0)
    for typed in (TYPED[:10], TYPED[10:]):
        change = types.TextDocumentContentChangePartial(range=types.Range(end, end), text=typed)
        version = types.VersionedTextDocumentIdentifier(uri=URI, version=1)
        client.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))
        end = types.Position(1, end.character + units(typed))
    answer = await client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
            types.TextDocumentIdentifier(URI),
            end,
        )
    )
    assert isinstance(answer, types.InlineCompletionList)
    item = answer.items[0]
    start = types.Position(1, units(TYPED.removesuffix("tot")))
    assert item.range == types.Range(start, end)
    assert item.insert_text == LINE[LINE.index("total") :]
    assert not client.messages
