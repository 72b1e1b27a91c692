"""Plays keystroke traces to the server under test, and to the floor beside it, and takes the times.

With a speed the loop is open: a key is pressed at its time whether or not the answers to the earlier ones
are there, and its latency counts from when it was *due*, so that a server that stalls is charged for every
key that came meanwhile (what Gil Tene calls coordinated omission is left undone). Without a speed the loop is
closed: the next key comes when the answer is there, as fast as it goes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pilotfish.bench.client import Pending
from pilotfish.bench.editor import Asked, Editor, Ghost
from pilotfish.bench.measured import Example, Measured, Sample
from pilotfish.bench.traces import Place, Step, Trace
from pilotfish.bench.typist import LINE_END
from pilotfish.errors import InputError

BURST_GAP_MS = 500.0
"""A longer pause ends a burst of keys."""

_NOTHING = Ghost("", 0.0)
_NOWHERE = (-1, -1)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A question whose answers are not there yet, and since when the user waits for it."""

    trace: Trace
    way: str
    due_at: float
    server: Asked
    floor: Asked | None


class Player:
    """Two editors in step.

    Args:
        root: the workspace that the traces are about.
        server: the one under test.
        floor: the bare one beside it; None to do without.
        measured: filled with what is seen.
        speed: how many times faster than the traces' own pace; None for a closed loop.
    """

    def __init__(
        self, root: Path, server: Editor, floor: Editor | None, measured: Measured, speed: float | None
    ) -> None:
        self._root = root
        self._server = server
        self._floor = floor
        self._measured = measured
        self._speed = speed
        self._indexing = False
        self._trace = Trace("", "", "", "", ())
        self._scenario_by_uri: dict[str, str] = {}
        self._due_at = time.perf_counter()
        self._waiting: list[_Waiting] = []
        self._stages_asked: list[Pending] = []
        self._shown, self._shown_at = _NOTHING, _NOWHERE
        self._asked_at: set[Place] = set()

    def play(self, traces: Iterable[Trace], *, indexing: bool = False) -> Iterator[Trace]:
        """Plays one at each `next`, and gives it back; `indexing`: an index is being built meanwhile.

        In an open loop nothing is waited for, not even from file to file, until the traces end.
        """
        self._indexing = indexing
        self._due_at = time.perf_counter()
        for trace in traces:
            self._open(trace)
            for number, step in enumerate(trace.steps, 1):
                if not (self._server.has(step.start) and self._server.has(step.end)):
                    raise InputError(f"step {number} in {trace.name} is at no place of it; record it anew")
                self._wait_until_due(step)
                self._do(step)
            self._stages_asked.append(self._server.ask_for_traces(len(trace.steps) + 1))
            if self._speed is None:
                self._finish()
            yield trace
        self._finish()

    def _open(self, trace: Trace) -> None:
        self._trace = trace
        self._shown, self._shown_at = _NOTHING, _NOWHERE
        self._asked_at.clear()
        uri = (self._root / trace.name).as_uri()
        self._scenario_by_uri[uri] = trace.scenario
        for editor in self._editors():
            editor.open(uri, trace.language_id, trace.text or "")
        first = next((step.start for step in trace.steps if self._server.has(step.start)), (0, 0))
        if self._speed is None:
            self._due_at = time.perf_counter()
        self._ask("opened", first)

    def _wait_until_due(self, step: Step) -> None:
        if self._speed is None:
            self._due_at = time.perf_counter()
        else:
            self._due_at += step.wait_ms / 1000 / self._speed
            time.sleep(max(self._due_at - time.perf_counter(), 0.0))
        self._take_arrived()

    def _do(self, step: Step) -> None:
        if step.asks and step.wait_ms > BURST_GAP_MS:
            self._measured.bursts += 1
        if step.takes and self._is_offered_at(step.start):
            self._accept(step)
            return
        way = self._way(step)
        place = self._replace(step.start, step.end, step.text)
        if step.asks:
            self._ask(way, place)

    def _accept(self, step: Step) -> None:
        """Take what is shown, be asked for more behind it; then put there what the file has."""
        taken = self._shown
        self._measured.accepted_characters += len(taken.text)
        behind = self._replace(step.start, step.end, taken.text)
        if taken.accepted is not None:
            self._server.tell(taken.accepted)
        self._ask("accepted", behind)
        self._take_all()
        self._replace(step.start, behind, step.text)

    def _replace(self, start: Place, end: Place, text: str) -> Place:
        if not text and start == end:
            return start
        self._asked_at.clear()
        for editor in self._editors():
            behind = editor.replace(start, end, text)
        return behind

    def _way(self, step: Step) -> str:
        """How the editor comes to this question; `measured.WAYS` says what the names mean."""
        if not step.text and step.start == step.end:
            return "repeated" if step.start in self._asked_at else "cold"
        is_typed = step.start == step.end and self._is_offered_at(step.start)
        return "typed-through" if is_typed and self._shown.text.startswith(step.text) else "typed"

    def _is_offered_at(self, place: Place) -> bool:
        return bool(self._shown.text) and self._shown_at == place

    def _ask(self, way: str, place: Place) -> None:
        """The same question to both, in alternating order so that neither always finds the warmer machine."""
        self._asked_at.add(place)
        way = "indexing" if self._indexing else way
        asked: dict[Editor, Asked] = {}
        for editor in self._editors()[:: -1 if self._measured.requests % 2 else 1]:
            asked[editor] = editor.ask(place)
            if self._speed is None:
                editor.client.settle(asked[editor].pending)
        self._measured.requests += 1
        server, floor = asked[self._server], asked.get(self._floor) if self._floor else None
        due_at = server.pending.sent_at if self._speed is None else self._due_at
        self._waiting.append(_Waiting(self._trace, way, due_at, server, floor))
        if self._speed is None:
            self._take_all()

    def _take_arrived(self) -> None:
        for one in list(self._waiting):
            if (ghost := self._server.look(one.server)) is not None:
                self._take(one, ghost)

    def _take_all(self) -> None:
        for one in list(self._waiting):
            self._take(one, self._server.wait(one.server))

    def _finish(self) -> None:
        """Wait for what is still on its way."""
        self._take_all()
        for pending in self._stages_asked:
            self._measured.stages.read(self._server.traces(pending), self._scenario_by_uri)
        self._stages_asked.clear()

    def _take(self, one: _Waiting, ghost: Ghost) -> None:
        """Count an answer. What it offers is shown, unless it says that a newer one takes its place."""
        self._waiting.remove(one)
        floor_ms = None
        if one.floor is not None and self._floor is not None:
            floor_ms = (self._floor.wait(one.floor).arrived_at - one.floor.pending.sent_at) * 1000
        ms = (ghost.arrived_at - one.due_at) * 1000
        depth = one.server.place[0] / max((one.trace.text or "").count("\n"), one.server.place[0], 1)
        self._measured.samples.append(
            Sample(
                one.trace.scenario,
                one.way,
                ms,
                floor_ms,
                offered=bool(ghost.text),
                failed=ghost.failed,
                superseded=ghost.superseded,
                depth=round(depth, 3),
            )
        )
        if one.trace is self._trace and not ghost.superseded:
            self._shown, self._shown_at = ghost, one.server.place
        if ghost.text and one.way == "cold":
            self._keep_as_example(one.trace, one.server, ghost)

    def _keep_as_example(self, trace: Trace, asked: Asked, ghost: Ghost) -> None:
        """Where the end of a line was taken away, what was offered can be compared with it."""
        line, column = asked.place
        original = LINE_END.split(trace.text or "")
        written = original[line][column:] if line < len(original) else ""
        if written and asked.is_at_line_end and original[line].startswith(asked.before):
            place = f"{trace.name}:{line + 1}:{column + 1}"
            self._measured.examples.append(Example(place, asked.before, ghost.text, written))

    def _editors(self) -> list[Editor]:
        return [self._server] if self._floor is None else [self._server, self._floor]
