"""Each code action once, by `vim.lsp.buf.code_action`: made, undone at once, cancelled, typed around."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.neovim.editor import Editor
from tests.neovim.model import Model

TOP, BOTTOM = "# é😀\nimport math\n\n\n", "\n\nprint(1)"
OLD = "def area(radius):\n    x = 1\n    return math.pi * radius * radius\n"
NEW = "def area(radius):\n    x = 2\n    return math.pi * radius**2\n"
EMPTY = "def area(radius):\n    pass\n"
DOCUMENTED = OLD.replace(":\n", ':\n    """The area of a circle."""\n', 1)
SKELETON = '    """Area.\n\n    Args:\n        radius:\n\n    Returns:\n        The result.\n    """\n'
DUMPS = "def text_of(order):\n    return json.dumps(order)\n"
CLASSES = (
    "class Base:\n    def run(self):\n        raise NotImplementedError\n\n\nclass Job(Base):\n    pass\n"
)
STUB = "    def run(self):\n        raise NotImplementedError\n"
ADD = "parser = argparse.ArgumentParser(description=__doc__)\nparser.add_argument("
ADDED = """\
"folder", type=Path)
parser.add_argument("--verbose", action="store_true")
args = parser.parse_args()
logging.basicConfig(level=logging.DEBUG if args.verbose else logging.INFO)
"""


@dataclass(frozen=True)
class Case:
    """Where an action is asked for, by which keys, and what becomes of the text between top and bottom."""

    title: str
    keys: str
    old: str = OLD
    new: str = NEW
    said: str = ""
    top: str = TOP


EXACT = [
    Case("Add `import json`", "6Gfj", old=DUMPS, new=DUMPS, top=TOP.replace("import", "import json\nimport")),
    Case("Add a doc comment", "5G", new=OLD.replace(":\n", f":\n{SKELETON}", 1)),
    Case("Implement", "10G", old=CLASSES, new=CLASSES.replace("    pass\n", STUB)),
    Case("Complete", "6GA", old=ADD + "\n", new=ADD + ADDED),
]
BY_MODEL = [
    Case("Simplify", "5GV7G", said=NEW),
    Case("Document area", "5G", said=DOCUMENTED, new=DOCUMENTED),
    Case("Implement area", "5G", old=EMPTY, said=NEW),
    Case("Translate area", "5G", said=NEW),
    Case("Fix: x is unused", "6Gfx", said=NEW),
]


def begin(editor: Editor, case: Case) -> None:
    """A file with the case's text, and the cursor or selection at its place."""
    editor.open("calc.py")
    text = TOP + case.old + BOTTOM
    editor.request("nvim_buf_set_lines", 0, 0, -1, True, text.split("\n"))
    editor.lua(
        """
        vim.diagnostic.set(vim.api.nvim_create_namespace("another"), 0, {
          { lnum = 5, col = 4, end_lnum = 5, end_col = 5, message = "x is unused", severity = 2 },
        })
        """
    )
    editor.press("<Esc>" + case.keys)
    row = int(re.findall(r"(\d+)G", case.keys)[-1])
    mode = next((mode for key, mode in (("V", "V"), ("A", "i")) if key in case.keys), "n")
    editor.until(lambda: (editor.cursor()[0], editor.mode()) == (row, mode), "the place")
    editor.until(lambda: "f" not in case.keys or editor.cursor()[1] > 0, "the name in its line")


def choose(editor: Editor, title: str) -> None:
    editor.lua(
        """
        local title = ...
        vim.lsp.buf.code_action({
          apply = true,
          filter = function(action)
            return vim.startswith(action.title, title)
          end,
        })
        """,
        title,
    )


def until_preview(editor: Editor, state: str) -> None:
    def is_so() -> bool:
        told = editor.told("PilotfishPreview")
        return bool(told) and told[-1]["state"] == state

    editor.until(is_so, f"a preview that is {state}")


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case.title)
def test_one_without_a_model_is_made_and_undone(editor: Editor, case: Case) -> None:
    begin(editor, case)
    before = editor.text()
    choose(editor, case.title)
    editor.until_text(case.top + case.new + BOTTOM)
    editor.press("<Esc>u")
    editor.until_text(before)


