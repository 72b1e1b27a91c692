"""What is held out of a workspace, to see whether a server would have written it.

A task file has the columns of tests/quality/repoeval_like.tsv: tab-separated, with a heading; `repo` and the
checksums may be left out.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pilotfish.bench.scenarios import bodies, worth_typing
from pilotfish.bench.traces import Place
from pilotfish.bench.typist import LINE_END
from pilotfish.bench.workload import source_files
from pilotfish.errors import InputError

KINDS = ("line", "block", "identifier")
PER_FILE = 3
_IDENTIFIER = re.compile(r"(?<=[.( =\t])[^\W\d]\w{3,}")


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of a file that is not shown.

    Attributes:
        name: of the file, relative to the workspace, with `/`.
        start: where the piece begins; the cursor stands there.
        end: where it ends.
        target: the piece itself.
    """

    kind: str
    name: str
    language_id: str
    start: Place
    end: Place
    target: str


def draw(root: Path, kind: str, count: int, seed: str) -> list[Task]:
    """`count` tasks of one kind, a few from each file; fewer where the workspace has fewer.

    Raises:
        InputError: there are none at all.
    """
    chance = random.Random(seed)  # noqa: S311 - a reproducible choice is the point
    files = source_files(root)
    chance.shuffle(files)
    tasks: list[Task] = []
    for name, language_id in files:
        if len(tasks) >= count:
            break
        lines = _lines(root / name)
        places = list(_PLACES[kind](lines))
        for start, end in chance.sample(places, min(PER_FILE, len(places))):
            tasks.append(Task(kind, name, language_id, start, end, _between(lines, start, end)))
    if not tasks:
        raise InputError(f"{root} has nothing of the kind {kind!r} to hold out")
    return tasks[:count]


def read_tasks(path: Path, root: Path) -> list[Task]:
    """The tasks of a file that are about this workspace: all, or those whose `repo` is its name.

    Raises:
        InputError: it cannot be read, is no such file, or does not fit the workspace.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    try:
        return [_task(row, root) for row in rows if row.get("repo") in (None, "", root.name)]
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise InputError(
            f"{path} does not fit {root}: {type(error).__name__} {error}; is it of another commit?"
        ) from error


def rounds(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks so split that no round has a file twice: the text shown for one has the target of another."""
    seen: dict[str, int] = defaultdict(int)
    split: list[list[Task]] = []
    for task in tasks:
        turn = seen[task.name]
        seen[task.name] += 1
        if turn == len(split):
            split.append([])
        split[turn].append(task)
    return split


def text_without(root: Path, task: Task, *, left_only: bool) -> str:
    """The file as it is opened: without the target, and with nothing after it where that is wanted."""
    lines = _lines(root / task.name)
    (line, column), (end_line, end_column) = task.start, task.end
    head = "\n".join([*lines[:line], lines[line][:column]])
    tail = "" if left_only else "\n".join([lines[end_line][end_column:], *lines[end_line + 1 :]])
    return head + tail


def _task(row: dict[str, str], root: Path) -> Task:
    line, lines = int(row["line_no"]), _lines(root / row["file"])
    is_line = row["kind"] == "line"
    column = len(lines[line]) - len(lines[line].lstrip()) if is_line else int(row["col"])
    end = line, len(lines[line])
    return Task(row["kind"], row["file"], row["lang"], (line, column), end, lines[line][column:])


def _lines(path: Path) -> list[str]:
    try:
        return LINE_END.split(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return []


def _between(lines: Sequence[str], start: Place, end: Place) -> str:
    if start[0] == end[0]:
        return lines[start[0]][start[1] : end[1]]
    return "\n".join([lines[start[0]][start[1] :], *lines[start[0] + 1 : end[0]], lines[end[0]][: end[1]]])


def _whole_lines(lines: Sequence[str]) -> Iterator[tuple[Place, Place]]:
    for number in worth_typing(lines):
        line = lines[number]
        yield (number, len(line) - len(line.lstrip())), (number, len(line))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[Place, Place]]:
    for opener, end in bodies(lines):
        first = lines[opener + 1]
        yield (opener + 1, len(first) - len(first.lstrip())), (end - 1, len(lines[end - 1]))


def _identifiers(lines: Sequence[str]) -> Iterator[tuple[Place, Place]]:
    for number in worth_typing(lines):
        for match in _IDENTIFIER.finditer(lines[number]):
            yield (number, match.start()), (number, match.end())


_PLACES: dict[str, Callable[[Sequence[str]], Iterator[tuple[Place, Place]]]] = {
    "line": _whole_lines,
    "block": _blocks,
    "identifier": _identifiers,
}
