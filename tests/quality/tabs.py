"""Which other files somebody has open who works at a place: as `engine_in_process.py --tabs N` asks."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

from pilotfish.text.document import Document
from pilotfish.text.lines import split_lines
from tests.quality.held_out import CODE
from tests.quality.tasks import Task

IMPORT = re.compile(r"\s*(?:import|from|using|export)\b|.*\brequire\(")
WORD = re.compile(r"\w+")
SHARE = 3
"""A third of what is open are files of the same folder, a third such as are imported, the rest are any."""


def tabs(root: Path, task: Task, document: Document, count: int, edited: int = 0) -> tuple[Document, ...]:
    """So many other documents of a tree, as they are on disk; the same for the same task.

    With more of them come more, none goes. The first `edited` lack one of their lines.
    """
    dice = random.Random(f"{task['file']}:{task['line_no']}")
    paths = sorted(path for path in root.rglob("*") if path.suffix in CODE and path != document.path)
    paths = [path for path in paths if path.is_file()]
    dice.shuffle(paths)
    imported = {word for line in document.lines if IMPORT.match(line) for word in WORD.findall(line)}
    beside = [path for path in paths if document.path and path.parent == document.path.parent]
    wanted = [path for path in paths if path.stem in imported and path not in beside]
    ways = [beside, wanted, paths]
    chosen: dict[Path, None] = {}
    for turn in range(SHARE * count):
        way = ways[turn % SHARE]
        if turn // SHARE < len(way):
            chosen[way[turn // SHARE]] = None
    chosen |= dict.fromkeys(paths)
    opened = [_opened(path, task["lang"]) for path in list(chosen)[:count]]
    return (*(_edited(each, dice) for each in opened[:edited]), *opened[edited:])


def _opened(path: Path, language: str) -> Document:
    text = path.read_bytes().decode("utf-8-sig", "replace")
    return Document(path.as_uri(), path, language, 1, split_lines(text))


def _edited(document: Document, dice: random.Random) -> Document:
    """The same without a line."""
    at = dice.randrange(len(document.lines))
    return replace(document, version=2, lines=[*document.lines[:at], *document.lines[at + 1 :]])
