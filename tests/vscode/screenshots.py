"""Pictures of the extension for docs/, taken in the real VS Code: `python -m tests.vscode.screenshots`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from clients.vscode.scripts import pack
from pilotfish.bench.stub_model import Script
from tests.vscode.code_server import browser, code_server
from tests.vscode.stage import PILOTFISH, ROOT, Stage, workspace
from tests.vscode.test_actions import ANSWER, SELECTED, instruct, until_proposed
from tests.vscode.window import open_window

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 960, 640

_LEDGER = """package ledger

// Total adds up what all accounts hold.
func (l *Ledger) Total() int64 {
	var total int64
	for _, cents := range l.balances {
		total += cents
	}
	return total
}

// Sorted lists the accounts by name.
func (l *Ledger) Sorted() []string {
	names := make([]string, 0, len(l.balances))
	$0
"""


def ghost_text(stage: Stage) -> None:
    """What the engine offers from the user's own code."""
    stage.open("report.go", _LEDGER, is_numbered=False)
    stage.window.press("Shift+Alt+K", "p")
    stage.window.page.wait_for_selector(".suggest-preview-text .view-line", state="attached")


def code_action(stage: Stage) -> None:
    """The light bulb's menu."""
    stage.open("circle.py", SELECTED, is_numbered=False)
    stage.window.press("Control+.")
    stage.window.page.wait_for_selector(".action-widget .monaco-list-row.action")


def edit_preview(stage: Stage) -> None:
    """A change that waits for the user's word."""
    stage.open("circles.py", SELECTED, is_numbered=False)
    instruct(stage, "say it in one line")
    until_proposed(stage)
    stage.window.page.wait_for_selector(".notification-toast", state="detached")


def menu(stage: Stage) -> None:
    """Behind the status bar item."""
    stage.open("accounts.go", _LEDGER, is_numbered=False)
    stage.window.page.locator('[id="pilotfish.pilotfish.status"]').click()
    stage.window.page.wait_for_selector(".quick-input-list .monaco-list-row")


def walkthrough(stage: Stage) -> None:
    """The first steps."""
    stage.window.command("First Steps")
    stage.window.page.wait_for_selector(".getting-started-step")


ALONE = (ghost_text, menu, walkthrough)
WITH_A_MODEL = (code_action, edit_preview)


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screenshots-") as name, ExitStack() as stack:
        folder = Path(name)
        code = workspace(folder / "code")
        machine = {"pilotfish.path": str(PILOTFISH)}
        server = stack.enter_context(
            code_server(folder / "own", code, extensions=(pack.make(),), machine=machine)
        )
        stage = Stage(open_window(server, stack.enter_context(browser()), WIDTH, HEIGHT))
        stage.until_ready()
        stage.window.run("await vscode.commands.executeCommand('workbench.action.closeSidebar')")
        for shot in ALONE:
            take(stage, shot)
        with stage.model(Script(text=ANSWER)):
            for shot in WITH_A_MODEL:
                take(stage, shot)


def take(stage: Stage, shot: Callable[[Stage], None]) -> None:
    """One picture, named after what shows it."""
    stage.window.page.mouse.move(WIDTH / 2, HEIGHT * 3 / 4)  # Nothing is under it.
    shot(stage)
    stage.window.page.wait_for_timeout(700)  # Fades and spinners come to rest.
    file = IMAGES / f"vscode-{shot.__name__.replace('_', '-')}.png"
    stage.window.page.screenshot(path=file, caret="initial")
    print(file.relative_to(ROOT))
    stage.clear()


if __name__ == "__main__":
    main()
