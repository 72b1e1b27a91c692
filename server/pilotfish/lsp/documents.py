"""What the editor has open, edits, saves and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pilotfish.lsp.convert import change_from
from pilotfish.lsp.uris import path_of

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server


def register(server: Server) -> None:
    """Announce the features of this file."""
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(did_save)


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """`textDocument/didOpen`."""
    document = params.text_document
    ls.session.open(
        document.uri, path_of(document.uri), document.language_id, document.version, document.text
    )


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """`textDocument/didChange`, whole or in edits."""
    document = params.text_document
    ls.session.change(document.uri, document.version, [change_from(edit) for edit in params.content_changes])


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """`textDocument/didClose`."""
    ls.session.close(params.text_document.uri)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """`textDocument/didSave`."""
    path = path_of(params.text_document.uri)
    if path is not None:
        ls.session.files_changed([path])
