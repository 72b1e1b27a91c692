"""The first minutes on a new machine, in a folder that nobody trusts: no manual, no stranger's program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.node import NODE
from tests.vscode.code_server import code_server, until
from tests.vscode.stage import Stage, workspace
from tests.vscode.window import open_window

NEIGHBOUR = {
    "publisher": "tabnine",
    "name": "tabnine-vscode",
    "displayName": "A Neighbour",
    "version": "1.0.0",
    "engines": {"vscode": "^1.91.0"},
}
"""An extension of a known id."""
MOVE = "package ledger\n\nfunc (l *Ledger) Move(name string, cents int64) error {\n\t$0\n"


@pytest.fixture
def fresh(chrome: Browser, vsix: Path, tmp_path: Path) -> Iterator[Stage]:
    """A window without a server anywhere; the folder brings settings and a program of its own.

    Another extension that offers inline completions is there.
    """
    code = workspace(tmp_path / "code")
    planted = code / "pilotfish-server"
    planted.write_text(f"#!/bin/sh\ntouch {tmp_path / 'was-run'}\n")
    planted.chmod(0o755)
    (code / ".vscode").mkdir()
    (code / ".vscode" / "settings.json").write_text(json.dumps({"pilotfish.path": str(planted)}))
    python = Path(sys.executable).resolve().parent
    path = os.pathsep.join(map(str, [NODE.parent, python, "/usr/bin", "/bin"]))
    environment = {"PATH": path, "HOME": str(tmp_path / "home")}
    beside = tmp_path / "neighbour"
    beside.mkdir()
    (beside / "package.json").write_text(json.dumps(NEIGHBOUR))
    own = tmp_path / "own"
    with code_server(own, code, extensions=(vsix, beside), trusting=False, environment=environment) as server:
        yield Stage(open_window(server, chrome))


def test_the_server_is_set_up_where_the_user_agrees(fresh: Stage, tmp_path: Path) -> None:
    toast = fresh.until_notified("the server is not on this machine yet")
    assert "set up" in fresh.window.page.locator('[id="pilotfish.pilotfish.status"]').inner_text()
    toast.get_by_role("button", name="Set Up").click()
    fresh.until_notified("setting up the server")
    until(lambda: "files known" in fresh.state(), lambda: f"the server; there is {fresh.state()!r}", 180)
    fresh.until_notified("A Neighbour can offer inline completions too")
    fresh.open("audit.go", MOVE)
    fresh.window.type("if _, ok := ")
    fresh.window.until_ghost("l.balances[name]; !ok {")
    assert not (tmp_path / "was-run").exists()
