"""Every test runs in Neovim 0.11 and in 0.12; one editor, server and index serve all of a version."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.neovim.editor import PLUGIN, Editor, own_environment
from tests.neovim.install import MISSING, Neovim, neovim_011, neovim_012
from tests.neovim.model import Model, running_model
from tests.neovim.rpc import RpcError
from tests.neovim.shop import build_index, write_shop

CUSTOM = {"german": {"title": "Translate {name}", "scope": "definition", "task": "Translate it into German."}}
VERSIONS = os.environ.get("PILOTFISH_NEOVIMS", "0.11 0.12").split()


@pytest.fixture(scope="session", params=VERSIONS)
def neovim(request: pytest.FixtureRequest) -> Neovim:
    if request.param == "0.11":
        return neovim_011()
    found = neovim_012()
    assert found is not None, MISSING
    return found


@pytest.fixture(scope="session")
def running() -> Iterator[Model]:
    with running_model() as model:
        yield model


@pytest.fixture
def model(running: Model) -> Model:
    """The model that does the code actions of every editor here."""
    running.forget()
    return running


@pytest.fixture(scope="session")
def environment(running: Model) -> dict[str, str]:
    """With the plugin, and the server on the path, as after `pipx install pilotfish`."""
    options = {**running.options(), "actions": {**running.options()["actions"], "custom": CUSTOM}}
    return {
        "PILOTFISH_PLUGIN": str(PLUGIN),
        "PILOTFISH_OPTIONS": json.dumps(options),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


class Desk:
    """One editor that is used again and again, and a new one after each that ended or hangs."""

    def __init__(self, neovim: Neovim, folder: Path, environment: dict[str, str]) -> None:
        self._neovim, self._folder, self._environment = neovim, folder, environment
        self._shop = write_shop(folder)
        self._files = {*self._shop.rglob("*")}
        build_index(self._shop, own_environment(neovim, folder))
        self._open: ExitStack | None = None
        self._editor: Editor | None = None

    def cleared(self) -> Editor:
        """The editor with one empty buffer, in normal mode, with a server that has its index."""
        if self._editor is not None:
            try:
                self._clear(self._editor)
            except RpcError:
                self.close()
        if self._editor is None:
            self._open = ExitStack()
            editor = Editor(self._neovim, self._folder, workspace=self._shop, environment=self._environment)
            self._editor = self._open.enter_context(editor)
            self._editor.open("orders.py")
            self._editor.until(editor.is_ready, "an index that is ready")
            self._clear(editor)
        return self._editor

    def _clear(self, editor: Editor) -> None:
        editor.press(r"<C-c><C-\><C-n>")
        editor.until(lambda: editor.mode() == "n", "normal mode")
        for file in self._shop.rglob("*.*"):
            if ".git" not in file.parts and file not in self._files:
                file.unlink()
        editor.command("silent! only! | silent! tabonly! | silent! %bwipeout! | messages clear | redraw!")
        editor.lua("Told, Asked, Progress = {}, {}, {}")

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = self._editor = None


@pytest.fixture(scope="session")
def desk(
    neovim: Neovim, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    desk = Desk(neovim, tmp_path_factory.mktemp("neovim"), environment)
    yield desk
    desk.close()


@pytest.fixture
def editor(desk: Desk) -> Editor:
    return desk.cleared()
