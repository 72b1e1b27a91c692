"""Changes of documents in the protocol's words, as far as the client understands them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from pilotfish.lsp.convert import range_to

if TYPE_CHECKING:
    from pilotfish.lsp.server import Server
    from pilotfish.text.document import Document
    from pilotfish.text.edit import Edit


def workspace_edit(ls: Server, document: Document, edits: Sequence[Edit]) -> types.WorkspaceEdit:
    """Edits of one document, bound to its version where the client can check that."""
    text_edits = [types.TextEdit(range_to(document, edit.range, ls.encoding), edit.text) for edit in edits]
    if not takes_versions(ls):
        return types.WorkspaceEdit(changes={document.uri: text_edits})
    version = document.version if document.version >= 0 else None
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, text_edits)])


def new_file_edit(ls: Server, document: Document) -> types.WorkspaceEdit:
    """A new file with a document's text. A client that makes no files opens it, to be saved."""
    start = types.Position(0, 0)
    text = types.TextEdit(types.Range(start, start), document.text)
    if not takes_versions(ls):
        return types.WorkspaceEdit(changes={document.uri: [text]})
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=None)
    filled = types.TextDocumentEdit(identifier, [text])
    workspace = ls.client.workspace
    can = (
        workspace.workspace_edit.resource_operations if workspace and workspace.workspace_edit else ()
    ) or ()
    made = types.CreateFile(document.uri, options=types.CreateFileOptions(overwrite=False))
    is_able = types.ResourceOperationKind.Create in can
    return types.WorkspaceEdit(document_changes=[made, filled] if is_able else [filled])


def takes_versions(ls: Server) -> bool:
    """Whether edits can be bound to a version. Neovim takes them without saying so."""
    workspace = ls.client.workspace
    said = workspace.workspace_edit.document_changes if workspace and workspace.workspace_edit else False
    return bool(said) or ls.client_name == "Neovim"
