"""Which vectors that need no model put code in the best order: methods of hashing compared, none of it in the server.

    python vector_methods.py TASKS.tsv TREES_DIR [--per-repo N] [--json OUT]

For each cross-file task (see `context_quality.py`) the 100 best pieces of code are found by BM25 over names, each weighed
by its nearness to the cursor; then the first 30 are put in order by the likeness of their vectors to the surroundings. A
task is a hit if the name that comes next stands in the whole pieces, best first, that fit 1,024 tokens (UTF-8 bytes / 4).
Times are processor time for the vectors of 30 pieces, every name met before. Plain numbers and no index: what is
compared is the method alone; what it is worth in the server, `context_quality.py` says.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import re
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pilotfish.context.place import NAME
from pilotfish.syntax.languages import language_of_path
from pilotfish.syntax.name_parts import parts_of
from pilotfish.syntax.outline import outline_of

BUDGET_TOKENS, FOUND, REORDERED = 1024, 100, 30
ABOVE, BELOW = 20, 10
KEPT = "runs of 3, 4, 1024"


def runs(*sizes: int) -> Callable[[str], list[str]]:
    def of(name: str) -> list[str]:
        spelled = f"<{name.lower()}>"
        return [spelled[at : at + size] for size in sizes for at in range(max(1, len(spelled) - size + 1))]
    return of


FEATURES: dict[str, Callable[[str], list[str]]] = {
    "whole names": lambda name: ["=" + name],
    "parts of names": lambda name: list(parts_of(name)) or [name],
    "names and parts": lambda name: ["=" + name, *parts_of(name)],
    "runs of 3": runs(3),
    "runs of 3, 4": runs(3, 4),
    "runs of 3, 4, 5": runs(3, 4, 5),
}


class Hashing:
    """Signed feature hashing: each name is a vector of length 1 before it is weighed."""

    def __init__(self, features: str, dimensions: int, as_bytes: bool = False) -> None:
        self.features, self.dimensions, self.as_bytes = FEATURES[features], dimensions, as_bytes
        self.known: dict[str, tuple[Any, Any]] = {}

    def of(self, rows: Sequence[Mapping[str, float]]) -> Any:
        matrix = np.zeros((len(rows), self.dimensions), np.float32)
        for row, names in zip(matrix, rows, strict=True):
            for name, weight in names.items():
                if name not in self.known:
                    hashes = np.array([zlib.crc32(each.encode()) for each in self.features(name)], np.int64)
                    signs = np.where(hashes >> 31, 1, -1) / math.sqrt(len(hashes))
                    self.known[name] = hashes % self.dimensions, signs
                places, signs = self.known[name]
                np.add.at(row, places, weight * signs)
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
        if self.as_bytes:
            scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-9) / 127
            matrix = np.round(matrix / scale) * scale
        return matrix


class Tree:
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
        self.spread = Counter(name for names in self.names for name in names)
        self.places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        average = sum(names.total() for names in self.names) / len(self.names)
        for number, names in enumerate(self.names):
            length = 1.2 * (0.25 + 0.75 * names.total() / average)
            for name, count in names.items():
                self.places[name].append((number, count * 2.2 / (count + length)))

    def rarity(self, name: str) -> float:
        spread = self.spread.get(name, 0)
        return math.log(1 + (len(self.pieces) - spread + 0.5) / (spread + 0.5))

    def found(self, near: Mapping[str, float], own: str) -> list[int]:
        scores: Counter[int] = Counter()
        for name, weight in near.items():
            for number, share in self.places.get(name, ()):
                scores[number] += weight * self.rarity(name) * share
        return [number for number, _ in scores.most_common() if self.pieces[number][0] != own][:FOUND]

    def is_hit(self, order: Sequence[int], name: str) -> bool:
        word, room = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), BUDGET_TOKENS
        for number in order:
            size = -(-len(self.pieces[number][1].encode()) // 4)
            if size <= room:
                room -= size
                if word.search(self.pieces[number][1]):
                    return True
        return False


def weighed(names: Counter[str]) -> dict[str, float]:
    return {name: 1 + math.log(count) for name, count in names.items()}


def nearness(lines: Sequence[str], number: int, column: int) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The names around the cursor: each by its nearness, and all the same."""
    near: Counter[str] = Counter()
    above = [lines[number][:column], *reversed(lines[max(0, number - ABOVE) : number])]
    for distance, line in enumerate(above):
        near.update({name: 1 / (1 + distance / 3) for name in NAME.findall(line)})
    for distance, line in enumerate(lines[number + 1 : number + 1 + BELOW]):
        near.update({name: 0.7 / (1 + distance / 3) for name in NAME.findall(line)})
    return near, dict.fromkeys(near, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--per-repo", type=int, default=10**9)
    parser.add_argument("--only", default="", help="methods whose names begin so")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with args.tasks.open(newline="") as file:
        tasks = [task for task in csv.DictReader(file, delimiter="\t") if task["kind"] == "xfile"]
    methods = {f"{features}, {size}": Hashing(features, size) for features in FEATURES for size in (256, 512, 1024)}
    methods["runs of 3, 4, 1024 as bytes"] = Hashing("runs of 3, 4", 1024, as_bytes=True)
    methods = {label: method for label, method in methods.items() if label.startswith(args.only)}
    hits: dict[str, list[bool]] = defaultdict(list)
    times_ms: dict[str, list[float]] = defaultdict(list)
    for repo in sorted({task["repo"] for task in tasks}):
        tree = Tree(args.trees / repo)
        every = methods[KEPT].of([weighed(names) for names in tree.names])
        chosen = [task for task in tasks if task["repo"] == repo]
        random.Random(0).shuffle(chosen)
        for task in chosen[: args.per_repo]:
            lines, number, column = tree.lines[task["file"]], int(task["line_no"]), int(task["col"])
            name = NAME.match(lines[number][column:])
            assert name is not None
            near, flat = nearness(lines, number, column)
            hits["BM25, all names the same"].append(tree.is_hit(tree.found(flat, task["file"]), name.group()))
            found = tree.found(near, task["file"])
            hits["BM25, by nearness"].append(tree.is_hit(found, name.group()))
            first, rest = found[:REORDERED], found[REORDERED:]
            pieces = [weighed(tree.names[piece]) for piece in first]
            query = methods[KEPT].of([{each: weight * tree.rarity(each) ** 0.5 for each, weight in near.items()}])[0]
            nearest = [piece for piece in np.argsort(-(every @ query)).tolist() if tree.pieces[piece][0] != task["file"]][:FOUND]
            hits[f"{KEPT}, of all pieces, without BM25"].append(tree.is_hit(nearest, name.group()))
            merged: Counter[int] = Counter()
            for order in (found, nearest):
                merged.update({piece: 1 / (20 + place) for place, piece in enumerate(order)})
            both = [piece for piece, _ in merged.most_common()]
            hits[f"{KEPT}, of all pieces, merged with BM25"].append(tree.is_hit(both, name.group()))
            for power in (0, 0.5, 1):
                here = {each: weight * tree.rarity(each) ** power for each, weight in near.items()}
                for label, method in methods.items():
                    if power != 0.5 and label != KEPT:
                        continue
                    rows = method.of([here, *pieces])
                    started = time.process_time()
                    method.of(pieces)
                    times_ms[label].append(1000 * (time.process_time() - started))
                    order = np.argsort(-(rows[1:] @ rows[0]), kind="stable")
                    shown = label if power == 0.5 else f"{label}, rarity to the power of {power}"
                    hits[shown].append(tree.is_hit([first[place] for place in order] + rest, name.group()))
        print(repo, len(tree.pieces), flush=True)
    table = {label: {"n": len(each), "found": round(sum(each) / len(each), 4)} for label, each in hits.items()}
    for label, each in times_ms.items():
        table[label]["p50_ms"] = round(sorted(each)[len(each) // 2], 2)
    for label, row in table.items():
        print(f"{label:50s} {row}")
    if args.json:
        args.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
