"""A document of ours, beside the user's: a file in the cache that the editor is asked to open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from lsprotocol import types

from pilotfish.lsp.errors import RequestError
from pilotfish.platform.paths import cache_directory, make_private

if TYPE_CHECKING:
    from pathlib import Path

    from pilotfish.lsp.server import Server


async def show_markdown(ls: Server, name: str, text: str) -> str:
    """Write a document, have it shown, and return its uri; the one shown before under this name is replaced.

    Raises:
        IndexFault: it cannot be written.
    """
    path = await asyncio.to_thread(_write, name, text)
    ls.background.run(show_document(ls, path))
    return path.as_uri()


async def show_document(ls: Server, path: Path) -> None:
    """`window/showDocument`; of a client that cannot, the user is told where the file is."""
    window = ls.client.window
    if window and window.show_document and window.show_document.support:
        params = types.ShowDocumentParams(path.as_uri(), take_focus=False)
        with suppress(RequestError):
            await ls.protocol.ask(types.WINDOW_SHOW_DOCUMENT, params)
        return
    message = types.ShowMessageParams(types.MessageType.Info, f"pilotfish: the answer is in {path}")
    ls.protocol.notify(types.WINDOW_SHOW_MESSAGE, message)


def _write(name: str, text: str) -> Path:
    path = make_private(cache_directory() / "shown") / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path
