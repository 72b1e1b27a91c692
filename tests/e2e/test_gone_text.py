"""Text that was deleted in the editor is never offered from the file that still has it, or from its index."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.lsp.wire import Wire, server_process

GONE = "    vanished = compute_vanished_thing(alpha, beta, gamma)\n"
HAS_IT = f"def first(alpha, beta, gamma):\n{GONE}    return vanished\n"
HAS_IT_NOT = HAS_IT.replace(GONE, "")
ASKING = "def second(alpha, beta, gamma):\n    vanished = \n"


async def is_offered(wire: Wire, asking: str) -> bool:
    """Asks as typing does and as a key does: the second may answer from memory."""
    answers = [await wire.answer(wire.complete(asking, 1, 15, kind)) for kind in (1, 2)]
    return any("compute_vanished" in item["insertText"] for one in answers for item in one["result"]["items"])


async def until_offered(wire: Wire, asking: str) -> None:
    while not await is_offered(wire, asking):  # noqa: ASYNC110 - another process works on it
        await asyncio.sleep(0.01)


def close(wire: Wire, uri: str) -> None:
    wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def replace(wire: Wire, uri: str, text: str) -> None:
    document = {"uri": uri, "version": 2}
    wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})


@pytest.mark.parametrize("opened_as", ["pkg/a.py", "pkg/../pkg/a.py", "link/a.py", "link.py"])
async def test_what_an_open_document_lacks_is_not_offered(tmp_path: Path, opened_as: str) -> None:
    root = tmp_path / "workspace é#1"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_text(HAS_IT)
    (root / "link").symlink_to(root / "pkg")
    (root / "link.py").symlink_to(root / "pkg" / "a.py")
    asking, uri = (root / "b.py").as_uri(), (root / opened_as).as_uri()
    async with server_process() as (wire, _), asyncio.timeout(30):
        await wire.initialize(root)
        wire.open(asking, ASKING)
        await until_offered(wire, asking)  # from the index

        wire.open(uri, HAS_IT_NOT)  # restored with unsaved edits
        assert not await is_offered(wire, asking)
        close(wire, uri)
        await until_offered(wire, asking)  # the edits were thrown away

        wire.open(uri, HAS_IT)
        await until_offered(wire, asking)  # from the document
        replace(wire, uri, HAS_IT_NOT)
        assert not await is_offered(wire, asking)

        (root / "pkg" / "a.py").write_text(HAS_IT_NOT)
        wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        close(wire, uri)
        assert not await is_offered(wire, asking), "though the index cannot have noticed yet"
        await wire.leave()
