"""What is typed where: chosen from the workspace's own files by a seed, before any server is started.

Each visit takes the end of one line away, as if it were not written yet, and types it again key by key. So
what is typed is real, the answer can be compared with it, and one seed always asks the same requests.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pilotfish.errors import InputError
from pilotfish.platform.files import walk
from pilotfish.platform.ignore import IgnoreRules
from pilotfish.platform.tracked import tracked_though_ignored
from pilotfish.syntax.languages import LANGUAGES

KEYS_PER_VISIT = 10
VISITS_PER_FILE = 4
MIN_LINE_CHARACTERS = 8
MAX_FILE_BYTES = 200_000

# Prose and data are edited too, but a figure for code should not hang on a folder of texts.
_NOT_CODE = {
    "plaintext",
    "markdown",
    "json",
    "jsonc",
    "yaml",
    "toml",
    "ini",
    "html",
    "xml",
    "css",
    "scss",
    "less",
}
_LANGUAGE_BY_ENDING = {
    ending: language.id
    for language in LANGUAGES
    if language.id not in _NOT_CODE
    for ending in language.endings
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One place in a file: the line is cut at `column` (code points) and `keys` are typed there."""

    line: int
    column: int
    keys: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that is opened, visited some times, and closed.

    Attributes:
        path: absolute.
        name: relative to the workspace, with `/`.
        text: as the editor opens it.
    """

    path: Path
    name: str
    language_id: str
    text: str
    visits: tuple[Visit, ...]

    @property
    def lines(self) -> list[str]:
        """Without their ends, split as an editor does."""
        return re.split(r"\r\n|\r|\n", self.text)


def plan(root: Path, keys: int, seed: str) -> list[Edited]:
    """The files to edit, in order, with `keys` keystrokes in all, or fewer where the workspace has fewer.

    Raises:
        InputError: the workspace has no source file with a line worth typing.
    """
    chance = random.Random(seed)  # noqa: S311 - a reproducible choice is the point
    names = _source_files(root)
    chance.shuffle(names)
    edited: list[Edited] = []
    # Small workspaces are gone through again, each time with other lines, but not without end.
    for name in (name for _ in range(20) for name in names):
        if keys <= 0:
            break
        file = _edit(root, name, min(VISITS_PER_FILE, -(-keys // KEYS_PER_VISIT)), chance)
        if file is not None:
            edited.append(file)
            keys -= sum(len(visit.keys) for visit in file.visits)
    if not edited:
        raise InputError(f"{root} has no source files to type into; name another folder with --workspace")
    return edited


def _edit(root: Path, name: str, visits: int, chance: random.Random) -> Edited | None:
    """One file with its places; None where it cannot be read or has no line worth typing."""
    path = root / name
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    if "\0" in text:
        return None
    file = Edited(path, name, _LANGUAGE_BY_ENDING[PurePath(name).suffix], text, ())
    lines = file.lines
    worth = [number for number, line in enumerate(lines) if len(line.strip()) >= MIN_LINE_CHARACTERS]
    if not worth:
        return None
    chosen = chance.sample(worth, min(visits, len(worth)))
    places = tuple(_visit(lines, number, chance) for number in chosen)
    return Edited(path, name, file.language_id, text, places)


def _visit(lines: Sequence[str], number: int, chance: random.Random) -> Visit:
    """Half of the visits begin a line, half go on in the middle of one."""
    line = lines[number].rstrip()
    starts = [match.start() for match in re.finditer(r"\b\w|(?<=\w)\W", line[: -MIN_LINE_CHARACTERS // 2])]
    first = len(line) - len(line.lstrip())
    column = chance.choice(starts) if starts and chance.random() < 0.5 else first
    return Visit(number, column, line[column : column + KEYS_PER_VISIT])


def _source_files(root: Path) -> list[str]:
    """Relative paths, in a fixed order, of the source files that the index would take as well."""
    rules = IgnoreRules(root, tracked=tracked_though_ignored(root))
    try:
        return sorted(
            file.path
            for file in walk(rules)
            if PurePath(file.path).suffix in _LANGUAGE_BY_ENDING and file.size <= MAX_FILE_BYTES
        )
    except OSError as error:
        raise InputError(f"{root} cannot be read: {error.strerror or error}") from error
