"""What Vim is used for must go on working with ghost text about: undo, repeating, macros, windows, files."""

from __future__ import annotations

import pytest

from tests.neovim.editor import Editor
from tests.neovim.scene import EXCEPT, FUTURE, HANDLED, READ, REST, TEXT, begin, begin_except
from tests.neovim.shop import BEGUN


def test_one_undo_takes_back_what_was_accepted_and_another_what_was_typed(editor: Editor) -> None:
    begin_except(editor)
    editor.press("<Tab>")
    editor.until_text(HANDLED)
    editor.press("<Esc>u")
    editor.until_text(BEGUN + "    except File")
    editor.press("u")
    editor.until_text(BEGUN)
    editor.press("<C-r><C-r>")
    editor.until_text(HANDLED)


def test_a_dot_repeats_what_was_typed_and_accepted(editor: Editor) -> None:
    begin(editor, "from __fu", text="")
    editor.until_ghost(REST)
    editor.press("<Tab>")
    editor.until(lambda: editor.line() == FUTURE, "the accepted text")
    editor.type("  # typed")
    editor.press("<Esc>")
    editor.press("o<Esc>")
    editor.press("0.")
    editor.press("o<Esc>A;<Esc>")
    editor.press("k.")
    editor.until(lambda: editor.mode() == "n", "normal mode")
    assert editor.text().split("\n")[0] == FUTURE + "  # typed"


def test_nothing_is_offered_while_a_macro_is_recorded_or_played(editor: Editor) -> None:
    editor.open("new.py")
    before = editor.lua("return #Asked")
    editor.press("qqifrom __fu<Esc>o<Esc>q")
    editor.press("@q@q")
    editor.until_text("from __fu\nfrom __fu\nfrom __fu\n")
    assert editor.lua("return #Asked") == before
    editor.press("ggdGifrom __fu")
    editor.until_ghost(REST)


def test_a_key_pressed_at_once_behind_the_accepting_one_comes_behind_the_text(editor: Editor) -> None:
    begin(editor, "from __fu", text="")
    editor.until_ghost(REST)
    editor.press("<Tab>  # x<Esc>")
    editor.until_text(FUTURE + "  # x")


def test_two_windows_on_one_buffer(editor: Editor) -> None:
    editor.command("edit new.py | split")
    editor.press("ifrom __fu")
    editor.until(lambda: editor.ghost().startswith(REST), "ghost text")
    editor.press("<Tab>")
    editor.until(lambda: [line for line in editor.lines() if line] and editor.text() == FUTURE, "the text")
    editor.until(lambda: editor.lines().count(FUTURE) == 2, "the text in both windows")
    editor.press(f"<Esc><C-w>jo{READ}")
    editor.until(lambda: editor.ghost().startswith(TEXT), "ghost text in the other window")
    editor.press("<Tab>")
    editor.until_text(f"{FUTURE}\n{READ}{TEXT}")


def test_two_buffers_keep_to_themselves(editor: Editor) -> None:
    editor.command("edit new.py | vsplit other.py")
    editor.press("ifrom __fu")
    editor.until_ghost(REST)
    editor.press("<C-o><C-w>p")
    editor.press(READ)
    editor.until(lambda: editor.ghost().replace("\n", "") == TEXT, "ghost text in the second")
    editor.press("<Tab>")
    editor.until(lambda: editor.line() == READ + TEXT, "accepted in the second")
    editor.press("<Esc><C-w>pa")
    editor.until_ghost(REST)
    editor.press("<Tab>")
    editor.until_text(FUTURE)


def test_after_reading_the_file_again(editor: Editor) -> None:
    file = editor.workspace / "again.py"
    file.write_text(BEGUN, encoding="utf-8")
    try:
        editor.open("again.py")
        editor.press("Go<C-u>    except File")
        editor.until_ghost("\n".join(["NotFoundError:", *EXCEPT[1:]]))
        editor.press("<C-o>")
        editor.type(":edit!\n")
        editor.until_ghost("")
        editor.until(lambda: editor.text() + "\n" == BEGUN, "the file's own text")
        editor.press("<Esc>Go<C-u>    except File")
        editor.until_ghost("\n".join(["NotFoundError:", *EXCEPT[1:]]))
        editor.press("<Tab>")
        editor.until_text(HANDLED)
    finally:
        file.unlink()


def test_below_closed_folds(editor: Editor) -> None:
    editor.open("new.py")
    editor.request("nvim_buf_set_lines", 0, 0, -1, True, BEGUN.split("\n"))
    editor.command("setlocal foldmethod=manual | 1,8fold")
    editor.press("GA    except File")
    editor.until_ghost("\n".join(["NotFoundError:", *EXCEPT[1:]]))
    assert editor.lines()[0].startswith("+--")
    assert editor.lines()[2:5] == EXCEPT
    editor.press("<Tab>")
    editor.until_text(HANDLED)


@pytest.mark.parametrize("columns", [30, 50])
def test_in_wrapped_lines(editor: Editor, columns: int) -> None:
    editor.command("edit new.py | vsplit | wincmd l | enew | wincmd h")
    editor.command(f"vertical resize {columns}")
    line = f"number = 1234567890 + 1234567890; {READ}"
    begin(editor, line, text="import json\n")
    editor.until(lambda: editor.ghost().replace("\n", "") == TEXT, "ghost text over several rows")
    shown = "".join(row[:columns] for row in editor.lines()[1:6]).split("~")[0].rstrip()
    assert shown == line + TEXT
    editor.press("<Tab>")
    editor.until(lambda: editor.line() == line + TEXT, "the accepted text")
