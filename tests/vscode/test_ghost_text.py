"""Ghost text in the real VS Code, from the engine and the index of real code; no answer is scripted."""

from __future__ import annotations

import pytest

from tests.vscode.code_server import until
from tests.vscode.stage import Stage

HEAD = '"""A module."""\n\nfrom __future__ import annotations\n\n'
PLACE = HEAD + "$0\nclass Place:\n    line: int\n"
SLOTS = "frozen=True, slots=True"
SORTED = (
    "package ledger\n\nfunc (l *Ledger) Sorted() []string {\n"
    "\tnames := make([]string, 0, len(l.balances))\n\t$0\n"
)
NOTEBOOK = """{
 "cells": [{"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": null}],
 "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5
}"""
MOVE = "package ledger\n\nfunc (l *Ledger) Move(name string, cents int64) error {\n\t$0\n"


@pytest.mark.parametrize(
    ("name", "text", "typed", "ghost", "saved"),
    [
        (
            "pilotfish/bench/a.py",
            HEAD + "import sys\n\n\n$0\n",
            "if __name__ == ",
            '"__main__":',
            HEAD + 'import sys\n\n\nif __name__ == "__main__":\n',
        ),
        (  # The editor closes the bracket itself.
            "pilotfish/text/b.py",
            PLACE,
            "@dataclass(",
            SLOTS,
            PLACE.replace("$0", f"@dataclass({SLOTS})"),
        ),
        (
            "basket.ts",
            "export class Basket {\n  private $0\n}\n",
            "readonly items = new ",
            "Map<string, Item>();",
            "export class Basket {\n  private readonly items = new Map<string, Item>();\n}\n",
        ),
        (  # And the quote.
            "pilotfish/bench/c.py",
            HEAD + "import sys\n\n\n$0\n",
            'if __name__ == "',
            "__main__",
            HEAD + 'import sys\n\n\nif __name__ == "__main__"\n',
        ),
        (
            "sum.ts",
            "export class Basket {\n  total(): number {\n    let sum = 0;\n    $0\n",
            "for (const ",
            "item of this.items.values()",
            "export class Basket {\n  total(): number {\n    let sum = 0;\n"
            "    for (const item of this.items.values())\n",
        ),
        (
            "audit.go",
            MOVE,
            "if _, ok := ",
            "l.balances[name]; !ok {",
            MOVE.replace("$0", "if _, ok := l.balances[name]; !ok {"),
        ),
        (
            "Guests.java",
            "package hotel;\n\n$0\n",
            "import java.util.",
            "ArrayList;",
            "package hotel;\n\nimport java.util.ArrayList;\n",
        ),
        (  # Beyond the basic plane a character counts twice in one editor and once in another.
            "emoji.ts",
            "export class Basket {\n  /* 😀é👩‍👩‍👧 */ private $0\n}\n",
            "readonly items = new ",
            "Map<string, Item>();",
            "export class Basket {\n  /* 😀é👩‍👩‍👧 */ private readonly items = new Map<string, Item>();\n}\n",
        ),
    ],
    ids=lambda value: value.rpartition("/")[2] if value.endswith((".py", ".ts", ".go", ".java")) else "",
)
def test_what_is_typed_goes_on_as_in_the_code_base(
    stage: Stage, name: str, text: str, typed: str, ghost: str, saved: str
) -> None:
    path = stage.open(name, text)
    stage.window.type(typed)
    stage.window.until_ghost(ghost)
    stage.window.press("Tab")
    stage.window.save()
    assert path.read_text(encoding="utf-8") == saved
    assert "embedded" in [each["source"] for each in stage.traces(path)]
    stage.until_event(path, "accepted")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_several_lines_are_shown_taken_and_undone_at_once(stage: Stage, end: str) -> None:
    path = stage.open("lines.go", SORTED.replace("\n", end))
    stage.window.press("Shift+Alt+K", "p")
    begin = "for name := range l.balances {\n        names = append(names, name)"
    ghost = until(lambda: (now := stage.window.ghost()).startswith(begin) and now, "several lines")
    stage.window.press("Tab")
    stage.window.save()
    saved = path.read_bytes().decode()
    wanted = SORTED.replace("$0", ghost).replace("\n", end)
    assert saved.expandtabs(4) == wanted.expandtabs(4)
    stage.window.press("Control+z")
    stage.window.until_text(SORTED.replace("$0", "").replace("\n", end))
    stage.window.press("Control+Shift+z")
    stage.window.until_text(saved)


def test_several_lines_come_while_typing_too(stage: Stage) -> None:
    text = "package ledger\n\nfunc (l *Ledger) Reset(name string) {\n\t$0\n"
    path = stage.open("reset.go", text)
    typed, rest = "if l.balances == ", "nil {\n\t\tl.balances = make(map[string]int64)\n\t}"
    stage.window.type(typed)
    stage.window.until_ghost(rest.expandtabs(4))
    stage.window.type("ni")
    stage.window.until_ghost(rest.removeprefix("ni").expandtabs(4))
    stage.window.press("Tab")
    taken = text.replace("$0", typed + rest)
    stage.window.until_text(taken)
    stage.until_event(path, "accepted")
    stage.window.press("Control+z")
    stage.window.until_text(text.replace("$0", f"{typed}ni"))
    stage.window.press("Control+Shift+z")
    stage.window.save()
    assert path.read_text() == taken


