"""How often the context chosen for a place holds the name that comes next: ours, each source of it, and two baselines.

    python context_quality.py TASKS.tsv TREES_DIR [--per-repo N] [--ablation] [--json OUT]
    python context_quality.py --tables docs/runs PYTHON.json OTHERS.json   (from two runs with --ablation)
    python context_quality.py --draw N --seed S TASKS.tsv TREES_DIR   (draws tasks from any trees, in any language)

Tasks are those of kind `xfile` in the task file of `line_completion.py`: the cursor stands just after `x.`, the rest of
its line is cut, the text below is there, and the name that comes next is defined in other files only. The index is built
from the tree as it is, with the task's own file hidden. A task is a hit if the name stands as a whole word in a line of
the chosen snippets, at most 1,024 tokens (UTF-8 bytes / 4) of other files; comments and lines that only list names do
not count. The baselines choose windows of 20 lines, stride 10, over all files of the same kind, with the same
budget, by Jaccard similarity (as RepoCoder and Cody do) and by BM25, once with the 20 lines before the cursor and once
with 10 on either side. Times are processor time of one retrieval, everything warm.

Drawn tasks: half just after a sign for a member, half where a function of another file is called.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

from table import write_table

from pilotfish.context.embeddings import Alike
from pilotfish.context.gather import gather_at_once
from pilotfish.context.place import NAME, look_around
from pilotfish.context.rank import WEIGHTS, rank
from pilotfish.context.snippet import Snippet
from pilotfish.context.sources import Known, sources_for
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.index.reader import IndexReader
from pilotfish.platform.clock import SystemClock
from pilotfish.settings.model import IndexSettings
from pilotfish.syntax.languages import language_of_path
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

BUDGET_TOKENS = 1024
WINDOW, STRIDE = 20, 10
METHODS = ("ours", "jaccard left", "jaccard both", "bm25 left", "bm25 both")
SOURCES = ("usages", "definitions", "names", "siblings", "similar")
MEMBER = re.compile(r"[\w)\]](?:\.|->|::)(?=([A-Za-z_]\w*))")
CALL = re.compile(r"(?<![\w.>:])([A-Za-z_]\w+)(?=\()")
COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|\"\"\"|''')")
BARE_LIST = re.compile(r"\s*[\w\"']+(?:\s*,\s*[\w\"']+)*\s*,?\s*")


def is_hit(texts: Iterable[str], name: str) -> bool:
    """Whether a line that says something holds the name."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(word.search(line) and not COMMENT.match(line) and not BARE_LIST.fullmatch(line)
               for text in texts for line in text.splitlines())


class Windows:
    """The baselines: all windows of a tree."""

    def __init__(self, root: Path) -> None:
        self.windows: dict[str, list[tuple[str, int, str, Counter[str]]]] = defaultdict(list)
        for path in sorted(root.rglob("*")):
            if path.is_file() and ".git" not in path.parts and path.stat().st_size < 1_000_000:
                lines = path.read_bytes().decode("utf-8", "replace").splitlines(keepends=True)
                for start in range(0, max(1, len(lines) - STRIDE), STRIDE):
                    text = "".join(lines[start : start + WINDOW])
                    if names := Counter(NAME.findall(text)):
                        name = path.relative_to(root).as_posix()
                        self.windows[path.suffix].append((name, start, text, names))
        self.spread = {suffix: Counter(name for *_, names in each for name in names) for suffix, each in self.windows.items()}

    def jaccard(self, query: set[str], own: str) -> list[str]:
        def score(names: Counter[str]) -> float:
            shared = len(query & names.keys())
            return shared / (len(query) + len(names) - shared)
        return self._best(score, own)

    def bm25(self, query: set[str], own: str) -> list[str]:
        suffix = Path(own).suffix
        total, spread = len(self.windows[suffix]), self.spread[suffix]
        average = sum(sum(names.values()) for *_, names in self.windows[suffix]) / total
        idf = {name: math.log(1 + (total - spread[name] + 0.5) / (spread[name] + 0.5)) for name in query if name in spread}
        def score(names: Counter[str]) -> float:
            length = 1.5 * (0.25 + 0.75 * sum(names.values()) / average)
            return sum(idf[name] * names[name] * 2.5 / (names[name] + length) for name in idf if name in names)
        return self._best(score, own)

    def _best(self, score: Any, own: str) -> list[str]:
        scored = [(score(names), path, start, text) for path, start, text, names in self.windows[Path(own).suffix] if path != own]
        scored.sort(key=lambda each: -each[0])
        taken: list[tuple[str, int]] = []
        chosen, room = [], 4 * BUDGET_TOKENS
        for value, path, start, text in scored[:300]:
            size = len(text.encode())
            if value > 0 and size <= room and all(path != other or abs(start - there) >= WINDOW for other, there in taken):
                chosen.append(text)
                taken.append((path, start))
                room -= size
        return chosen


