"""Every fault that models show, around lines of real files: the true line is left, and the file stays whole.

The corpus is the standard library, the tasks are drawn by rule: lines of code, in a file that is sound.
`PILOTFISH_SOAK` says how many hundred lines; some forty in the ordinary run.
"""

from __future__ import annotations

import os
import random
import sysconfig
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pilotfish.completion.gap import Gap
from pilotfish.completion.request import CompletionRequest
from pilotfish.completion.trim import Trimmed, trim
from pilotfish.platform.steps import finish
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import Tree, parse, parse_steps
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines
from tests.completion.faults import FAULTS, Truth, half

LINES = int(float(os.environ.get("PILOTFISH_SOAK", "0.4")) * 100)
FILES = ("textwrap", "shlex", "fnmatch", "sched", "queue", "bisect", "heapq", "colorsys", "cmd", "netrc")

PYTHON = language_of_id("python")


class Task:
    """A file without one of its lines, and that line."""

    def __init__(self, path: Path, lines: list[str], number: int) -> None:
        line = lines[number]
        indent = line[: len(line) - len(line.lstrip())]
        text = "\n".join([*lines[:number], indent, *lines[number + 1 :]])
        self.truth = Truth(line.strip(), indent, tuple(lines[:number]), tuple(lines[number + 1 :]))
        self.document = Document(path.as_uri(), path, "python", 1, split_lines(text))
        self.position = Position(number, len(indent))
        tree = parse(text, PYTHON)
        assert tree is not None
        self.tree: Tree = tree

    def trimmed(self, said: str) -> Trimmed:
        request = CompletionRequest(self.document, self.position)
        return finish(trim(said, Gap(request, 10, tree=partial(parse_steps, self.document.text, PYTHON))))

    def breaks_with(self, text: str) -> bool:
        lines = list(self.document.lines)
        lines[self.position.line] = self.truth.before + text + "\n"
        tree = parse("".join(lines), PYTHON)
        assert tree is not None
        return len(tree.faults()) > len(self.tree.faults())


def draw(count: int) -> Iterator[Task]:
    rng = random.Random(7)
    folder = Path(sysconfig.get_path("stdlib"))
    texts = {name: (folder / f"{name}.py").read_text("utf-8").split("\n") for name in FILES}
    while count:
        name = rng.choice(FILES)
        lines = texts[name]
        number = rng.randrange(len(lines) - 2)
        line = lines[number].strip()
        twice = line == next(filter(str.strip, lines[number + 1 :]), "").strip()
        if len(line) > 8 and not line.startswith("#") and not twice:
            count -= 1
            yield Task(folder / f"{name}.py", lines, number)


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return list(draw(max(10, LINES)))


@pytest.mark.parametrize("name", FAULTS)
def test_of_an_answer_with_a_fault_the_true_line_is_left(name: str, tasks: list[Task]) -> None:
    rng = random.Random(name)
    right = shown = broken = 0
    for task in tasks:
        left = task.trimmed(FAULTS[name](task.truth, rng)).text
        right += left.split("\n")[0] == task.truth.text
        shown += bool(left)
        broken += bool(left) and task.breaks_with(left)
    assert right >= 0.97 * len(tasks)
    assert broken <= 0.005 * shown


def test_half_a_line_is_shown_as_it_is_or_not_at_all(tasks: list[Task]) -> None:
    rng = random.Random("half")
    for task in tasks:
        said = half(task.truth, rng)
        left = task.trimmed(said).text
        assert left in ("", said.rstrip())
        assert not left or not task.breaks_with(left)
