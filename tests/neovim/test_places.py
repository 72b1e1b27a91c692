"""Where ghost text is not offered, and how it gets on with the menu of completions."""

from __future__ import annotations

import pytest

from tests.neovim.editor import Editor
from tests.neovim.scene import EXCEPT, HANDLED, READ, REST, TEXT, begin, begin_except
from tests.neovim.shop import BEGUN

TYPED = "from __fu"


# What these two plugins answer while their menu is open, and `Chosen` is what the user has selected in it.
MENUS = {
    "cmp": """
        local function entry()
          return Chosen and { get_word = function() return Chosen end }
        end
        local view = {
          visible = function() return true end,
          get_active_entry = entry,
          get_selected_entry = error,
        }
        local event = { on = function() end }
        package.loaded["cmp"] = { core = { view = view }, event = event, visible = error }
    """,
    "blink.cmp": """
        local list = setmetatable({}, { __index = function() return Chosen ~= nil end })
        package.loaded["blink.cmp.completion.list"] = list
        package.loaded["blink.cmp"] = {
          is_menu_visible = function() return true end,
          get_selected_item = function() return { label = Chosen or "FileNames" } end,
        }
    """,
}


def check_not_asked(editor: Editor) -> None:
    """Nothing was asked for since the editor was cleared, and nothing stands there."""
    assert editor.lua("return #Asked") == 0
    assert editor.ghost() == ""


def test_not_in_the_window_of_commands(editor: Editor) -> None:
    editor.open("new.py")
    editor.press("q:i" + TYPED)
    editor.until(lambda: TYPED in editor.line(), "the typed text")
    check_not_asked(editor)
    editor.press("<Esc>")
    editor.type(":quit\n")
    editor.press("i" + TYPED)
    editor.until_ghost(REST)


@pytest.mark.parametrize("kind", ["prompt", "nofile", "acwrite", "help"])
def test_not_in_buffers_that_are_no_files(editor: Editor, kind: str) -> None:
    editor.open("new.py")
    editor.command(f"new | setfiletype python | setlocal buftype={kind}")
    editor.press("i" + TYPED)
    editor.until(lambda: TYPED in editor.line(), "the typed text")
    check_not_asked(editor)


def test_not_on_the_command_line_nor_when_replacing(editor: Editor) -> None:
    editor.open("new.py")
    editor.press(":" + TYPED)
    editor.until(lambda: TYPED in editor.lines()[-1], "the command line")
    editor.press("<Esc>R" + TYPED)
    editor.until(lambda: editor.line() == TYPED, "the typed text")
    check_not_asked(editor)


@pytest.mark.parametrize("scope", ["b", "g"])
def test_not_where_it_is_switched_off(editor: Editor, scope: str) -> None:
    editor.open("new.py")
    editor.command(f"let {scope}:pilotfish_enabled = v:false")
    editor.press("i" + TYPED)
    editor.until(lambda: editor.line() == TYPED, "the typed text")
    check_not_asked(editor)
    assert editor.lua("return require('pilotfish').statusline()") == "pilotfish off"
    editor.command(f"unlet {scope}:pilotfish_enabled")
    editor.press("t")
    editor.until_ghost(REST.removeprefix("t"))


def test_not_in_other_buffers_than_the_one_that_is_switched_off(editor: Editor) -> None:
    editor.command("edit new.py | let b:pilotfish_enabled = v:false | edit other.py")
    editor.press("i" + TYPED)
    editor.until_ghost(REST)


def test_not_while_paused(editor: Editor) -> None:
    editor.open("new.py")
    editor.type(":Pilotfish pause\n")
    editor.until(lambda: editor.status()["state"] == "off", "a pause")
    try:
        editor.press("i" + TYPED)
        editor.until(lambda: [one for one in editor.traces(1) if one["decision"] == "paused"], "its reason")
        assert editor.ghost() == ""
        editor.until(lambda: statusline(editor) == "pilotfish off", "the status line")
    finally:
        editor.press("<Esc>")
        editor.type(":Pilotfish resume\n")
        editor.until(lambda: editor.status()["state"] == "ready", "going on")
    editor.press("A")
    editor.until_ghost(REST)
    assert statusline(editor) == "pilotfish"


