"""The film for the README shows what was on the screen."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.neovim.editor import Editor
from tests.neovim.recording import Take, svg
from tests.neovim.scene import FUTURE, REST

SVG = "{http://www.w3.org/2000/svg}"


def test_each_frame_is_drawn_for_its_time(editor: Editor) -> None:
    editor.open("new.py")
    take = Take(editor)
    take.press("i", 1.0)
    take.type("from __fu", REST)
    take.press("<Tab><Esc>", 2.0)
    editor.until_text(FUTURE)
    take.look(1.0)
    film = svg(take.frames, editor.screen)
    drawn = ElementTree.fromstring(film)
    frames = drawn.findall(f"{SVG}g/{SVG}g")
    assert len(frames) == len(take.frames)
    rows = {row.get("id"): "".join(row.itertext()) for row in drawn.findall(f"{SVG}defs/{SVG}g")}
    shown = [rows[str(use.get("href"))[1:]] for use in frames[-1].findall(f"{SVG}use")]
    assert shown[0].replace(" ", "") == FUTURE.replace(" ", "")
    assert f"animation:roll {sum(seconds for _, seconds in take.frames):.1f}s" in film