class Tree:
    """A tree with its index."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        directory = home / root.name
        build(root, directory, IndexSettings())
        self.view = IndexReader(root, directory).view()
        self.catalog = CatalogReader(root, directory)

    def cut(self, task: dict[str, str]) -> tuple[Document, Position, str]:
        """The document without the rest of the line, the cursor, and the name that comes next."""
        path, number, column = self.root / task["file"], int(task["line_no"]), int(task["col"])
        lines = split_lines(path.read_bytes().decode("utf-8-sig"))
        line = lines[number]
        lines[number] = line[:column] + line[len(line.rstrip("\r\n")) :]
        name = NAME.match(line[column:])
        assert name is not None, f"{task}: no name comes next"
        return Document(path.as_uri(), path, language_of_path(path).id, 1, lines), Position(number, column), name.group(0)

    def chosen(self, document: Document, position: Position, only: Sequence[str] | None = None) -> tuple[tuple[Snippet, ...], float]:
        """What is chosen, and the processor time in milliseconds."""
        started = time.process_time()
        assert document.path is not None
        known = Known(self.view, Lookup([self.catalog], {document.path}), {document.path})
        place = look_around(document, position)
        reorder = Alike(place.region) if only is None or "vectors" in only else list
        context = gather_at_once(sources_for(place, known, only), max_tokens=BUDGET_TOKENS, clock=SystemClock(), reorder=reorder)
        return context.snippets, 1000 * (time.process_time() - started)

    def is_elsewhere(self, name: str, own: str) -> bool:
        """Whether a name is defined in other files only."""
        found = Lookup([self.catalog]).definitions([name])
        return bool(found) and all(symbol.path != own for symbol in found)


def by_reciprocal_rank(found: Iterable[Snippet]) -> list[Snippet]:
    """The ranking with 1 / (60 + place within its source) for each snippet instead of its score (Cormack et al., 2009)."""
    by_source: dict[str, list[Snippet]] = defaultdict(list)
    for snippet in found:
        by_source[snippet.source].append(snippet)
    return rank([
        each.scored(1 / (60 + place) / WEIGHTS.get(source, 1.0))
        for source, some in by_source.items()
        for place, each in enumerate(sorted(some, key=lambda each: -each.score))
    ])


def draw(tree: Tree, count: int, seed: int) -> list[dict[str, str]]:
    """Random places of both kinds."""
    rng = random.Random(seed)
    paths = sorted(path for path in tree.root.rglob("*") if path.is_file() and language_of_path(path).grammar)
    tasks: dict[tuple[str, int], dict[str, str]] = {}
    for pattern, wanted in ((MEMBER, count // 2), (CALL, count)):
        for _ in range(count * 200):
            if len(tasks) == wanted:
                break
            path = rng.choice(paths)
            own = path.relative_to(tree.root).as_posix()
            lines = path.read_bytes().decode("utf-8", "replace").splitlines()
            number = rng.randrange(len(lines)) if len(lines) > 10 else 0
            places = [match for match in pattern.finditer(lines[number])] if len(lines) > 10 and not COMMENT.match(lines[number]) else []
            if not places or len(lines[number]) > 200:
                continue
            place = rng.choice(places)
            if tree.is_elsewhere(place.group(1), own):
                tasks[own, number] = {"repo": tree.root.name, "lang": language_of_path(path).id, "file": own, "kind": "xfile",
                                      "line_no": str(number), "col": str(place.start(1))}
    return list(tasks.values())


def measure(tree: Tree, tasks: list[dict[str, str]], ablation: bool) -> list[dict[str, Any]]:
    baselines, rows = Windows(tree.root), []
    for task in tasks:
        document, position, name = tree.cut(task)
        snippets, ms = tree.chosen(document, position)
        tokens = sum(snippet.tokens for snippet in snippets)
        assert tokens <= BUDGET_TOKENS and all(snippet.path != task["file"] for snippet in snippets)
        left = set(NAME.findall("".join(document.lines[max(0, position.line - WINDOW) : position.line + 1])))
        both = set(NAME.findall("".join(document.lines[max(0, position.line - WINDOW // 2) : position.line + WINDOW // 2 + 1])))
        row = {"repo": task["repo"], "lang": task["lang"], "file": task["file"], "line": position.line, "name": name, "tokens": tokens,
               "ms": ms, "ours": is_hit((snippet.text for snippet in snippets), name),
               "jaccard left": is_hit(baselines.jaccard(left, task["file"]), name),
               "jaccard both": is_hit(baselines.jaccard(both, task["file"]), name),
               "bm25 left": is_hit(baselines.bm25(left, task["file"]), name),
               "bm25 both": is_hit(baselines.bm25(both, task["file"]), name)}
        for source in SOURCES if ablation else ():
            others = [other for other in (*SOURCES, "vectors") if other != source]
            for label, only in (("only", [source]), ("without", others)):
                chosen, _ = tree.chosen(document, position, only)
                row[f"{label} {source}"] = is_hit((snippet.text for snippet in chosen), name)
        if ablation:
            chosen, _ = tree.chosen(document, position, SOURCES)
            row["without vectors"] = is_hit((snippet.text for snippet in chosen), name)
            with mock.patch("pilotfish.context.gather.rank", by_reciprocal_rank):
                chosen, _ = tree.chosen(document, position)
            row["by reciprocal ranks"] = is_hit((snippet.text for snippet in chosen), name)
        rows.append(row)
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, float]:
    shares = {key: sum(row[key] for row in rows) / len(rows) for key, value in rows[0].items() if isinstance(value, bool)}
    times = sorted(row["ms"] for row in rows)
    return {"n": len(rows), **shares, "p50_ms": times[len(times) // 2], "p95_ms": times[int(0.95 * len(times))]}


def write_tables(folder: Path, runs: Sequence[Path]) -> None:
    """What runs with `--ablation` said, as the tables of docs/benchmarks.md."""
    said = [json.loads(run.read_text()) for run in runs]
    found = [{"places in": repo, "places": len(some), **{method: round(mean(row[method] for row in some), 3) for method in METHODS}}
             for run in said for repo, some in grouped(run["rows"]).items()]
    write_table(folder / "context-quality.json", found)
    names = [", ".join(sorted({row["lang"] for row in run["rows"]})) for run in said]
    parts = [key for key in said[0]["total"] if key.startswith(("only", "without", "by")) or key == "ours"]
    write_table(folder / "context-ablation.json", [
        {"sources": part, **{name: round(run["total"][part], 3) for name, run in zip(names, said, strict=True)}} for part in parts])


def grouped(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each repository, and all together."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["repo"]].append(row)
    return {**found, f"all {len(found)}": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--per-repo", type=int, default=10**9)
    parser.add_argument("--ablation", action="store_true", help="each source alone, and all but each")
    parser.add_argument("--draw", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--index", type=Path, help="where the indexes are kept")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--tables", type=Path, help="TASKS and TREES_DIR are JSON of runs: write what they say here")
    args = parser.parse_args()
    if args.tables:
        write_tables(args.tables, [args.tasks, args.trees])
        return
    if args.draw:
        roots = sorted(root for root in args.trees.iterdir() if root.is_dir())
        drawn = [task for root in roots for task in draw(Tree(root, args.index), args.draw, args.seed)]
        with args.tasks.open("w", newline="") as file:
            table = csv.DictWriter(file, list(drawn[0]), delimiter="\t")
            table.writeheader()
            table.writerows(drawn)
        return
    with args.tasks.open(newline="") as file:
        tasks = [task for task in csv.DictReader(file, delimiter="\t") if task["kind"] == "xfile"]
    every: list[dict[str, Any]] = []
    for repo in sorted({task["repo"] for task in tasks}):
        chosen = [task for task in tasks if task["repo"] == repo]
        random.Random(0).shuffle(chosen)
        rows = measure(Tree(args.trees / repo, args.index), chosen[: args.per_repo], args.ablation)
        every += rows
        print(f"{repo:34s} " + " ".join(f"{k} {v:.3g}" for k, v in summary(rows).items()), flush=True)
    total = summary(every)
    print(f"{'TOTAL':34s} " + " ".join(f"{k} {v:.4g}" for k, v in total.items()))
    if args.json:
        args.json.write_text(json.dumps({"total": total, "rows": every}, indent=1))


if __name__ == "__main__":
    main()