@pytest.mark.parametrize("case", BY_MODEL, ids=lambda case: case.title)
def test_one_by_a_model_is_shown_accepted_and_undone(editor: Editor, model: Model, case: Case) -> None:
    begin(editor, case)
    before = editor.text()
    model.say("```python\n", *case.said.splitlines(keepends=True), "```\n")
    model.end()
    choose(editor, case.title)
    until_preview(editor, "complete")
    assert editor.text() == before
    editor.press("<Esc>")
    editor.type(":Pilotfish accept\n")
    editor.until_text(TOP + case.new + BOTTOM)
    editor.press("u")
    editor.until_text(before)
    assert model.open_streams == 0


def test_it_is_chosen_from_the_menu_by_keys(editor: Editor) -> None:
    case = EXACT[0]
    begin(editor, case)
    editor.press("gra")
    editor.until(lambda: any(case.title in line for line in editor.lines()), "the menu")
    entry = next(line for line in editor.lines() if case.title in line)
    editor.type(entry.strip().split(":")[0] + "\n")
    editor.until_text(case.top + case.new + BOTTOM)


def test_it_grows_on_the_screen_while_the_model_speaks(editor: Editor, model: Model) -> None:
    begin(editor, BY_MODEL[0])
    model.say("```python\n", *DOCUMENTED.splitlines(keepends=True))
    choose(editor, "Simplify")
    until_preview(editor, "growing")
    editor.until(
        lambda: '    """The area of a circle."""' in shown_as(editor, "PilotfishAdd"), "the new line"
    )
    model.say("```\n")
    model.end()
    until_preview(editor, "complete")
    editor.press("<Esc>")
    editor.type(":Pilotfish accept\n")
    editor.until(lambda: editor.lua("return Progress")[-1]["kind"] == "end", "the end of the progress")
    first = editor.lua("return Progress")[0]
    assert (first["kind"], first["cancellable"]) == ("begin", True)
    assert "Simplify" in first["title"]


def test_rejecting_it_leaves_everything_as_it_was(editor: Editor, model: Model) -> None:
    before = shown_whole(editor, model)
    editor.type(":Pilotfish reject\n")
    until_preview(editor, "gone")
    editor.until(lambda: not shown_as(editor, "PilotfishAdd"), "a screen without it")
    assert editor.text() == before
    assert editor.lua("return vim.fn.undotree().seq_cur") == editor.lua("return vim.fn.undotree().seq_last")


def test_cancelling_it_closes_the_models_stream(editor: Editor, model: Model) -> None:
    begin(editor, BY_MODEL[0])
    before = editor.text()
    model.say("```python\n", *NEW.splitlines(keepends=True)[:2])
    choose(editor, "Simplify")
    editor.until(lambda: model.open_streams == 1, "a model that is asked")
    editor.until(lambda: editor.lua("return #Progress"), "an answer that grows")
    editor.press("<Esc>")
    editor.type(":Pilotfish cancel\n")
    editor.until(lambda: model.open_streams == 0, "a closed stream")
    editor.until(lambda: not shown_as(editor, "PilotfishAdd"), "a screen without it")
    assert editor.text() == before


@pytest.mark.parametrize("title", ["Simplify", "Document area"])
def test_what_is_typed_around_it_meanwhile_is_kept(editor: Editor, model: Model, title: str) -> None:
    case = next(case for case in BY_MODEL if case.title == title)
    begin(editor, case)
    said = case.said.splitlines(keepends=True)
    model.say("```python\n", *said[:2])
    choose(editor, case.title)
    until_it_grows(editor, model)
    editor.press("<Esc>ggO")
    editor.type("# typed é😀")
    editor.press("<Esc>Go")
    editor.type("print(2)")
    editor.press("<Esc>")
    model.say(*said[2:], "```\n")
    model.end()
    until_preview(editor, "complete")
    editor.type(":Pilotfish accept\n")
    editor.until_text(f"# typed é😀\n{TOP}{case.new}{BOTTOM}\nprint(2)")
    editor.press("u")
    editor.until_text(f"# typed é😀\n{TOP}{case.old}{BOTTOM}\nprint(2)")


