"""Records the real Neovim for the README: `python -m tests.neovim.recording` writes docs/images/neovim.svg.

The keys are pressed in an embedded Neovim; what it draws becomes the frames of an animated SVG. The pace is
that of a person, the rest is as it was: the server, its index, and the ghost text that it offers.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.neovim.editor import PLUGIN, Editor, own_environment
from tests.neovim.install import MISSING, ROOT, neovim_012
from tests.neovim.screen import Cell, Frame, Screen
from tests.neovim.shop import BEGUN, build_index, write_shop

PICTURE = ROOT / "docs" / "images" / "neovim.svg"
COLUMNS, ROWS = 88, 25
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE, MARGIN = 8.4, 18, 14, 10
SEED = 3
KEY_S, LOOK_S, END_S = 0.09, 1.3, 2.5

INIT = """
vim.opt.runtimepath:prepend(vim.env.PILOTFISH_PLUGIN)
vim.g.loaded_python3_provider = 0
vim.o.messagesopt = "wait:0,history:500"
vim.o.shortmess = vim.o.shortmess .. "IF"
vim.o.swapfile = false
vim.o.ruler, vim.o.showcmd, vim.o.hlsearch = false, false, false
vim.cmd.filetype("indent", "off")
vim.o.autoindent = false
vim.o.statusline = " %f %m%=%{v:lua.require'pilotfish'.statusline()} "
-- Lighter than in the default colours, since the picture is seen small.
vim.api.nvim_set_hl(0, "ComplHint", { fg = "#848a95", italic = true })
vim.lsp.enable("pilotfish")
for key, name in pairs({ ["<Tab>"] = "accept", ["<M-w>"] = "accept_word" }) do
  vim.keymap.set("i", key, function()
    return require("pilotfish")[name]() and "" or key
  end, { expr = true })
