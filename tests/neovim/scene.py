"""What the tests type into files that are being written, and what the engine knows of how it goes on."""

from __future__ import annotations

from tests.neovim.editor import Editor
from tests.neovim.shop import BEGUN

FUTURE = "from __future__ import annotations"
WARNING = '        log.warning("nothing to read in %s", folder)'
EXCEPT = ["    except FileNotFoundError:", WARNING, "        return {}"]
HANDLED = BEGUN + "\n".join(EXCEPT)

# What is typed, and what the engine then offers.
REST = "ture__ import annotations"
READ, TEXT = "content = json.loads(path.read", '_text(encoding="utf-8"))'


def begin(editor: Editor, typed: str, *, text: str = BEGUN, name: str = "new.py") -> None:
    """A new file, with this typed below what it holds.

    The keys come together, so that one question is asked, behind the last of them. The answer to an earlier
    one may be another, as good, which stays while it is typed along.
    """
    editor.open(name)
    editor.request("nvim_buf_set_lines", 0, 0, -1, True, text.split("\n"))
    editor.type(typed, after="<Esc>GA")


def begin_except(editor: Editor, **more: str) -> None:
    begin(editor, "    except File", **more)
    editor.until_ghost("\n".join(["NotFoundError:", *EXCEPT[1:]]))
