"""One VS Code and one page for all tests of this folder; each test has files of its own in the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from clients.vscode.scripts import pack
from tests.vscode.code_server import browser, code_server
from tests.vscode.stage import PILOTFISH, ROOT, Stage, workspace
from tests.vscode.window import open_window

SCREENS = ROOT / "build" / "vscode"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test starts an editor, and a busy machine needs its time for that."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="package")
def vsix() -> Path:
    """The extension as it stands in the work tree, packed for users."""
    return pack.make()


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def opened(chrome: Browser, vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("vscode")
    code = workspace(folder / "code")
    machine = {"pilotfish.path": str(PILOTFISH)}
    with code_server(folder / "own", code, extensions=(vsix,), machine=machine) as server:
        stage = Stage(open_window(server, chrome))
        stage.until_ready()
        yield stage
        stage.window.page.context.close()


@pytest.fixture
def stage(opened: Stage, request: pytest.FixtureRequest) -> Iterator[Stage]:
    failed_before, files = request.session.testsfailed, opened.files_known()
    yield opened
    said = opened.notifications()
    if said or request.session.testsfailed > failed_before:
        SCREENS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")
        opened.window.page.screenshot(path=SCREENS / f"{name}.png")
    opened.clear(files)
    assert said == []  # Nothing is told that a test has not put away itself.
