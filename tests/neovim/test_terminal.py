"""In a real terminal: what a person sees, colours too."""

from __future__ import annotations

import re
from pathlib import Path

from tests.neovim.editor import INIT, own_environment
from tests.neovim.install import Neovim
from tests.neovim.scene import EXCEPT
from tests.neovim.shop import BEGUN, build_index, write_shop
from tests.neovim.terminal import terminal

GREY = "38;2;128;128;128"  # as the colours of init.lua say

STATUS_LINE = "set termguicolors statusline=%f%=[%{v:lua.require'pilotfish'.statusline()}]"


def test_ghost_text_of_several_lines_is_seen_and_taken(
    neovim: Neovim, tmp_path: Path, environment: dict[str, str]
) -> None:
    shop = write_shop(tmp_path)
    file = shop / "new.py"
    file.write_text(BEGUN, encoding="utf-8")
    own = {**own_environment(neovim, tmp_path), **environment}
    build_index(shop, own)
    command = [str(neovim.program), "-u", str(INIT), "-i", "NONE", "-c", STATUS_LINE, str(file)]
    with terminal(tmp_path, command, own) as screen:
        screen.until("[pilotfish]")
        screen.press("G", "o", "C-u", "    except File")
        rows = screen.until(EXCEPT[-1])
        first = rows.index(EXCEPT[0])
        assert rows[first : first + 3] == EXCEPT
        painted = screen.rows(colours=True)[first : first + 3]
        typed, *ghost = re.split(rf"\x1b\[[\d;]*{GREY}[\d;]*m", painted[0])
        assert re.sub(r"\x1b\[[\d;]*m", "", typed) == "    except File"
        assert re.sub(r"\x1b\[[\d;]*m", "", "".join(ghost)) == "NotFoundError:"
        assert all(GREY in row for row in painted)
        screen.press("Tab")
        screen.press("Escape")
        screen.type(":write")
        screen.press("Enter")
        screen.until("written")
        assert file.read_text(encoding="utf-8") == BEGUN + "\n".join(EXCEPT) + "\n"
        screen.type(":quit")
        screen.press("Enter")
