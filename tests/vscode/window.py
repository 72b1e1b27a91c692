"""A window of the real VS Code: what its user does by keys, and what is on the screen."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.vscode.code_server import TIMEOUT_S, CodeServer, until

# Ghost text as one string: its first line is spans in the line of the cursor, cut by syntax colouring;
# further lines stand in a zone of their own, which has no size.
_GHOST = r"""() => {
  const said = (list) => [...list].map((each) => each.textContent).join('').replaceAll('\u00a0', ' ');
  const cell = document.querySelector('.notebook-editor .monaco-editor.focused');
  const editor = cell ?? document.querySelector('.editor-instance');
  if (!editor) return '';
  const spans = '.view-lines .ghost-text-decoration, .view-lines .ghost-text-decoration-preview';
  const lines = [...editor.querySelectorAll('.suggest-preview-text .view-line')];
  return said(editor.querySelectorAll(spans)) + lines.map((line) => '\n' + said([line])).join('');
}"""

_OPEN = """
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(given.path));
  const selection = new vscode.Range(...given.span.map((offset) => document.positionAt(offset)));
  await vscode.window.showTextDocument(document, { preview: false, selection });
"""


@dataclass
class Window:
    """One page of a code-server.

    Attributes:
        driver: where the tests' own extension in it listens.
    """

    server: CodeServer
    page: Page
    driver: Path

    def run(self, script: str, **given: Any) -> Any:
        """What an async JavaScript function of `vscode` and `given`, whose body this is, returns."""
        with socket.socket(socket.AF_UNIX) as asked:
            asked.settimeout(TIMEOUT_S)
            asked.connect(str(self.driver))
            asked.sendall(json.dumps({"script": script, "given": given}).encode() + b"\n")
            answer = json.loads(asked.makefile(encoding="utf-8").readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]

    # --- what the user does ------------------------------------------------------------------------

    def open(self, path: Path, span: tuple[int, int] = (0, 0)) -> None:
        """Open a file with the cursor at an offset, in UTF-16 code units, or with a part selected."""
        self.run(_OPEN, path=str(path), span=span)
        self.page.wait_for_selector(".editor-instance .monaco-editor.focused")

    def press(self, *keys: str) -> None:
        """Press keys, as Playwright names them."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str, delay_ms: float = 30) -> None:
        """Type as a person does, a key at a time."""
        self.page.keyboard.type(text, delay=delay_ms)

    def command(self, title: str) -> None:
        """Run a command by its title from the palette, as a user who does not know its key."""
        self.press("F1")
        self.page.wait_for_selector(".quick-input-widget:visible .quick-input-list .monaco-list-row")
        self.page.keyboard.insert_text(title)
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=title).first
        row.wait_for()
        self.press("Enter")

    def save(self) -> None:
        """Save the file that is open, to the disk; a key would not say when that is done."""
        self.run("await vscode.commands.executeCommand('workbench.action.files.save')")

    # --- what is on the screen ---------------------------------------------------------------------

    def ghost(self) -> str:
        """The ghost text, all its lines; nothing without one."""
        return str(self.page.evaluate(_GHOST))

    def until_ghost(self, text: str) -> None:
        """Wait until this is the ghost text; the empty string for none."""
        until(lambda: self.ghost() == text, lambda: f"the ghost text {text!r}; shown is {self.ghost()!r}", 20)

    def text(self) -> str:
        """The text of the active editor."""
        return str(self.run("return vscode.window.activeTextEditor.document.getText()"))

    def until_text(self, text: str) -> None:
        """Wait until the active editor holds this."""
        until(lambda: self.text() == text, lambda: f"{text!r} instead of {self.text()!r}", 15)


def open_window(
    server: CodeServer, browser: Browser, width: int = 1280, height: int = 800, *, shown: str | None = None
) -> Window:
    """A new window on the server's workspace or what else is to be shown, when its extensions are there."""
    shown = shown or str(server.workspace)
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(TIMEOUT_S * 1000)
    page.goto(server.url(shown))
    page.wait_for_selector(".monaco-workbench .part.editor")
    driver = server.driver(shown)
    until(driver.exists, "the extension host")
    return Window(server, page, driver)
