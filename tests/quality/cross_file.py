"""Places whose next name is defined in other files only: what retrieval is asked about."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Protocol

from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.syntax.languages import language_of_path
from tests.quality.tasks import Task

MEMBER = re.compile(r"[\w)\]](?:\.|->|::)(?=([A-Za-z_]\w*))")
CALL = re.compile(r"(?<![\w.>:])([A-Za-z_]\w+)(?=\()")
COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|\"\"\"|''')")
FEWEST_LINES, LONGEST_LINE = 11, 200


class Indexed(Protocol):
    """A tree with its catalog."""

    root: Path
    catalog: CatalogReader


def draw(tree: Indexed, count: int, seed: int) -> list[Task]:
    """Random places: half just after a sign for a member, half where a function of another file is called.

    Fewer than `count` where the tree has fewer, or they are hard to find.
    """
    dice = random.Random(seed)
    paths = sorted(path for path in tree.root.rglob("*") if path.is_file() and language_of_path(path).grammar)
    tasks: dict[tuple[str, int], Task] = {}
    for pattern, wanted in ((MEMBER, count // 2), (CALL, count)):
        for _ in range(count * 200):
            if len(tasks) == wanted:
                break
            path = dice.choice(paths)
            lines = path.read_bytes().decode("utf-8", "replace").splitlines()
            number = dice.randrange(len(lines)) if len(lines) >= FEWEST_LINES else 0
            places = places_in(lines, number, pattern)
            if not places:
                continue
            place = dice.choice(places)
            own = path.relative_to(tree.root).as_posix()
            if is_elsewhere(tree.catalog, place[1], own):
                tasks[own, number] = {
                    "repo": tree.root.name,
                    "lang": language_of_path(path).id,
                    "file": own,
                    "kind": "xfile",
                    "line_no": str(number),
                    "col": str(place.start(1)),
                }
    return list(tasks.values())


def places_in(lines: list[str], number: int, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Where a line of code has the pattern; the file must be worth it, and the line no comment."""
    if len(lines) < FEWEST_LINES or COMMENT.match(lines[number]) or len(lines[number]) > LONGEST_LINE:
        return []
    return list(pattern.finditer(lines[number]))


def is_elsewhere(catalog: CatalogReader, name: str, own: str) -> bool:
    """Whether a name is defined in other files only; `own` is the path of this one."""
    found = Lookup([catalog]).definitions([name])
    return bool(found) and all(symbol.path != own for symbol in found)
