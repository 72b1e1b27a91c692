"""The server alone, as any language server is used: a Neovim that has nothing of ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.neovim.editor import Editor
from tests.neovim.install import Neovim
from tests.neovim.model import Model
from tests.neovim.scene import FUTURE, REST
from tests.neovim.shop import write_shop

INIT = """
vim.g.loaded_python3_provider = 0
vim.o.messagesopt = "wait:0,history:500"
vim.api.nvim_set_hl(0, "ComplHint", { fg = "#808080" })
local given = vim.json.decode(vim.env.PILOTFISH_GIVEN)
vim.lsp.config("pilotfish", { cmd = given.cmd, root_markers = { ".git" }, init_options = given.options })
vim.lsp.enable("pilotfish")
if vim.lsp.inline_completion then
  vim.lsp.inline_completion.enable()
  vim.keymap.set("i", "<Tab>", function()
    return vim.lsp.inline_completion.get() and "" or "<Tab>"
  end, { expr = true })
end
"""
OLD = "def half(x):\n    y = x / 2\n    return y\n"
NEW = "def half(x):\n    return x / 2\n"


@pytest.fixture
def bare(neovim: Neovim, tmp_path: Path) -> Path:
    (tmp_path / "init.lua").write_text(INIT, encoding="utf-8")
    return write_shop(tmp_path)


def test_a_change_is_made_at_once_and_taken_back_by_one_undo(
    neovim: Neovim, tmp_path: Path, bare: Path, model: Model
) -> None:
    command = [sys.executable, "-P", "-m", "pilotfish", "serve"]
    given = json.dumps({"cmd": command, "options": model.options()})
    (bare / "half.py").write_text(OLD, encoding="utf-8")
    with Editor(
        neovim,
        tmp_path,
        workspace=bare,
        init=tmp_path / "init.lua",
        arguments=["half.py"],
        environment={"PILOTFISH_GIVEN": given},
    ) as editor:
        editor.until(editor.is_ready, "a server")
        model.say("```python\n", NEW, "```\n")
        model.end()
        editor.press("ggVG")
        editor.until(lambda: editor.mode() == "V", "a selection")
        editor.press("gra")
        editor.until(lambda: "Simplify" in str(editor.lines()), "the menu")
        entry = next(line for line in editor.lines() if "Simplify" in line)
        editor.type(entry.strip().split(":")[0] + "\n")
        editor.until_text(NEW.rstrip("\n"))
        editor.press("<Esc>u")
        editor.until_text(OLD.rstrip("\n"))
        check_ghost_text(editor, neovim)


def check_ghost_text(editor: Editor, neovim: Neovim) -> None:
    """Neovim 0.12 shows it by itself; 0.11 cannot, but the server answers whoever asks."""
    editor.open("new.py")
    editor.until(lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 }) > 0"), "the server")
    editor.press("ifrom __fu")
    if neovim.version == "0.12":
        editor.until_ghost(REST)
        editor.press("<Tab>")
        editor.until_text(FUTURE)
        return
    editor.until(lambda: editor.line() == "from __fu", "the typed text")
    answer = editor.lua(
        """
        local client = vim.lsp.get_clients({ name = "pilotfish" })[1]
        local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
        params.context = { triggerKind = 1 }
        local buffer = vim.api.nvim_get_current_buf() -- 0 would send what was typed too late
        return client:request_sync("textDocument/inlineCompletion", params, 5000, buffer).result
        """
    )
    assert answer["items"][0]["insertText"].endswith(REST)
