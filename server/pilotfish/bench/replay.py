"""Gives the same keys to the server under test and to the floor, and takes the times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pilotfish.bench.editor import Editor, Ghost
from pilotfish.bench.keystrokes import Edited, Visit
from pilotfish.bench.measured import Example, Measured, Sample


class Replay:
    """Two editors in step. A closed loop: the next key comes when the answer to the last one is there."""

    def __init__(self, server: Editor, floor: Editor, measured: Measured) -> None:
        self._both = (server, floor)
        self._measured = measured
        self._indexing = False
        self._requests = 0

    def visits(self, files: Iterable[Edited], *, indexing: bool = False) -> Iterator[Visit]:
        """Make one visit at each `next`; `indexing` says that all of it counts as that scenario."""
        self._indexing = indexing
        for file in files:
            lines = file.lines
            for editor in self._both:
                editor.open(file)
            first = file.visits[0].line
            self._ask("opened", first, len(lines[first]))
            for editor in self._both:
                editor.settle()
            for visit in file.visits:
                self._make(file, visit, lines[visit.line])
                yield visit

    def _make(self, file: Edited, visit: Visit, line: str) -> None:
        """Cut the line, ask, ask again, type it on key by key, and put the rest of it back."""
        number, column = visit.line, visit.column
        self._replace(number, column, len(line), "")
        ghost = self._ask("cold", number, column)
        if ghost.text and not self._indexing:
            place = f"{file.name}:{number + 1}:{column + 1}"
            self._measured.examples.append(Example(place, line[:column], ghost.text, line[column:]))
        ghost = self._ask("repeated", number, column)
        for key in visit.keys:
            scenario = "typed-through" if ghost.text.startswith(key) else "typed"
            self._replace(number, column, column, key)
            column += 1
            ghost = self._ask(scenario, number, column)
        self._replace(number, column, column, line[column:])

    def _replace(self, line: int, start: int, end: int, text: str) -> None:
        for editor in self._both:
            editor.replace(line, start, end, text)

    def _ask(self, scenario: str, line: int, column: int) -> Ghost:
        """The same request to both, in alternating order so that neither always finds the warmer machine."""
        server, floor = self._both
        if self._requests % 2:
            bare, ghost = floor.complete(line, column), server.complete(line, column)
        else:
            ghost, bare = server.complete(line, column), floor.complete(line, column)
        self._requests += 1
        name = "indexing" if self._indexing else scenario
        self._measured.samples.append(Sample(name, ghost.ms, bare.ms, bool(ghost.text), ghost.failed))
        return ghost
