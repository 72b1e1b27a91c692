"""Somebody at work in one file: does things one after the other, and keeps them as the steps of a trace."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from pilotfish.bench.timing import key_ms, thinking_ms
from pilotfish.bench.traces import Place, Step

LINE_END = re.compile(r"\r\n|\r|\n")


class Typist:
    """Knows the lines as they are after each step, so that every place is one that is there.

    Args:
        lines: of the file as it is opened, without their ends.
        chance: decides how long each pause is.
    """

    def __init__(self, lines: Sequence[str], chance: random.Random) -> None:
        self.lines = list(lines)
        self.steps: list[Step] = []
        self.cursor: Place = (0, 0)
        self._chance = chance

    def go(self, line: int, column: int) -> None:
        """Look for a place, set the cursor there, and wait what is offered."""
        self._do((line, column), (line, column), "", wait_ms=thinking_ms(self._chance))

    def type(self, text: str) -> None:
        """Key by key; a line end brings the indentation of its line with it, as editors do."""
        for key in re.findall(r"\n[ \t]*|[^\n]", text):
            self._do(self.cursor, self.cursor, key)

    def rub_out(self, count: int) -> None:
        """Backspace, at most to the line's beginning."""
        for _ in range(min(count, self.cursor[1])):
            line, column = self.cursor
            self._do((line, column - 1), (line, column), "")

    def paste(self, text: str) -> None:
        """All at once."""
        self._do(self.cursor, self.cursor, text, wait_ms=thinking_ms(self._chance))

    def take(self, text: str) -> None:
        """Take what is offered, and be asked for more behind it; in the end `text` stands there."""
        self._do(self.cursor, self.cursor, text, takes=True)

    def insert(self, text: str) -> None:
        """Put text at the cursor without a question, and without time passing."""
        if text:
            self._do(self.cursor, self.cursor, text, wait_ms=0.0, asks=False)

    def cut(self, end: Place) -> None:
        """Take away what stands between the cursor and `end`, without a question."""
        self._do(self.cursor, end, "", wait_ms=0.0, asks=False)

    def _do(
        self,
        start: Place,
        end: Place,
        text: str,
        *,
        wait_ms: float | None = None,
        asks: bool = True,
        takes: bool = False,
    ) -> None:
        wait_ms = key_ms(self._chance) if wait_ms is None else wait_ms
        self.steps.append(Step(round(wait_ms, 1), start, end, text, asks, takes))
        self.cursor = replace(self.lines, start, end, text)


def replace(lines: list[str], start: Place, end: Place, text: str) -> Place:
    """Put `text` between two places of `lines`; the place behind it."""
    new = LINE_END.split(lines[start[0]][: start[1]] + text)
    cursor = start[0] + len(new) - 1, len(new[-1])
    new[-1] += lines[end[0]][end[1] :]
    lines[start[0] : end[0] + 1] = new
    return cursor
