"""`:Pilotfish`, `:checkhealth pilotfish`, the help, and installing it as a package."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.neovim.editor import PLUGIN, Editor
from tests.neovim.install import Neovim
from tests.neovim.model import Model
from tests.neovim.scene import begin
from tests.neovim.shop import BEGUN, write_shop


def test_arguments_are_completed(editor: Editor) -> None:
    known = editor.lua("return vim.fn.getcompletion('Pilotfish ', 'cmdline')")
    assert {
        "accept",
        "edit",
        "explain",
        "log",
        "pause",
        "reject",
        "restart",
        "resume",
        "stats",
        "status",
    } <= {*known}
    assert editor.lua("return vim.fn.getcompletion('Pilotfish res', 'cmdline')") == ["restart", "resume"]


def test_an_unknown_argument_is_named(editor: Editor) -> None:
    editor.type(":Pilotfish nonsense\n")
    editor.until(lambda: "there is no `:Pilotfish nonsense`" in editor.lines()[-1], "a sentence")


def test_status_says_who_is_asked_and_what_is_known(editor: Editor) -> None:
    editor.open("orders.py")
    editor.until(editor.is_ready, "a server")
    editor.type(":Pilotfish status\n")
    editor.until(lambda: "embedded" in editor.lines()[-1], "who is asked")
    assert " files" in editor.lines()[-1]


@pytest.mark.parametrize(
    ("argument", "page", "said"),
    [
        ("explain", "pilotfish://explain", "embedded"),
        ("stats", "pilotfish://stats", "shown"),
        ("doctor", "pilotfish://doctor", "index"),
    ],
)
def test_a_page_beside_the_code(editor: Editor, model: Model, argument: str, page: str, said: str) -> None:
    for _ in range(6):  # The doctor asks each model some questions.
        model.say("ok")
        model.end()
    begin(editor, "    except File")
    editor.until(editor.ghost, "ghost text")
    editor.press("<Esc>")
    editor.type(f":Pilotfish {argument}\n")
    editor.until(lambda: said in (editor.text_of(page) or "").lower(), "words on the page")
    assert editor.text() == BEGUN + "    except File"
    editor.press("<C-w>jq")
    editor.until(lambda: len(editor.request("nvim_list_wins")) == 1, "a closed window")


def test_the_log_is_opened(editor: Editor) -> None:
    editor.open("orders.py")
    editor.type(":Pilotfish log\n")
    editor.until(lambda: editor.request("nvim_buf_get_name", 0).endswith("lsp.log"), "the log")


def test_health(editor: Editor) -> None:
    editor.open("orders.py")
    editor.until(editor.is_ready, "a server")
    editor.command("checkhealth pilotfish")
    report = editor.text()
    assert "ERROR" not in report
    assert "Neovim 0.1" in report
    assert "it is enabled" in report
    assert f"running for {editor.workspace}, 1 buffer\n" in report
    assert "index:" in report


def test_highlights_are_the_colour_schemes_and_come_back_after_another(editor: Editor) -> None:
    links = (
        "return vim.tbl_map(function(g) return vim.api.nvim_get_hl(0, { name = g }).link or '' end, { ... })"
    )
    wanted = ["ComplHint", "DiffAdd"]
    groups = ("PilotfishGhost", "PilotfishAdd")
    try:
        editor.command("highlight clear | colorscheme default")
        assert editor.lua(links, *groups) == wanted
        editor.command("colorscheme habamax")
        assert editor.lua(links, *groups) == wanted
    finally:
        editor.command("colorscheme default")
        editor.lua("Colours()")


def test_it_is_installed_as_a_package_and_has_help(
    neovim: Neovim, tmp_path: Path, environment: dict[str, str]
) -> None:
    package = tmp_path / "data" / "nvim" / "site" / "pack" / "clone" / "opt" / "pilotfish"
    shutil.copytree(PLUGIN, package)
    init = tmp_path / "init.lua"
    init.write_text('vim.cmd.packadd("pilotfish")\nvim.lsp.enable("pilotfish")\n', encoding="utf-8")
    shop = write_shop(tmp_path)
    with Editor(neovim, tmp_path, workspace=shop, init=init, environment=environment) as editor:
        editor.open("orders.py")
        editor.until(editor.is_ready, "a server")
        editor.command("helptags ALL | help pilotfish")
        assert "pilotfish" in editor.text()
        assert Path(editor.request("nvim_buf_get_name", 0)).name == "pilotfish.txt"