def test_an_open_menu_is_left_its_place(editor: Editor) -> None:
    editor.command("set completeopt=menu,menuone,noselect")
    try:
        begin_except(editor, text="# FileTree FileNames\n" + BEGUN)
        editor.press("<C-x><C-n>")
        editor.until(lambda: editor.lua("return vim.fn.pumvisible()") == 1, "the menu")
        editor.until_ghost("NotFoundError:")
        editor.press("<Tab>")
        editor.until(lambda: editor.line() == EXCEPT[0], "the line of it that was shown")
        assert editor.lua("return vim.fn.pumvisible()") == 0
        editor.until_ghost("\n".join(EXCEPT[1:]))
        nothing_open = "return vim.tbl_isempty(vim.lsp.get_clients({ name = 'pilotfish' })[1].requests)"
        editor.until(lambda: editor.lua(nothing_open), "an answer")
        assert editor.ghost() == "\n".join(EXCEPT[1:])
    finally:
        editor.command("set completeopt&")


def test_what_is_selected_in_the_menu_is_gone_on_from(editor: Editor) -> None:
    editor.command("set completeopt=menu,menuone,noinsert")
    try:
        begin(editor, "content = json.loads(path.rea", text="import json\nread_text\n")
        editor.until(editor.ghost, "ghost text")
        editor.press("<C-n>")
        editor.until(lambda: editor.lua("return vim.fn.pumvisible()") == 1, "the menu")
        editor.until(lambda: editor.ghost().startswith("d"), "ghost text beside the menu")
        editor.press("<Tab>")
        editor.until(lambda: editor.line() == READ + TEXT, "the accepted text")
        assert editor.lua("return vim.fn.pumvisible()") == 0
    finally:
        editor.command("set completeopt&")


@pytest.mark.parametrize("plugin", MENUS)
def test_the_menu_of_a_plugin_counts_what_the_user_has_selected(editor: Editor, plugin: str) -> None:
    begin_except(editor)
    try:
        editor.lua(MENUS[plugin])
        editor.type("N")
        editor.until_ghost("otFoundError:")
        editor.lua("Chosen = 'FileNames'; vim.cmd('doautocmd User BlinkCmpListSelect')")
        if plugin == "cmp":  # It tells nobody.
            editor.type("o")
        editor.until_ghost("")
    finally:
        editor.lua("package.loaded['cmp'], package.loaded['blink.cmp'], Chosen = nil, nil, nil")


def test_everybody_is_told_of_what_is_shown_taken_and_dismissed(editor: Editor) -> None:
    begin_except(editor)
    buffer = editor.lua("return vim.api.nvim_get_current_buf()")
    text = "\n".join(["NotFoundError:", *EXCEPT[1:]])
    shown = editor.told("PilotfishShown")[-1]
    assert (shown["buf"], shown["text"], shown["index"]) == (buffer, text, 1)
    editor.type("Not")
    editor.until_ghost(text.removeprefix("Not"))
    editor.press("<M-w>")
    editor.until(lambda: editor.told("PilotfishAccepted"), "a word that was taken")
    word = editor.told("PilotfishAccepted")[-1]
    assert (word["text"], word["unit"], word["is_all"]) == ("FoundError", "word", False)
    editor.press("<Tab>")
    editor.until_text(HANDLED)
    rest = editor.told("PilotfishAccepted")[-1]
    assert (rest["buf"], rest["unit"], rest["is_all"]) == (buffer, "all", True)
    begin(editor, TYPED, text="", name="another.py")
    editor.until_ghost(REST)
    assert not editor.told("PilotfishDismissed")
    editor.press("<C-e>")
    editor.until(lambda: editor.told("PilotfishDismissed"), "what was dismissed")
    assert editor.told("PilotfishDismissed")[-1]["text"] == REST


def statusline(editor: Editor) -> str:
    line: str = editor.lua("return require('pilotfish').statusline()")
    return line
