"""The floor: the barest pygls server that answers an inline completion, run beside the server under test.

It keeps no documents (sync kind none, although the client sends it the same edits), so that its round trip is
the transport's alone. A process of its own: `python -m pilotfish.bench.echo_server`.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from pilotfish import __version__


def main() -> None:
    """Serve on stdin and stdout until the client leaves."""
    server = LanguageServer("echo", __version__, text_document_sync_kind=types.TextDocumentSyncKind.None_)

    @server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
    def echo(params: types.InlineCompletionParams) -> types.InlineCompletionList:
        place = types.Range(params.position, params.position)
        return types.InlineCompletionList([types.InlineCompletionItem("echo", range=place)])

    server.start_io()


if __name__ == "__main__":
    main()
