"""What the tests of this folder work in: real code, a window on it, and files with a cursor."""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from pilotfish.bench.stub import running
from pilotfish.bench.stub_model import Script
from tests.marked import CURSOR
from tests.vscode.code_server import until
from tests.vscode.window import Window

ROOT = Path(__file__).parents[2]
PILOTFISH = Path(sys.executable).with_name("pilotfish")

_CLOSE_ALL = """
  while (vscode.window.tabGroups.activeTabGroup.activeTab) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('notifications.clearAll');
"""
_REQUEST = """
  const extension = vscode.extensions.getExtension('pilotfish.pilotfish');
  return await (await extension.activate()).request(given.method, given.params);
"""
_SET = """
  const before = [];
  for (const [name, value] of given.settings) {
    const own = vscode.workspace.getConfiguration('pilotfish');
    before.unshift([name, own.inspect(name).globalValue]);
    await own.update(name, value ?? undefined, true);
  }
  return before;
"""
_OFFER = """
  globalThis.offered = vscode.languages.registerCompletionItemProvider(given.language, {
    provideCompletionItems: () => given.words.map((word) => new vscode.CompletionItem(word)),
  });
"""


def workspace(folder: Path) -> Path:
    """A folder with this project's own server and small programs in other languages."""
    compiled = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "server" / "pilotfish", folder / "pilotfish", ignore=compiled)
    for file in (Path(__file__).parent / "code").iterdir():
        shutil.copy(file, folder)
    return folder


@dataclass
class Stage:
    """A window with pilotfish in it.

    Attributes:
        window: its keys and its screen.
        made: the files of the test that runs.
        numbers: what makes the names of files new.
    """

    window: Window
    made: list[Path] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def make(self, name: str, text: str, *, is_numbered: bool = True) -> Path:
        """Make a file; its name gets a number, since the editor remembers what one of the same name held."""
        path = self.window.server.workspace / name
        if is_numbered:
            path = path.with_stem(f"{path.stem}_{next(self.numbers)}")
        path.write_bytes(text.encode())
        self.made.append(path)
        return path

    def open(self, name: str, text: str, *, is_numbered: bool = True) -> Path:
        """Make a file and open it with the cursor at `$0`; between two of these is what is selected."""
        parts = text.split(CURSOR)
        assert len(parts) in {2, 3}, "one cursor or one selection, please"
        path = self.make(name, "".join(parts), is_numbered=is_numbered)
        start = _units(parts[0])
        self.window.open(path, (start, start + (_units(parts[1]) if len(parts) == 3 else 0)))
        return path

    def request(self, method: str, **params: Any) -> Any:
        """Ask the pilotfish server that this window started."""
        return self.window.run(_REQUEST, method=method, params=params)

    def traces(self, path: Path) -> list[dict[str, Any]]:
        """What became of the requests in a file, the newest last."""
        return [each for each in self.request("pilotfish/trace", last=500) if each["uri"] == path.as_uri()]

    def until_event(self, path: Path, event: str) -> None:
        """Wait until the server has written down that this became of something that it offered in a file."""

        def written() -> bool:
            lines = self.window.server.traces()
            ids = {each["id"] for each in lines if each.get("uri") == path.as_uri()}
            return any(each.get("event") == event and each["id"] in ids for each in lines)

        until(written, f"the event {event!r} in {path.name}")

    @contextmanager
    def words(self, language: str, *words: str) -> Iterator[None]:
        """While this lasts, the editor's ordinary menu offers these words, as by another extension."""
        self.window.run(_OFFER, language=language, words=words)
        try:
            yield
        finally:
            self.window.run("globalThis.offered.dispose()")

    def notifications(self) -> list[str]:
        """What stands in the corner of the screen."""
        messages = self.window.page.locator(".notification-toast .notification-list-item-message")
        return messages.all_inner_texts()

    def clear_notifications(self) -> None:
        """Put them away, as by their button, which only shows itself to a mouse."""
        self.window.run("await vscode.commands.executeCommand('notifications.clearAll')")
        until(lambda: not self.notifications(), "the notifications to go")

    def until_notified(self, words: str) -> Locator:
        """Wait for a notification with these words."""
        toast = self.window.page.locator(".notification-toast", has_text=words)
        toast.wait_for()
        return toast

    def choose_in_menu(self, label: str) -> None:
        """Open the menu of the status bar item and choose from it, as by mouse."""
        self.window.page.locator('[id="pilotfish.pilotfish.status"]').click()
        row = self.window.page.locator(".quick-input-list .monaco-list-row", has_text=label)
        row.wait_for()
        row.click()

    def state(self) -> str:
        """What the status bar says to somebody who hears it: `ready: embedded, 120 files known`."""
        item = self.window.page.locator('[id="pilotfish.pilotfish.status"] [aria-label]').first
        return (item.get_attribute("aria-label") or "").removeprefix("pilotfish: ") if item.count() else ""

    def until_state(self, words: str) -> str:
        """Wait until the status bar says so; its whole sentence."""
        seen = [""]

        def said() -> bool:
            seen.append(self.state())
            return words in seen[-1]

        until(said, lambda: f"{words!r}; the status bar says {seen[-1]!r}")
        return seen[-1]

    @contextmanager
    def settings(self, **changed: Any) -> Iterator[None]:
        """While this lasts, the user's settings say this too; `__` in a name stands for a dot."""
        settings = [(name.replace("__", "."), value) for name, value in changed.items()]
        before = self.window.run(_SET, settings=settings)
        try:
            yield
        finally:
            self.window.run(_SET, settings=before)

    @contextmanager
    def model(self, script: Script) -> Iterator[Path]:
        """While this lasts, a model that says what it is told stands behind the engine; its log."""
        with (
            tempfile.TemporaryDirectory() as folder,
            running(script, Path(folder)) as (url, log),
            self.settings(
                backends={"stub": {"kind": "openai-shaped", "url": f"{url}/v1", "model": "stub"}},
                backend=["embedded", "stub"],
            ),
        ):
            self.until_state("stub")
            yield log
        self.until_state("ready: embedded,")

    def until_ready(self) -> None:
        """Wait until the whole workspace is known."""
        self.until_state("files known")

    def files_known(self) -> int:
        """How many files are in the index."""
        return int(self.request("pilotfish/status")["index"]["files"])

    def clear(self, files: int | None = None) -> None:
        """Leave nothing to the next test; wait a while until the index knows as many files as before it."""
        self.window.press("Escape", "Escape")
        self.window.run(_CLOSE_ALL)
        for path in self.made:
            path.unlink(missing_ok=True)
        self.made.clear()
        with suppress(AssertionError):  # The last that was saved may have been counted only later.
            until(lambda: files in (None, self.files_known()), "the files to be forgotten", 3)


def _units(text: str) -> int:
    """The length as the editor counts."""
    return len(text.encode("utf-16-le")) // 2
