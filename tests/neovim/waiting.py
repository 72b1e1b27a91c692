"""What tests wait for before they begin."""

from __future__ import annotations

from tests.neovim.editor import Editor


def is_ready(editor: Editor) -> bool:
    """Whether there is a server, and it has its index."""
    status = editor.status()
    return bool(status) and status["index"]["state"] == "ready"
