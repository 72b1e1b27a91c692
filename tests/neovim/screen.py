"""What is on the screen: the characters and their highlights that Neovim tells its user interface to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """One place. The second half of a wide character is an empty text."""

    text: str = " "
    highlight: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The screen as it was drawn once, with when that was, by `time.perf_counter`."""

    at: float
    rows: tuple[tuple[Cell, ...], ...]
    cursor: tuple[int, int]

    def lines(self) -> list[str]:
        return ["".join(cell.text for cell in row).rstrip() for row in self.rows]


@dataclass
class Screen:
    """Fed with `redraw` notifications of `ext_linegrid` and `ext_hlstate`.

    Attributes:
        frames: all that were drawn, the newest last.
        attributes: of each highlight, the colours as Neovim names them.
        groups: of each highlight, the names of the groups that it is made of.
        colours: foreground and background where a highlight has none.
    """

    frames: list[Frame] = field(default_factory=lambda: [Frame(0.0, (), (0, 0))])
    attributes: dict[int, dict[str, Any]] = field(default_factory=dict)
    groups: dict[int, frozenset[str]] = field(default_factory=dict)
    colours: tuple[int, int] = (0xFFFFFF, 0)
    _rows: list[list[Cell]] = field(default_factory=list)
    _cursor: tuple[int, int] = (0, 0)

    @property
    def now(self) -> Frame:
        return self.frames[-1]

    def text_in(self, groups: frozenset[str], frame: Frame | None = None) -> str:
        """What stands there in any of these highlight groups, a line for each row that has some."""
        kept = {number for number, names in self.groups.items() if names & groups}
        rows = (frame or self.now).rows
        found = ("".join(cell.text for cell in row if cell.highlight in kept) for row in rows)
        return "\n".join(text.rstrip() for text in found if text)

    def redraw(self, events: list[Any], at: float) -> None:
        """Take a notification's events; each is a name and the arguments of its calls."""
        for name, *calls in events:
            if draw := _DRAW.get(name):
                for call in calls:
                    draw(self, *call)
            if name == "flush":
                self.frames.append(Frame(at, tuple(map(tuple, self._rows)), self._cursor))

    def _resize(self, _grid: int, width: int, height: int) -> None:
        self._rows = [[Cell()] * width for _ in range(height)]

    def _clear(self, _grid: int) -> None:
        self._rows = [[Cell()] * len(row) for row in self._rows]

    def _goto(self, _grid: int, row: int, column: int) -> None:
        self._cursor = (row, column)

    def _line(self, _grid: int, row: int, column: int, cells: list[list[Any]], *_more: Any) -> None:
        highlight = 0
        for text, *rest in cells:
            highlight = rest[0] if rest else highlight
            times = rest[1] if len(rest) > 1 else 1
            self._rows[row][column : column + times] = [Cell(text, highlight)] * times
            column += times

    def _scroll(self, _grid: int, top: int, end: int, left: int, right: int, by: int, *_more: Any) -> None:
        rows = range(top, end - by) if by > 0 else range(end - 1, top - by - 1, -1)
        for row in rows:
            self._rows[row][left:right] = self._rows[row + by][left:right]

    def _highlight(self, number: int, rgb: dict[str, Any], _terminal: Any, info: list[Any]) -> None:
        self.attributes[number] = rgb
        names = {each.get(key) for each in info for key in ("hi_name", "ui_name")}
        self.groups[number] = frozenset(name for name in names if name)

    def _default(self, foreground: int, background: int, *_more: Any) -> None:
        self.colours = (foreground, background)


_DRAW: dict[str, Callable[..., None]] = {
    "grid_resize": Screen._resize,
    "grid_clear": Screen._clear,
    "grid_cursor_goto": Screen._goto,
    "grid_line": Screen._line,
    "grid_scroll": Screen._scroll,
    "hl_attr_define": Screen._highlight,
    "default_colors_set": Screen._default,
}
