"""A keystroke trace: what somebody did in one file and when, to be played to any server.

As JSON (`pilotfish bench record` writes it, `--trace` reads it): `{"format": 1, "traces": [{"scenario",
"name", "language_id", "text", "steps": [{"wait_ms", "start": [line, column], "end": [line, column], "text",
"asks", "takes"}]}]}`. Lines and columns count from 0, columns in code points. `text` of a trace is the file
as it was opened; null where the text on disk is meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pilotfish.errors import InputError

FORMAT = 1

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done.

    Attributes:
        wait_ms: since the step before.
        start: where the replaced text begins; the cursor stands behind `text` afterwards.
        end: where it ends, the same as `start` where nothing is taken away.
        text: what is put there; without it and with `start` equal to `end` the cursor only moves.
        asks: the editor asks for ghost text then.
        takes: the user takes the ghost text that is shown, if there is one, instead of `text`.
    """

    wait_ms: float
    start: Place
    end: Place
    text: str = ""
    asks: bool = True
    takes: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """All that was done in one file from its opening on.

    Attributes:
        scenario: what kind of work it is; figures are given by it.
        name: of the file, relative to the workspace, with `/`.
        text: as it was opened; None: as it is on disk.
    """

    scenario: str
    name: str
    language_id: str
    text: str | None
    steps: tuple[Step, ...]


def write_traces(path: Path, traces: Iterable[Trace]) -> None:
    """Write them as JSON, whole or not at all."""
    body = json.dumps({"format": FORMAT, "traces": [asdict(trace) for trace in traces]}, indent=1)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(body + "\n", encoding="utf-8")
    unfinished.replace(path)


def read_traces(path: Path, root: Path) -> list[Trace]:
    """The traces of a file, each with its text.

    Raises:
        InputError: it cannot be read, is no such file, or tells of files that `root` does not have.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"{path} is no JSON: {error}") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise InputError(
            f"{path} is no keystroke trace of format {FORMAT}: make one with pilotfish bench record"
        )
    try:
        return [_trace(each, root) for each in told["traces"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is a broken keystroke trace: {type(error).__name__} {error}") from error


def _trace(told: dict[str, Any], root: Path) -> Trace:
    name, text = str(told["name"]), told["text"]
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise InputError(f"the trace's file {name} does not lie in the workspace")
    if text is None:
        try:
            text = (root / name).read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"the trace's file {name} cannot be read in {root}: {error}") from error
    steps = tuple(_step(each) for each in told["steps"])
    return Trace(str(told["scenario"]), name, str(told["language_id"]), str(text), steps)


def _step(told: dict[str, Any]) -> Step:
    return Step(
        float(told["wait_ms"]),
        _place(told["start"]),
        _place(told["end"]),
        str(told["text"]),
        bool(told["asks"]),
        bool(told["takes"]),
    )


def _place(told: Sequence[int]) -> Place:
    line, column = told
    return max(int(line), 0), max(int(column), 0)