def test_typing_inside_it_stops_it_and_says_so(editor: Editor, model: Model) -> None:
    begin(editor, BY_MODEL[0])
    model.say("```python\n", *NEW.splitlines(keepends=True)[:2])
    choose(editor, "Simplify")
    until_it_grows(editor, model)
    editor.press("<Esc>6GA  # mine<Esc>")
    editor.until(lambda: model.open_streams == 0, "a closed stream")
    editor.until_text(TOP + OLD.replace("x = 1", "x = 1  # mine") + BOTTOM)
    editor.until(lambda: "pilotfish" in editor.lua("return vim.fn.execute('messages')"), "a message")


def test_edit_with_an_instruction_that_is_typed(editor: Editor, model: Model) -> None:
    begin(editor, BY_MODEL[0])
    before = editor.text()
    model.say("```python\n", NEW, "```\n")
    model.end()
    editor.type(":Pilotfish edit\n")
    editor.until(lambda: "Edit:" in editor.lines()[-1], "the question")
    editor.type("use a power <é😀>\n")
    until_preview(editor, "complete")
    assert "use a power <é😀>" in str(model.asked)
    assert editor.text() == before
    editor.type(":Pilotfish accept\n")
    editor.until_text(TOP + NEW + BOTTOM)
    editor.press("u")
    editor.until_text(before)


def test_the_menus_edit_asks_as_well(editor: Editor, model: Model) -> None:
    begin(editor, BY_MODEL[0])
    model.say("```python\n", NEW, "```\n")
    model.end()
    choose(editor, "Edit")
    editor.until(
        lambda: editor.request("nvim_get_mode")["blocking"] or "…" in editor.lines()[-1], "the question"
    )
    editor.type("use a power\n")
    until_preview(editor, "complete")
    assert "use a power" in str(model.asked)


def test_explain_writes_beside_the_code(editor: Editor, model: Model) -> None:
    begin(editor, BY_MODEL[0])
    before = editor.text()
    model.say("## What it does\n")
    choose(editor, "Explain")
    editor.until(
        lambda: any("What it does" in line for line in editor.lines()), "the beginning on the screen"
    )
    assert model.open_streams == 1
    model.say("\nIt is the area ", "of a circle.\n")
    model.end()
    editor.until(lambda: "It is the area of a circle." in str(editor.lines()), "all of it")
    assert editor.text() == before
    assert editor.text_of("pilotfish://explain")


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Write tests for area", "def test_area() -> None:\n    assert area(1) > 3\n"),
        ("Add a test", ""),
    ],
)
def test_tests_go_into_the_projects_own_file(editor: Editor, model: Model, title: str, said: str) -> None:
    tests = editor.workspace / "test_calc.py"
    begin(editor, BY_MODEL[1])
    editor.command("silent write")
    if said:
        model.say("```python\n", said, "```\n")
        model.end()
    choose(editor, title)
    editor.until(lambda: "def test_area" in (editor.text_of("test_calc.py") or ""), "a test in its file")
    assert not tests.exists() or "def test_area" not in tests.read_text()


def until_it_grows(editor: Editor, model: Model) -> None:
    """Wait until the model's answer is being read, and the editor has been told some of it."""

    def is_so() -> bool:
        return model.open_streams == 1 and any(each.get("message") for each in editor.lua("return Progress"))

    editor.until(is_so, "an answer that grows")


def shown_as(editor: Editor, group: str) -> list[str]:
    """The rows that are drawn in this highlight."""
    return editor.screen.text_in(frozenset({group})).splitlines()


def shown_whole(editor: Editor, model: Model) -> str:
    """A change that waits to be accepted; the text as it is meanwhile."""
    begin(editor, BY_MODEL[0])
    before = editor.text()
    model.say("```python\n", NEW, "```\n")
    model.end()
    choose(editor, "Simplify")
    until_preview(editor, "complete")
    editor.press("<Esc>")
    return before
