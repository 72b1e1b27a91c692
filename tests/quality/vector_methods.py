"""Which vectors that need no model put code in the best order: methods of hashing, outside the server.

    python vector_methods.py TASKS.tsv TREES_DIR [--per-repo N] [--only METHODS] [--json OUT]

For each cross-file task (see `context_quality.py`) the 100 best pieces of code are found by BM25 over names,
each weighed by its nearness to the cursor; then the first 30 are put in order by the likeness of their
vectors to the surroundings. A task is a hit if the name that comes next stands in the whole pieces, best
first, that fit 1,024 tokens (UTF-8 bytes / 4). Times are processor time for the vectors of 30 pieces, every
name met before. Plain numbers and no index: what is compared is the method alone; what it is worth in the
server, `context_quality.py` says.

Prints the share of hits and the median time of each method; `--json` writes them.
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.context.place import NAME
from pilotfish.syntax.languages import language_of_path
from pilotfish.syntax.name_parts import parts_of
from pilotfish.syntax.outline import outline_of
from tests.quality.arguments import parser_for_tasks
from tests.quality.table import percentiles
from tests.quality.tasks import Task, tasks_by_repository

BUDGET_TOKENS, FOUND, REORDERED = 1024, 100, 30
ABOVE, BELOW = 20, 10
KEPT = "runs of 3, 4, 1024"
SIZES = (256, 512, 1024)
POWERS, USUAL_POWER = (0, 0.5, 1), 0.5
"""Names of the surroundings weigh by their rarity to a power; `KEPT` is tried with all of these."""


def runs(*sizes: int) -> Callable[[str], list[str]]:
    """A function that takes a name apart into all runs of so many letters, its ends marked."""

    def runs_of(name: str) -> list[str]:
        spelled = f"<{name.lower()}>"
        return [spelled[at : at + size] for size in sizes for at in range(max(1, len(spelled) - size + 1))]

    return runs_of


FEATURES: dict[str, Callable[[str], list[str]]] = {
    "whole names": lambda name: [f"={name}"],
    "parts of names": lambda name: list(parts_of(name)) or [name],
    "names and parts": lambda name: [f"={name}", *parts_of(name)],
    "runs of 3": runs(3),
    "runs of 3, 4": runs(3, 4),
    "runs of 3, 4, 5": runs(3, 4, 5),
}


class Hashing:
    """Signed feature hashing: each name is a vector of length 1 before it is weighed."""

    def __init__(self, features: str, dimensions: int, *, as_bytes: bool = False) -> None:
        self._features, self._dimensions, self._as_bytes = FEATURES[features], dimensions, as_bytes
        self._known: dict[str, tuple[Any, Any]] = {}

    def of(self, rows: Sequence[Mapping[str, float]]) -> Any:
        """Vectors of length 1 of names with weights: float32[len(rows), dimensions]."""
        matrix = np.zeros((len(rows), self._dimensions), np.float32)
        for row, names in zip(matrix, rows, strict=True):
            for name, weight in names.items():
                if name not in self._known:
                    self._known[name] = self._vector_of(name)
                places, signs = self._known[name]
                np.add.at(row, places, weight * signs)
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
        if self._as_bytes:
            scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-9) / 127
            matrix = np.round(matrix / scale) * scale
        return matrix

    def _vector_of(self, name: str) -> tuple[Any, Any]:
        """Where its features go, and with what sign; all others are 0."""
        hashes = np.array([zlib.crc32(each.encode()) for each in self._features(name)], np.int64)
        return hashes % self._dimensions, np.where(hashes >> 31, 1, -1) / math.sqrt(len(hashes))


class Tree:
    """The pieces of code of a tree, with BM25 over their names.

    Attributes:
        pieces: the path of each, and its text.
        lines: of each file.
        names: how often each name is in each piece.
    """

    def __init__(self, root: Path) -> None:
        self.pieces: list[tuple[str, str]] = []
        self.lines: dict[str, list[str]] = {}
        for path in sorted(root.rglob("*.py")):
            text = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
            own = path.relative_to(root).as_posix()
            lines = self.lines[own] = text.split("\n")
            for chunk in outline_of(text, language_of_path(path)).chunks:
                self.pieces.append((own, "\n".join(lines[chunk.start_line : chunk.end_line]) + "\n"))
        self.names = [Counter(NAME.findall(text)) for _, text in self.pieces]
        self._spread = Counter(name for names in self.names for name in names)
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        average = sum(names.total() for names in self.names) / len(self.names)
        for number, names in enumerate(self.names):
            length = 1.2 * (0.25 + 0.75 * names.total() / average)
            for name, count in names.items():
                self._places[name].append((number, count * 2.2 / (count + length)))

    def rarity(self, name: str) -> float:
        """BM25's weight of a name."""
        spread = self._spread.get(name, 0)
        return math.log(1 + (len(self.pieces) - spread + 0.5) / (spread + 0.5))

    def found(self, near: Mapping[str, float], own: str) -> list[int]:
        """The best pieces of other files, by BM25."""
        scores: defaultdict[int, float] = defaultdict(float)
        for name, weight in near.items():
            for number, share in self._places.get(name, ()):
                scores[number] += weight * self.rarity(name) * share
        return self.elsewhere(sorted(scores, key=lambda number: -scores[number]), own)

    def elsewhere(self, order: Iterable[int], own: str) -> list[int]:
        """The first pieces that are of other files."""
        return [number for number in order if self.pieces[number][0] != own][:FOUND]

    def weighed(self, names: Mapping[str, float], power: float) -> dict[str, float]:
        """Names with their weights times their rarity to a power."""
        return {name: weight * self.rarity(name) ** power for name, weight in names.items()}

    def is_hit(self, order: Sequence[int], name: str) -> bool:
        """Whether the name is in the pieces that fit."""
        word, room = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), BUDGET_TOKENS
        for number in order:
            size = -(-len(self.pieces[number][1].encode()) // 4)
            if size <= room:
                room -= size
                if word.search(self.pieces[number][1]):
                    return True
        return False


def softened(names: Counter[str]) -> dict[str, float]:
    """Names with weights that grow slower than their counts."""
    return {name: 1 + math.log(count) for name, count in names.items()}


def nearness(lines: Sequence[str], number: int, column: int) -> dict[str, float]:
    """The names around the cursor, each by its nearness."""
    near: defaultdict[str, float] = defaultdict(float)
    above = [lines[number][:column], *reversed(lines[max(0, number - ABOVE) : number])]
    below = lines[number + 1 : number + 1 + BELOW]
    for side, share in ((above, 1.0), (below, 0.7)):
        for distance, line in enumerate(side):
            # A name that stands twice in a line is as near as one that stands there once.
            for name in dict.fromkeys(NAME.findall(line)):
                near[name] += share / (1 + distance / 3)
    return dict(near)


class Comparison:
    """The methods, and what each has found so far."""

    def __init__(self, only: str) -> None:
        methods = {f"{name}, {size}": Hashing(name, size) for name in FEATURES for size in SIZES}
        methods[f"{KEPT} as bytes"] = Hashing("runs of 3, 4", 1024, as_bytes=True)
        self._methods = {label: method for label, method in methods.items() if label.startswith(only)}
        self._hits: dict[str, list[bool]] = defaultdict(list)
        self._times_ms: dict[str, list[float]] = defaultdict(list)

    def add(self, tree: Tree, tasks: Sequence[Task]) -> None:
        """The tasks of one tree."""
        every = self._methods[KEPT].of([softened(names) for names in tree.names])
        for task in tasks:
            self._add(tree, task, every)

    def _add(self, tree: Tree, task: Task, every: Any) -> None:
        own, number, column = task["file"], int(task["line_no"]), int(task["col"])
        match = NAME.match(tree.lines[own][number][column:])
        assert match is not None
        name = match[0]
        near = nearness(tree.lines[own], number, column)
        found = tree.found(near, own)
        query = self._methods[KEPT].of([tree.weighed(near, USUAL_POWER)])[0]
        nearest = tree.elsewhere(np.argsort(-(every @ query)).tolist(), own)
        orders = {
            "BM25, all names the same": tree.found(dict.fromkeys(near, 1.0), own),
            "BM25, by nearness": found,
            f"{KEPT}, of all pieces, without BM25": nearest,
            f"{KEPT}, of all pieces, merged with BM25": merged(found, nearest),
        }
        for power in POWERS:
            here = tree.weighed(near, power)
            for label, method in self._methods.items():
                if power == USUAL_POWER:
                    orders[label] = self._reordered(tree, found, method, here, label)
                elif label == KEPT:
                    shown = f"{label}, rarity to the power of {power}"
                    orders[shown] = self._reordered(tree, found, method, here, label)
        for label, order in orders.items():
            self._hits[label].append(tree.is_hit(order, name))

    def _reordered(
        self, tree: Tree, found: Sequence[int], method: Hashing, here: Mapping[str, float], label: str
    ) -> list[int]:
        """The first of what was found by their likeness to what is here, then the rest; takes the time."""
        first, rest = found[:REORDERED], found[REORDERED:]
        pieces = [softened(tree.names[piece]) for piece in first]
        rows = method.of([here, *pieces])
        started = time.process_time()
        method.of(pieces)
        self._times_ms[label].append(1000 * (time.process_time() - started))
        order = np.argsort(-(rows[1:] @ rows[0]), kind="stable")
        return [first[place] for place in order] + list(rest)

    def report(self) -> dict[str, dict[str, float]]:
        """The share of hits of each method, and what its vectors take."""
        report: dict[str, dict[str, float]] = {
            label: {"n": len(hits), "found": round(sum(hits) / len(hits), 4)}
            for label, hits in self._hits.items()
        }
        for label, times_ms in self._times_ms.items():
            (report[label]["p50_ms"],) = percentiles(times_ms, 0.5)
        return report


def merged(*orders: Sequence[int]) -> list[int]:
    """Orders in one, by the sum of 1 / (20 + place)."""
    scores: defaultdict[int, float] = defaultdict(float)
    for order in orders:
        for place, piece in enumerate(order):
            scores[piece] += 1 / (20 + place)
    return sorted(scores, key=lambda piece: -scores[piece])


def main() -> None:
    """Compare and print."""
    parser = parser_for_tasks(__doc__)
    parser.add_argument("--only", default="", help="methods whose names begin so")
    args = parser.parse_args()
    comparison = Comparison(args.only)
    for repo, tasks in tasks_by_repository(args.tasks, "xfile", args.per_repo):
        tree = Tree(args.trees / repo)
        comparison.add(tree, tasks)
        print(repo, len(tree.pieces), flush=True)
    report = comparison.report()
    for label, row in report.items():
        print(f"{label:50s} {row}")
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
