"""What `initialize` reads of the client."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types

from pilotfish.completion.pacing import EDITORS_WAIT_MS
from pilotfish.lsp.lifecycle import waited_ms


@pytest.mark.parametrize(
    ("name", "said", "wanted"),
    [
        ("Neovim", None, EDITORS_WAIT_MS["neovim"]),
        ("Neovim", {"pilotfish": {"waitsMs": 0}}, 0.0),
        ("some editor", {"pilotfish": {"waitsMs": 75}}, 75.0),
        ("some editor", {"pilotfish": {"waitsMs": -5}}, 0.0),
        ("Neovim", {"pilotfish": {"waitsMs": True}}, EDITORS_WAIT_MS["neovim"]),
        ("Neovim", {"pilotfish": {"ask": True}}, EDITORS_WAIT_MS["neovim"]),
        (None, None, 0.0),
    ],
)
def test_an_editor_may_say_how_long_it_waits_after_a_key(name: str | None, said: Any, wanted: float) -> None:
    params = types.InitializeParams(
        capabilities=types.ClientCapabilities(experimental=said),
        client_info=types.ClientInfo(name) if name else None,
    )
    assert waited_ms(params) == wanted
