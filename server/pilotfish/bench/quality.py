"""Would it have written what stands there? Pieces of a workspace are held out, and a server asked for them.

The text on disk stays as it is: a server must let the text that is open win over the file, or it reads the
answer. No server process is shown a file twice, since the text opened for one task holds the target of
another: tasks run in rounds, each in a fresh server with a copy of the cache that the first start made.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pilotfish.bench.editor import Editor, Ghost
from pilotfish.bench.measure import environment, temporary_home, wait_for_index
from pilotfish.bench.score import Scored, by_language, calibration, summary
from pilotfish.bench.stub import as_settings, running
from pilotfish.bench.stub_model import Script
from pilotfish.bench.summary import summarize
from pilotfish.bench.tasks import Task, rounds, text_without

FORMAT = 2
_CONFIDENCE = re.compile(r"confidence (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Examination:
    """Who is asked, and how.

    Attributes:
        settings: by name; each is scored on the same tasks, one after the other.
        left_only: nothing that stands after the target is shown.
        trigger: `invoked`, or `automatic`, with which a server may keep its doubts to itself.
        stub: a model server that the server under test is to ask, if any.
    """

    server: Sequence[str]
    settings: Mapping[str, Mapping[str, Any]]
    on_progress: Callable[[str, float], None]
    left_only: bool = False
    trigger: str = "invoked"
    stub: Script | None = None
    timeout_s: float = 30.0
    seed: str = "1"


@dataclass(slots=True)
class _Setting:
    """One setting at work on all tasks."""

    name: str
    root: Path
    examination: Examination
    url: str | None
    scored: list[Scored] = field(default_factory=list)

    def start(self, home: Path) -> Editor:
        """A server with the index ready."""
        settings = {**(as_settings(self.url) if self.url else {}), **self.examination.settings[self.name]}
        around, timeout_s = environment(home), self.examination.timeout_s
        editor = Editor(self.examination.server, self.root, around, timeout_s, settings)
        try:
            wait_for_index(editor, self.root.name, self.examination.on_progress)
        except BaseException:
            editor.close()
            raise
        return editor

    def score(self, tasks: Sequence[Task]) -> None:
        """Ask for each of them."""
        with temporary_home() as folder:
            warm = folder / "warm"
            self.start(warm).close()
            for number, batch in enumerate(rounds(tasks)):
                home = folder / str(number)
                if warm.exists():
                    shutil.copytree(warm, home, symlinks=True)
                with closing(self.start(home)) as server:
                    for task in batch:
                        self.scored.append(self._ask(server, task))
                        self.examination.on_progress(self.name, len(self.scored) / len(tasks))
                shutil.rmtree(home, ignore_errors=True)

    def _ask(self, server: Editor, task: Task) -> Scored:
        text = text_without(self.root, task, left_only=self.examination.left_only)
        server.open((self.root / task.name).as_uri(), task.language_id, text)
        server.status()  # the file has been read when this is answered
        asked = server.ask(task.start, self.examination.trigger)
        ghost = server.wait(asked)
        confidence = _confidence(server.traces(server.ask_for_traces(1)))
        ms = (ghost.arrived_at - asked.pending.sent_at) * 1000
        return Scored(task.language_id, task.target.strip(), _cut(ghost, task), ms, confidence)


def examine(
    root: Path, tasks: Sequence[Task], examination: Examination, machine: Mapping[str, Any]
) -> dict[str, Any]:
    """Score all settings; the report, in JSON's own types (docs/bench-report.md).

    Raises:
        ServerGone: a server failed.
    """
    scores = {}
    for name in examination.settings:
        with temporary_home() as home:
            if examination.stub is not None:
                with running(examination.stub, home) as (url, _):
                    scores[name] = _scored(name, root, tasks, examination, url)
            else:
                scores[name] = _scored(name, root, tasks, examination, None)
    return {
        "format": FORMAT,
        "kind": "held-out",
        "machine": machine,
        "complete": True,  # what fails raises
        "workspace": root.name,
        "tasks": len(tasks),
        "of": sorted({task.kind for task in tasks}),
        "shown": "left" if examination.left_only else "both",
        "trigger": examination.trigger,
        "seed": examination.seed,
        "stub": asdict(examination.stub) if examination.stub else None,
        "settings": {name: dict(settings) for name, settings in examination.settings.items()},
        "scores": scores,
    }


def _scored(
    name: str, root: Path, tasks: Sequence[Task], examination: Examination, url: str | None
) -> dict[str, Any]:
    setting = _Setting(name, root, examination, url)
    setting.score(tasks)
    return {
        **summary(setting.scored),
        "latency": summarize([one.ms for one in setting.scored]),
        "languages": by_language(setting.scored),
        "calibration": calibration(setting.scored),
    }


def _cut(ghost: Ghost, task: Task) -> str:
    """What was offered, as long as what is asked for: so many lines, or one identifier."""
    if task.kind == "identifier":
        found = re.match(r"\w+", ghost.text)
        return found.group() if found else ""
    lines = ghost.text.splitlines()[: task.target.count("\n") + 1]
    return "\n".join(line.rstrip() for line in lines).strip()


def _confidence(traces: Sequence[Mapping[str, Any]]) -> float | None:
    """What the engine said of its best candidate, if it was asked."""
    stages = traces[-1].get("stages", ()) if traces else ()
    found = next(
        (_CONFIDENCE.search(str(stage.get("note"))) for stage in stages if stage["stage"] == "engine"), None
    )
    return float(found[1]) if found else None
