"""Lines and members held out of real files: the index that is asked, the document, and what is wanted.

Drawn by the rules of the public tasks (`tasks.py`), from any tree.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from pilotfish.index.build import build
from pilotfish.index.reader import IndexReader
from pilotfish.index.view import IndexView
from pilotfish.settings.model import Settings
from pilotfish.syntax.lexer import split_line
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines
from tests.quality.tasks import Task

CODE = (".py", ".java", ".go", ".ts", ".tsx", ".cs")
COMMENTS = ("#", "//", "*", "/*", '"""', "'''")
MEMBER = re.compile(r"\w\.(?=[A-Za-z_])")
FEWEST_LINES, FEWEST_TOKENS, LONGEST_LINE = 10, 5, 160
TRIES = 60
"""For each task so many places are looked at, at most."""


def index_of(root: Path, home: Path) -> IndexView:
    """The index of a tree as the server makes it: the same files, in the same order and as many segments."""
    build(root, home / root.name, Settings().index)
    return IndexReader(root, home / root.name).view()


def cut(root: Path, task: Task, context: str) -> tuple[Document, Position, str]:
    """The document of a task, its cursor and what is wanted there.

    `context`: `both`, or `left` without the lines below.
    """
    path, number = root / task["file"], int(task["line_no"])
    lines = path.read_bytes().decode("utf-8-sig").split("\n")
    line = lines[number].rstrip("\r")
    column = len(line) - len(line.lstrip(" \t")) if task["kind"] == "line" else int(task["col"])
    before = line[:column]
    text = "\n".join([*lines[:number], before])
    if context == "both" and number + 1 < len(lines):
        text += "\n" + "\n".join(lines[number + 1 :])
    document = Document(path.as_uri(), path, task["lang"], 1, split_lines(text))
    return document, Position(number, column), line[column:].strip()


def draw(root: Path, count: int, seed: int, kinds: Sequence[str] = ("line", "xfile")) -> list[Task]:
    """So many random lines of code, then as many places after `x.`; fewer where they are hard to find.

    `kinds`: others may be `typed`, anywhere on a line.
    """
    dice = random.Random(seed)
    paths = sorted(path for path in root.rglob("*") if path.suffix in CODE and path.is_file())
    tasks: list[Task] = []
    for kind in kinds:
        wanted = len(tasks) + count
        for _ in range(count * TRIES):
            path = dice.choice(paths)
            lines = path.read_bytes().decode("utf-8", "replace").split("\n")
            number = dice.randrange(len(lines))
            line = lines[number].rstrip("\r")
            if len(lines) < FEWEST_LINES or not is_code(line):
                continue
            columns = columns_of(line, kind)
            if not columns:
                continue
            tasks.append(
                {
                    "repo": root.name,
                    "lang": path.suffix[1:],
                    "file": path.relative_to(root).as_posix(),
                    "kind": kind,
                    "line_no": str(number),
                    "col": str(columns[0] if kind == "line" else dice.choice(columns)),
                }
            )
            if len(tasks) == wanted:
                break
    return tasks


def is_code(line: str) -> bool:
    """Whether it is worth completing."""
    bare = line.strip()
    return (
        not bare.startswith(COMMENTS)
        and len(split_line(line)[1]) >= FEWEST_TOKENS
        and len(bare) <= LONGEST_LINE
    )


def columns_of(line: str, kind: str) -> list[int]:
    """Where the cursor may stand for a task of this kind."""
    indent = len(line) - len(line.lstrip())
    if kind == "line":
        return [indent]
    if kind == "typed":
        return list(range(indent + 1, len(line.rstrip())))
    return [match.end() for match in MEMBER.finditer(line)]