def test_word_by_word(stage: Stage) -> None:
    path = stage.open("pilotfish/text/a.py", PLACE)
    stage.window.type("@dataclass(")
    stage.window.until_ghost(SLOTS)
    stage.window.press("Control+ArrowRight")
    stage.window.until_text(PLACE.replace("$0", "@dataclass(frozen)"))
    stage.window.until_ghost("=True, slots=True")
    stage.window.press("Control+ArrowRight")
    stage.window.until_text(PLACE.replace("$0", "@dataclass(frozen=)"))
    stage.window.until_ghost("True, slots=True")
    stage.window.press("Tab")
    stage.window.save()
    assert path.read_text() == PLACE.replace("$0", f"@dataclass({SLOTS})")


def test_dismissed_is_gone_and_typing_asks_anew(stage: Stage) -> None:
    path = stage.open("pilotfish/text/a.py", PLACE)
    stage.window.type("@dataclass(")
    stage.window.until_ghost(SLOTS)
    stage.window.press("Escape")
    stage.window.until_ghost("")
    stage.window.type("fr")
    stage.window.until_ghost(SLOTS.removeprefix("fr"))
    stage.window.press("Escape")
    stage.window.save()
    assert path.read_text() == PLACE.replace("$0", "@dataclass(fr)")


def test_typing_what_is_shown_keeps_it_and_costs_nothing(stage: Stage) -> None:
    path = stage.open("pilotfish/text/a.py", PLACE)
    stage.window.type("@dataclass(")
    stage.window.until_ghost(SLOTS)
    version = stage.window.run("return vscode.window.activeTextEditor.document.version")
    for count, key in enumerate("frozen", 1):
        stage.window.type(key)
        assert stage.window.ghost() == SLOTS[count:]
    later = until(
        lambda: [each["source"] for each in stage.traces(path) if each["version"] > version],
        "a request while it is typed",
    )
    assert set(later) == {"typed_through"}


def test_other_candidates_are_a_key_away(stage: Stage) -> None:
    text = MOVE.replace("$0", "if _, ok := l.balances[name]; !ok {\n\t\t$0")
    path = stage.open("audit.go", text)
    stage.window.press("Shift+Alt+K", "p")
    first = until(stage.window.ghost, "a ghost text")
    stage.window.press("Alt+]")
    second = until(lambda: (now := stage.window.ghost()) != first and now, "another one")
    stage.window.press("Alt+[")
    stage.window.until_ghost(first)
    stage.window.press("Alt+]")
    stage.window.until_ghost(second)
    stage.window.press("Tab")
    stage.window.save()
    assert path.read_text() == text.replace("$0", second)


def test_beside_the_popup_it_goes_on_from_what_is_selected_there(stage: Stage) -> None:
    path = stage.open("audit.go", MOVE)
    with stage.words("go", "badge", "balances"):
        stage.window.type("if _, ok := l.ba")
        stage.window.until_ghost("lances[name]; !ok {")
        stage.window.press("Control+Space")
        # The editor selects the word that the ghost text goes on with.
        stage.window.page.wait_for_selector(
            ".suggest-widget.visible .monaco-list-row.focused[aria-label^=balances]"
        )
        stage.window.until_ghost("lances[name]; !ok {")
        asked = len(stage.traces(path))
        stage.window.press("ArrowUp")
        until(lambda: "name" not in stage.window.ghost(), "the ghost text to follow")
        until(lambda: len(stage.traces(path)) > asked, "a request with the other word")
        stage.window.press("ArrowDown")
        stage.window.until_ghost("lances[name]; !ok {")
        stage.window.press("Tab")
        stage.window.until_text(MOVE.replace("$0", "if _, ok := l.balances"))
    stage.window.until_ghost("[name]; !ok {")
    stage.window.press("Tab")
    stage.window.save()
    assert path.read_text() == MOVE.replace("$0", "if _, ok := l.balances[name]; !ok {")


def test_a_file_that_was_never_saved(stage: Stage) -> None:
    stage.window.run("""
      const document = await vscode.workspace.openTextDocument({ language: 'python', content: '' });
      await vscode.window.showTextDocument(document);
    """)
    stage.window.page.wait_for_selector(".editor-instance .monaco-editor.focused")
    stage.window.type("from __future__ ")
    stage.window.until_ghost("import annotations")
    stage.window.press("Tab")
    stage.window.until_text("from __future__ import annotations")


def test_nothing_is_offered_in_a_file_of_secrets(stage: Stage) -> None:
    path = stage.open("server.pem", "$0\n")
    stage.window.type("from __future__ ")
    until(lambda: [each["decision"] for each in stage.traces(path)], "a request")
    assert {each["decision"] for each in stage.traces(path)} == {"secret_file"}
    assert stage.window.ghost() == ""


def test_a_cell_of_a_notebook(stage: Stage) -> None:
    path = stage.make("book.ipynb", NOTEBOOK)
    stage.window.run(
        "await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(given.path))", path=str(path)
    )
    stage.window.page.locator(".notebook-editor .cell .monaco-editor .view-line").first.click()
    stage.window.type("from __future__ ")
    stage.window.press("Shift+Alt+K", "p")
    stage.window.until_ghost("import annotations")
    stage.window.press("Tab")
    stage.window.save()
    assert "from __future__ import annotations" in path.read_text()
