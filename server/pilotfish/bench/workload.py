"""What is done where: chosen from the workspace's own files by a seed, before any server is started."""

from __future__ import annotations

import random
from collections.abc import Collection
from itertools import cycle
from pathlib import Path, PurePath

from pilotfish.bench.scenarios import GENERATORS, worth_typing
from pilotfish.bench.traces import Trace
from pilotfish.bench.typist import LINE_END, Typist
from pilotfish.errors import InputError
from pilotfish.platform.files import walk
from pilotfish.platform.ignore import IgnoreRules
from pilotfish.platform.tracked import tracked_though_ignored
from pilotfish.syntax.languages import LANGUAGES

VISITS_PER_FILE = 4
QUESTIONS_PER_FILE = 24
"""No further visit is paid to a file after so many."""

MAX_FILE_BYTES = 200_000
MIN_LINES_WORTH_TYPING = 3

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


def plan(root: Path, keys: int, seed: str, scenarios: Collection[str] = tuple(GENERATORS)) -> list[Trace]:
    """Traces with about `keys` questions in all, or fewer where the workspace has less; scenarios by turns.

    Raises:
        InputError: the workspace has no source file with lines worth typing.
    """
    chance = random.Random(seed)  # noqa: S311 - a reproducible choice is the point
    files = source_files(root)
    chance.shuffle(files)
    kinds = cycle(sorted(scenarios, key=list(GENERATORS).index))
    traces: list[Trace] = []
    # Small workspaces are gone through again, each time elsewhere, but not without end.
    for name, language_id in (file for _ in range(20) for file in files):
        if keys <= 0:
            break
        trace = _trace(root, (name, language_id), next(kinds), keys, chance)
        if trace is not None:
            traces.append(trace)
            keys -= sum(step.asks for step in trace.steps)
    if not traces:
        raise InputError(f"{root} has no source files to type into; name another folder with --workspace")
    return traces


def _trace(
    root: Path, file: tuple[str, str], scenario: str, keys: int, chance: random.Random
) -> Trace | None:
    """Some visits of one kind to one file; None where it cannot be read or has too little to type."""
    name, language_id = file
    try:
        text = (root / name).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    if "\0" in text:
        return None
    typist = Typist(LINE_END.split(text), chance)
    if len(worth_typing(typist.lines)) < MIN_LINES_WORTH_TYPING:
        return None
    for _ in range(VISITS_PER_FILE):
        if sum(step.asks for step in typist.steps) < min(keys, QUESTIONS_PER_FILE):
            GENERATORS[scenario](typist, chance)
    return Trace(scenario, name, language_id, text, tuple(typist.steps))


def source_files(root: Path) -> list[tuple[str, str]]:
    """Relative paths and languages, in a fixed order, of the source files that the index would take as well.

    Raises:
        InputError: the folder cannot be read.
    """
    rules = IgnoreRules(root, tracked=tracked_though_ignored(root))
    try:
        return sorted(
            (file.path, _LANGUAGE_BY_ENDING[PurePath(file.path).suffix])
            for file in walk(rules)
            if PurePath(file.path).suffix in _LANGUAGE_BY_ENDING and file.size <= MAX_FILE_BYTES
        )
    except OSError as error:
        raise InputError(f"{root} cannot be read: {error.strerror or error}") from error
