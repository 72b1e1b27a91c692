"""Code actions in the real VS Code: from the light bulb, with a preview, accepted, rejected and cancelled."""

from __future__ import annotations

import pytest

from pilotfish.bench.stub import calls
from pilotfish.bench.stub_model import Script
from tests.vscode.code_server import until
from tests.vscode.stage import Stage

HEAD = '"""Circles."""\n\nimport math\n\n\n'
OLD = "def area(radius):\n    square = radius * radius\n    result = math.pi * square\n    return result\n"
NEW = "def area(radius):\n    return math.pi * radius**2\n"
ANSWER = f"```python\n{NEW}```\n"
SELECTED = f"{HEAD}$0{OLD}$0"


def choose(stage: Stage, title: str) -> None:
    """Open the light bulb's menu and take what begins so."""
    window = stage.window
    window.press("Control+.")
    row = window.page.locator(".action-widget .monaco-list-row.action", has_text=title).first
    row.wait_for()
    row.click()


def instruct(stage: Stage, words: str) -> None:
    """Say what to do with the selection."""
    stage.window.press("Shift+Alt+K", "e")
    stage.window.page.wait_for_selector(
        ".quick-input-widget .quick-input-title:has-text('edit with instruction')"
    )
    stage.window.type(words, delay_ms=5)
    stage.window.press("Enter")


def until_proposed(stage: Stage) -> None:
    """Wait until a whole change waits for the user's word."""
    stage.window.page.wait_for_selector(".codelens-decoration a:has-text('Accept')")


def test_a_missing_import_needs_no_model(stage: Stage) -> None:
    text = "import sys\n\n\ndef read(text: str) -> object:\n    return js$0on.loads(text)\n"
    path = stage.open("pilotfish/cli/read.py", text)
    choose(stage, "Add `import json`")
    stage.window.until_text("import json\n" + text.replace("$0", ""))
    stage.window.save()
    assert path.read_text().startswith("import json\n")


def test_what_a_model_changes_is_seen_before_it_is_made_and_undone_at_once(stage: Stage) -> None:
    path = stage.open("circle.py", SELECTED)
    with stage.model(Script(text=ANSWER, first_token_ms=300, tokens_per_s=30)):
        choose(stage, "Simplify")
        stage.window.page.wait_for_selector(".notification-toast:has-text('Simplify')")
        until_proposed(stage)
        assert stage.window.text() == HEAD + OLD
        stage.window.page.locator(".codelens-decoration a", has_text="Accept").click()
        stage.window.until_text(HEAD + NEW)
    stage.window.save()
    assert path.read_text() == HEAD + NEW
    stage.window.press("Control+z")
    stage.window.until_text(HEAD + OLD)


def test_cancelled_while_it_streams_nothing_is_changed_and_the_model_is_left(stage: Stage) -> None:
    stage.open("circle.py", SELECTED)
    with stage.model(Script(text=ANSWER * 20, first_token_ms=100, tokens_per_s=5)) as log:
        choose(stage, "Simplify")
        toast = stage.window.page.locator(".notification-toast", has_text="Simplify")
        toast.wait_for()
        toast.get_by_role("button", name="Cancel").click()
        toast.wait_for(state="detached")
        until(lambda: [call["ended"] for call in calls(log)] == ["left"], "the stream to be closed")
    assert stage.window.text() == HEAD + OLD


@pytest.mark.parametrize("is_accepted", [True, False], ids=["accepted", "rejected"])
def test_edit_with_an_instruction(stage: Stage, is_accepted: bool) -> None:
    path = stage.open("circle.py", SELECTED)
    with stage.model(Script(text=ANSWER, tokens_per_s=50)):
        instruct(stage, "say it in one line")
        until_proposed(stage)
        assert stage.window.text() == HEAD + OLD
        stage.window.press("Shift+Alt+K", "Enter" if is_accepted else "Backspace")
        stage.window.page.wait_for_selector(".codelens-decoration", state="detached")
        stage.window.until_text(HEAD + (NEW if is_accepted else OLD))
    stage.window.save()
    assert path.read_text() == HEAD + (NEW if is_accepted else OLD)


def test_a_change_with_new_lines_is_an_ordinary_diff(stage: Stage) -> None:
    longer = OLD.replace("    return", "    if radius < 0:\n        raise ValueError(radius)\n    return")
    path = stage.open("circle.py", SELECTED)
    with stage.model(Script(text=f"```python\n{longer}```\n", tokens_per_s=50)):
        instruct(stage, "refuse negative ones")
        stage.window.page.wait_for_selector(".diff-editor-widget, .monaco-diff-editor")
        stage.window.page.locator(".editor-actions .codicon-check").wait_for()
        assert path.read_text() == HEAD + OLD
        stage.window.page.locator(".editor-actions .codicon-check").click()
        stage.window.page.wait_for_selector(".monaco-diff-editor", state="detached")
        stage.window.until_text(HEAD + longer)
    stage.window.press("Control+z")
    stage.window.until_text(HEAD + OLD)


def test_a_change_goes_with_its_file(stage: Stage) -> None:
    stage.open("circle.py", SELECTED)
    with stage.model(Script(text=ANSWER, tokens_per_s=50)):
        instruct(stage, "say it in one line")
        until_proposed(stage)
        assert stage.window.page.locator(".editor-actions .codicon-check").count() == 1
        stage.window.press("Control+F4")
        stage.open("cart.py", "x = $01\n")
        assert stage.window.page.locator(".editor-actions .codicon-check").count() == 0


def test_what_is_typed_elsewhere_meanwhile_is_kept(stage: Stage) -> None:
    stage.open("circle.py", SELECTED)
    with stage.model(Script(text=ANSWER, first_token_ms=1000, tokens_per_s=30)):
        choose(stage, "Simplify")
        stage.window.page.wait_for_selector(".notification-toast:has-text('Simplify')")
        stage.window.press("Control+Home")
        stage.window.type("# typed")
        stage.window.press("Enter")
        until_proposed(stage)
        stage.window.page.locator(".codelens-decoration a", has_text="Accept").click()
        stage.window.until_text(f"# typed\n{HEAD}{NEW}")


def test_explain_opens_a_page_beside_the_code(stage: Stage) -> None:
    stage.open("circle.py", SELECTED)
    with stage.model(Script(text="It is the **area** of a circle.", tokens_per_s=50)):
        choose(stage, "Explain")
        page = stage.window.page.frame_locator("iframe.webview.ready").frame_locator("#active-frame")
        page.locator("strong", has_text="area").wait_for()
    assert stage.window.run("return vscode.window.tabGroups.all.length") == 2
