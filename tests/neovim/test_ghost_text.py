"""Ghost text as a person sees it: real keys, the embedded engine on a real index, and nothing scripted."""

from __future__ import annotations

from tests.neovim.editor import Editor
from tests.neovim.scene import EXCEPT, FUTURE, HANDLED, READ, TEXT, begin, begin_except
from tests.neovim.shop import BEGUN


def test_it_appears_and_is_accepted(editor: Editor) -> None:
    begin(editor, "from __fu", text="")
    editor.until_ghost("ture__ import annotations")
    assert editor.line() == "from __fu"
    editor.press("<Tab>")
    editor.until_text(FUTURE)
    editor.until_ghost("")
    assert editor.cursor() == (1, len(FUTURE))
    offered, *_ = [trace for trace in editor.traces() if trace["decision"] == "shown"]
    assert offered["backend"] == "embedded"


def test_the_key_falls_through_where_there_is_none(editor: Editor) -> None:
    editor.open("new.py")
    editor.press("ix<Tab>y")
    editor.until(lambda: editor.line() == "x   y", "what Tab means otherwise")


def test_several_lines_are_shown_below_each_other_and_accepted_at_once(editor: Editor) -> None:
    begin_except(editor)
    row = next(row for row, line in enumerate(editor.lines()) if line.startswith(EXCEPT[0]))
    assert editor.lines()[row : row + 3] == EXCEPT
    editor.press("<Tab>")
    editor.until_text(HANDLED)
    assert editor.cursor() == (HANDLED.count("\n") + 1, len(EXCEPT[-1]))
    editor.type("!")
    editor.until_text(HANDLED + "!")


def test_it_is_accepted_word_by_word(editor: Editor) -> None:
    begin(editor, "from __fu", text="")
    editor.until_ghost("ture__ import annotations")
    for taken, left in (
        ("from __future__", " import annotations"),
        ("from __future__ import", " annotations"),
        (FUTURE, ""),
    ):
        editor.press("<M-w>")
        editor.until_ghost(left)
        editor.until_text(taken)


def test_it_is_accepted_line_by_line(editor: Editor) -> None:
    begin_except(editor)
    for count in (1, 2, 3):
        editor.press("<M-l>")
        editor.until_text(BEGUN + "\n".join(EXCEPT[:count]))
        editor.until_ghost("\n".join(EXCEPT[count:]))


def test_a_word_and_then_the_rest(editor: Editor) -> None:
    begin_except(editor)
    editor.press("<M-w>")
    editor.until(lambda: editor.line() == "    except FileNotFoundError", "the first word")
    editor.press("<Tab>")
    editor.until_text(HANDLED)


def test_typing_it_leaves_it_where_it_is_without_a_flicker(editor: Editor) -> None:
    begin_except(editor)
    row = next(row for row, line in enumerate(editor.lines()) if line.startswith(EXCEPT[0]))
    seen = len(editor.screen.frames)
    editor.type_slowly("NotFoundErr")
    editor.until(lambda: editor.line() == "    except FileNotFoundErr", "the typed text")
    editor.until_ghost("\n".join(["or:", *EXCEPT[1:]]))
    drawn = {tuple(frame.lines()[row : row + 3]) for frame in editor.screen.frames[seen:]}
    assert drawn == {tuple(EXCEPT)}


def test_typing_something_else_takes_it_away(editor: Editor) -> None:
    begin_except(editor)
    editor.type("Xy")
    editor.until_ghost("")
    editor.until_text(BEGUN + "    except FileXy")


def test_it_is_dismissed_until_something_is_typed(editor: Editor) -> None:
    begin_except(editor)
    editor.press("<C-e>")
    editor.until_ghost("")
    assert editor.mode() == "i"
    editor.type("N")
    editor.until_ghost("\n".join(["otFoundError:", *EXCEPT[1:]]))


def test_leaving_insert_mode_takes_it_away(editor: Editor) -> None:
    begin_except(editor)
    editor.press("<Esc>")
    editor.until_ghost("")
    assert editor.text() == BEGUN + "    except File"


def test_there_are_others_when_asked_for(editor: Editor) -> None:
    verbose, folder = '--verbose", action="store_true")', 'folder", type=Path)'
    begin(editor, 'parser.add_argument("', text="from pathlib import Path\n")
    editor.until_ghost(verbose)
    editor.press("<M-a>")
    editor.until(lambda: editor.told("PilotfishShown")[-1]["count"] > 1, "more than one")
    editor.press("<M-n>")
    editor.until(lambda: editor.ghost().startswith(folder), "the second")
    editor.press("<M-n>")
    editor.until(lambda: editor.ghost().startswith(verbose), "the first again")
    editor.press("<M-p>")
    editor.until(lambda: editor.ghost().startswith(folder), "the second, backwards")
    editor.press("<Tab>")
    editor.until(lambda: editor.line() == f'parser.add_argument("{folder}', "the second")


def test_behind_wide_letters(editor: Editor) -> None:
    """Columns are bytes here, characters there, and cells on the screen."""
    begin(editor, 'é = "😀ß"; content = json.loads(path.rea', text="import json\n")
    editor.until_ghost('d_text(encoding="utf-8"))')
    assert editor.lines()[1] == 'é = "😀ß"; content = json.loads(path.read_text(encoding="utf-8"))'
    editor.type("d")
    editor.until_ghost('_text(encoding="utf-8"))')
    editor.press("<M-w>")
    editor.until_ghost('(encoding="utf-8"))')
    editor.press("<Tab>")
    whole = 'é = "😀ß"; content = json.loads(path.read_text(encoding="utf-8"))'
    editor.until(lambda: editor.line() == whole, "the accepted text")
    assert editor.cursor() == (2, len(whole.encode()))


def test_between_brackets_that_are_closed_already(editor: Editor) -> None:
    """What stands behind the cursor is lit up as a match; the ghost text before it is not."""
    begin(editor, "content = json.loads()", text="import json\n")
    editor.press("<Left>")
    editor.type("path.rea")
    editor.until_ghost('d_text(encoding="utf-8")')
    editor.press("<Tab>")
    editor.until(lambda: editor.line() == READ + TEXT, "the accepted text")


def test_in_a_file_with_carriage_returns(editor: Editor) -> None:
    file = editor.workspace / "windows.py"
    file.write_bytes(BEGUN.replace("\n", "\r\n").encode())
    try:
        editor.open("windows.py")
        assert editor.lua("return vim.bo.fileformat") == "dos"
        editor.press("Go<C-u>    except File")
        editor.until_ghost("\n".join(["NotFoundError:", *EXCEPT[1:]]))
        editor.press("<Tab>")
        editor.until_text(HANDLED)
        editor.press("<Esc>")
        editor.command("write")
        assert file.read_bytes() == (HANDLED + "\n").replace("\n", "\r\n").encode()
    finally:
        file.unlink()
