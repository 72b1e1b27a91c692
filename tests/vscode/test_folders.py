"""Windows on several folders, which come and go while it runs, and on a folder that is on no disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.vscode.code_server import until
from tests.vscode.stage import Stage
from tests.vscode.window import open_window

SHIP = (
    "class Ship:\n    def board(self, guest: str) -> None:\n        self.manifest_of_guests.append(guest)\n"
)
TRAIN = (
    "class Train:\n    def board(self, guest: str) -> None:\n        self.seats_by_carriage[guest] = True\n"
)
PLANE = "class Plane:\n    def board(self, guest: str) -> None:\n        self.tickets_by_gate[guest] = True\n"
VIRTUAL = "nowhere:/repository"

_FOLDERS = """
  const uris = given.added.map((path) => ({ uri: vscode.Uri.file(path) }));
  const done = new Promise((resolve) => vscode.workspace.onDidChangeWorkspaceFolders(resolve));
  vscode.workspace.updateWorkspaceFolders(given.at, given.removed, ...uris);
  await done;
"""
_IS_THERE = "return vscode.extensions.getExtension('pilotfish.pilotfish') !== undefined"
_SHOW_IT = "await vscode.commands.executeCommand('workbench.extensions.search', '@installed pilotfish')"


@pytest.fixture
def folders(opened: Stage, chrome: Browser, tmp_path: Path) -> Iterator[Stage]:
    """A window on the folders `ship` and `train`; the first one's own settings leave a file of it out."""
    for name, text in {"ship": SHIP, "train": TRAIN, "plane": PLANE}.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "boarding.py").write_text(text)
        (folder / "old.py").write_text(f"# What {name} was.\n")
    (tmp_path / "ship" / ".pilotfish.toml").write_text('[index]\nexclude = ["old.py"]\n')
    listed = tmp_path / "travel.code-workspace"
    listed.write_text(json.dumps({"folders": []}))
    window = open_window(opened.window.server, chrome, shown=str(listed))
    # Over a network the editor sometimes overlooks what stands in the file at the start, but not what is
    # written to it later. For a new first folder it starts all extensions anew.
    listed.write_text(json.dumps({"folders": [{"path": "ship"}, {"path": "train"}]}))
    yield Stage(window)
    window.page.close()


def continues(stage: Stage, folder: Path, typed: str, ghost: str) -> None:
    """In a new file of this folder, this is offered behind that."""
    stage.open(str(folder / "new.py"), "class New:\n    def go(self, guest: str) -> None:\n        $0\n")
    stage.window.type(typed)
    stage.window.press("Shift+Alt+K", "p")
    stage.window.until_ghost(ghost)
    stage.clear()


def test_each_folder_has_its_index_and_settings_also_one_that_is_added(
    folders: Stage, tmp_path: Path
) -> None:
    folders.until_state("4 files known")  # Among them the settings, and not what they leave out.
    continues(folders, tmp_path / "ship", "self.manifest", "_of_guests.append(guest)")
    continues(folders, tmp_path / "train", "self.seats", "_by_carriage[guest] = True")

    folders.window.run(_FOLDERS, at=2, removed=0, added=[str(tmp_path / "plane")])
    folders.until_state("6 files known")
    continues(folders, tmp_path / "plane", "self.tickets", "_by_gate[guest] = True")

    folders.window.run(_FOLDERS, at=1, removed=1, added=[])
    folders.until_state("4 files known")
    continues(folders, tmp_path / "plane", "self.tickets", "_by_gate[guest] = True")
    path = folders.open(str(tmp_path / "ship" / "other.py"), "class Other:\n    $0\n")
    folders.window.type("self.seats")
    folders.window.press("Shift+Alt+K", "p")
    until(lambda: folders.traces(path)[-1:], "a request")
    assert "_by_carriage" not in folders.window.ghost(), "the folder has been removed"


def test_in_a_folder_that_is_on_no_disk_the_editor_says_why_it_is_off(opened: Stage, chrome: Browser) -> None:
    window = open_window(opened.window.server, chrome, shown=VIRTUAL)
    assert not window.run(_IS_THERE)
    window.run(_SHOW_IT)
    window.page.locator(".extensions-list .monaco-list-row", has_text="pilotfish").first.click()
    window.page.wait_for_selector(".extension-editor :text('a virtual workspace has none')")
    window.page.close()