end
"""


@dataclass
class Take:
    """What was seen so far, and for how long each."""

    editor: Editor
    frames: list[tuple[Frame, float]] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))

    def look(self, seconds: float) -> None:
        """Nothing is pressed for a while."""
        self.editor.lua("vim.cmd.redraw()")
        self.frames.append((self.editor.screen.now, seconds))

    def press(self, keys: str, seconds: float = LOOK_S) -> None:
        self.editor.press(keys)
        self.look(seconds)

    def type(self, text: str, ghost: str | None = None) -> None:
        """Key by key; after the last, what is offered is read."""
        for character in text:
            self.editor.type(character)
            self.editor.lua("return vim.wait(60, function() return false end)")  # For what the server says.
            self.look(KEY_S * self.dice.uniform(0.6, 1.5))
        if ghost is not None:
            self.editor.until(lambda: ghost in "\n".join(self.editor.lines()), f"ghost text with {ghost!r}")
            self.look(LOOK_S)


def play(take: Take) -> None:
    """The scene."""
    editor = take.editor
    take.look(1.0)
    take.press("Go", 0.3)
    take.type("    except File", "return {}")
    take.press("<Tab>")
    take.press("<CR><CR><CR>", 0.2)
    take.type("def main() -> None:\n")
    take.type("    parser = argp", "ArgumentParser(description=__doc__)")
    take.press("<M-w>", 0.5)
    take.press("<M-w>", 0.5)
    take.press("<Tab>")
    take.press("<Esc>?argp<CR>", 0.6)
    take.press("gra", 0.0)
    editor.until(lambda: "Add `import argparse`" in "\n".join(editor.lines()), "the menu")
    take.look(1.8)
    editor.type("1\n")
    editor.until(lambda: "import argparse" in editor.text(), "the import")
    take.look(END_S)


def svg(frames: list[tuple[Frame, float]], screen: Screen) -> str:
    """The frames one below the other, of which one at a time is seen."""
    width, height = COLUMNS * CELL_WIDTH + 2 * MARGIN, ROWS * CELL_HEIGHT + 2 * MARGIN
    whole_s = sum(seconds for _, seconds in frames)
    rows: dict[str, str] = {}
    pictures, steps, at_s = [], [], 0.0
    for number, (frame, seconds) in enumerate(frames):
        steps.append(f"{at_s / whole_s:.3%}{{transform:translateY({-number * height}px)}}")
        at_s += seconds
        pictures.append(f'<g transform="translate({MARGIN},{MARGIN + number * height})">')
        for row, cells in enumerate(frame.rows):
            drawn = "".join(runs(cells, screen))
            if drawn:
                name = rows.setdefault(drawn, f"r{len(rows)}")
                pictures.append(f'<use href="#{name}" y="{row * CELL_HEIGHT}"/>')
        row, column = frame.cursor
        place = f'x="{column * CELL_WIDTH:.1f}" y="{row * CELL_HEIGHT}"'
        pictures.append(f'<rect {place} width="{CELL_WIDTH}" height="{CELL_HEIGHT}" class="cursor"/></g>')
    defined = "".join(f'<g id="{name}">{drawn}</g>' for drawn, name in rows.items())
    foreground, background = (f"#{colour:06x}" for colour in screen.colours)
    style = (
        f"text{{font:{FONT_SIZE}px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;"
        f"fill:{foreground}}}.cursor{{fill:{foreground};opacity:.55}}"
        f".film{{animation:roll {whole_s:.1f}s step-end infinite}}@keyframes roll{{{''.join(steps)}}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}">'
        f"<title>pilotfish in Neovim: ghost text from the code base, and a missing import added</title>"
        f'<style>{style}</style><defs>{defined}</defs><rect width="100%" height="100%" rx="8" '
        f'fill="{background}"/><g class="film">{"".join(pictures)}</g></svg>\n'
    )


def runs(cells: tuple[Cell, ...], screen: Screen) -> Iterator[str]:
    """A row as rectangles and texts, one for each stretch of one highlight."""
    column = 0
    for highlight, group in groupby(cells, key=lambda cell: cell.highlight):
        stretch = list(group)
        text = "".join(cell.text for cell in stretch)
        start, width = column * CELL_WIDTH, len(stretch) * CELL_WIDTH
        column += len(stretch)
        fill, behind, more = look_of(screen.attributes.get(highlight, {}), screen.colours)
        if behind:
            yield f'<rect x="{start:.1f}" width="{width:.1f}" height="{CELL_HEIGHT}" fill="{behind}"/>'
        if text.strip():
            lead = len(text) - len(text.lstrip())
            shown, begin = text.strip(), start + lead * CELL_WIDTH
            span = f'x="{begin:.1f}" y="{FONT_SIZE}" textLength="{len(shown) * CELL_WIDTH:.1f}"'
            yield f"<text {span}{fill}{more}>{escape(shown, quote=False)}</text>"


def look_of(attributes: dict[str, Any], colours: tuple[int, int]) -> tuple[str, str, str]:
    """The text's colour and other properties, and the colour behind it, where they are not the usual ones."""
    front, behind = attributes.get("foreground"), attributes.get("background")
    if attributes.get("reverse"):
        front, behind = behind or colours[1], front or colours[0]
    more = ' font-weight="bold"' if attributes.get("bold") else ""
    more += ' font-style="italic"' if attributes.get("italic") else ""
    fill = f' style="fill:#{front:06x}"' if front is not None else ""
    return fill, f"#{behind:06x}" if behind is not None else "", more


def main() -> int:
    neovim = neovim_012()
    if neovim is None:
        print(f"{MISSING}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        init = folder / "init.lua"
        init.write_text(INIT, encoding="utf-8")
        shop = write_shop(folder)
        (shop / "other.py").write_text(BEGUN, encoding="utf-8")
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        build_index(shop, own_environment(neovim, folder))
        given = {"PILOTFISH_PLUGIN": str(PLUGIN), "PATH": path}
        with Editor(
            neovim, folder, workspace=shop, init=init, environment=given, size=(COLUMNS, ROWS)
        ) as editor:
            editor.open("other.py")
            editor.until(editor.is_ready, "a server")
            take = Take(editor)
            play(take)
            PICTURE.parent.mkdir(exist_ok=True)
            PICTURE.write_text(svg(take.frames, editor.screen), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
