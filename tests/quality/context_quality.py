"""How often the context chosen for a place holds the name that comes next: ours, its sources, two baselines.

    python context_quality.py TASKS.tsv TREES_DIR [--per-repo N] [--index DIR] [--ablation] [--json OUT]
    python context_quality.py --tables docs/runs PYTHON.json OTHERS.json   (from two runs with --ablation)
    python context_quality.py --draw N --seed S TASKS.tsv TREES_DIR   (draws tasks, in any language)

Tasks are those of kind `xfile` in the task file of `line_completion.py`: the cursor stands just after `x.`,
the rest of its line is cut, the text below is there, and the name that comes next is defined in other files
only. The index is built from the tree as it is, with the task's own file hidden. A task is a hit if the name
stands as a whole word in a line of the chosen snippets, at most 1,024 tokens (UTF-8 bytes / 4) of other
files; comments and lines that only list names do not count. The baselines choose windows of 20 lines, stride
10, over all files of the same kind, with the same budget, by Jaccard similarity (as RepoCoder and Cody do)
and by BM25, once with the 20 lines before the cursor and once with 10 on either side. Times are processor
time of one retrieval, everything warm.

Prints the share of hits for each tree; `--json` writes them with a row for each task. Drawn tasks: half just
after a sign for a member, half where a function of another file is called.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
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
from tests.quality.arguments import parser_for_tasks
from tests.quality.cross_file import COMMENT, draw
from tests.quality.table import percentiles, write_table
from tests.quality.tasks import Task, print_figures, tasks_by_repository, write_tasks
from tests.quality.windows import Windows

BUDGET_TOKENS = 1024
METHODS = ("ours", "jaccard left", "jaccard both", "bm25 left", "bm25 both")
SOURCES = ("usages", "definitions", "names", "siblings", "similar")
BARE_LIST = re.compile(r"\s*[\w\"']+(?:\s*,\s*[\w\"']+)*\s*,?\s*")


def is_hit(texts: Iterable[str], name: str) -> bool:
    """Whether a line that says something holds the name."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(
        word.search(line) and not COMMENT.match(line) and not BARE_LIST.fullmatch(line)
        for text in texts
        for line in text.splitlines()
    )


class Tree:
    """A tree with its index, which is kept in `home`."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        directory = home / root.name
        build(root, directory, IndexSettings())
        self.catalog = CatalogReader(root, directory)
        self._view = IndexReader(root, directory).view()

    def cut(self, task: Task) -> tuple[Document, Position, str]:
        """The document without the rest of the line, the cursor, and the name that comes next."""
        path, number, column = self.root / task["file"], int(task["line_no"]), int(task["col"])
        lines = split_lines(path.read_bytes().decode("utf-8-sig"))
        line = lines[number]
        lines[number] = line[:column] + line[len(line.rstrip("\r\n")) :]
        name = NAME.match(line[column:])
        assert name is not None, f"{task}: no name comes next"
        document = Document(path.as_uri(), path, language_of_path(path).id, 1, lines)
        return document, Position(number, column), name[0]

    def chosen(
        self, document: Document, position: Position, only: Sequence[str] | None = None
    ) -> tuple[tuple[Snippet, ...], float]:
        """What is chosen, and the processor time in milliseconds; `only`: by these sources."""
        started = time.process_time()
        assert document.path is not None
        known = Known(self._view, Lookup([self.catalog], {document.path}), {document.path})
        place = look_around(document, position)
        reorder = Alike(place.region) if only is None or "vectors" in only else list
        sources = sources_for(place, known, only)
        context = gather_at_once(sources, max_tokens=BUDGET_TOKENS, clock=SystemClock(), reorder=reorder)
        return context.snippets, 1000 * (time.process_time() - started)

    def finds(self, document: Document, position: Position, name: str, only: Sequence[str] | None) -> bool:
        """Whether what is chosen holds the name."""
        snippets, _ = self.chosen(document, position, only)
        return is_hit((snippet.text for snippet in snippets), name)


def by_reciprocal_rank(found: Iterable[Snippet]) -> list[Snippet]:
    """Ranked by 1 / (60 + place within its source) instead of the score (Cormack et al., 2009)."""
    by_source: dict[str, list[Snippet]] = defaultdict(list)
    for snippet in found:
        by_source[snippet.source].append(snippet)
    return rank(
        [
            each.scored(1 / (60 + place) / WEIGHTS.get(source, 1.0))
            for source, some in by_source.items()
            for place, each in enumerate(sorted(some, key=lambda each: -each.score))
        ]
    )


def measure(tree: Tree, tasks: Sequence[Task], *, ablation: bool) -> list[dict[str, Any]]:
    """A row for each task: what it is, what it took, and which method finds the name."""
    windows, rows = Windows(tree.root, 4 * BUDGET_TOKENS), []
    for task in tasks:
        document, position, name = tree.cut(task)
        snippets, ms = tree.chosen(document, position)
        tokens = sum(snippet.tokens for snippet in snippets)
        assert tokens <= BUDGET_TOKENS
        assert all(snippet.path != task["file"] for snippet in snippets)
        row = {
            "repo": task["repo"],
            "lang": task["lang"],
            "file": task["file"],
            "line": position.line,
            "name": name,
            "tokens": tokens,
            "ms": ms,
            "ours": is_hit((snippet.text for snippet in snippets), name),
        }
        for baseline, texts in windows.chosen(document, position, task["file"]).items():
            row[baseline] = is_hit(texts, name)
        if ablation:
            row |= ablated(tree, document, position, name)
        rows.append(row)
    return rows


def ablated(tree: Tree, document: Document, position: Position, name: str) -> dict[str, bool]:
    """Whether each source finds the name alone, all but each, and all in another order."""
    row = {}
    for source in SOURCES:
        others = [other for other in (*SOURCES, "vectors") if other != source]
        row[f"only {source}"] = tree.finds(document, position, name, [source])
        row[f"without {source}"] = tree.finds(document, position, name, others)
    row["without vectors"] = tree.finds(document, position, name, SOURCES)
    with mock.patch("pilotfish.context.gather.rank", by_reciprocal_rank):
        row["by reciprocal ranks"] = tree.finds(document, position, name, None)
    return row


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The share of hits of each method, and the times."""
    methods = [key for key, value in rows[0].items() if isinstance(value, bool)]
    p50, p95 = percentiles((row["ms"] for row in rows), 0.5, 0.95, digits=3)
    shares = {method: mean(row[method] for row in rows) for method in methods}
    return {"n": len(rows), **shares, "p50_ms": p50, "p95_ms": p95}


def write_tables(folder: Path, runs: Sequence[Path]) -> None:
    """What runs with `--ablation` said, as the tables of docs/benchmarks.md."""
    machine = describe_machine()
    said = [json.loads(run.read_text(encoding="utf-8")) for run in runs]
    found = [
        {
            "places in": repo,
            "places": len(some),
            **{method: round(mean(row[method] for row in some), 3) for method in METHODS},
        }
        for run in said
        for repo, some in grouped(run["rows"]).items()
    ]
    write_table(folder / "context-quality.json", found, machine)
    names = [", ".join(sorted({row["lang"] for row in run["rows"]})) for run in said]
    parts = [key for key in said[0]["total"] if key.startswith(("only", "without", "by")) or key == "ours"]
    rows = [
        {
            "sources": part,
            **{name: round(run["total"][part], 3) for name, run in zip(names, said, strict=True)},
        }
        for part in parts
    ]
    write_table(folder / "context-ablation.json", rows, machine)


def grouped(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of each repository, and all together."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["repo"]].append(row)
    return {**found, f"all {len(found)}": list(rows)}


def run(args: Namespace, home: Path) -> None:
    """Draw, or measure; the indexes are kept in `home`."""
    if args.draw:
        roots = sorted(root.absolute() for root in args.trees.iterdir() if root.is_dir())
        write_tasks(
            args.tasks, [task for root in roots for task in draw(Tree(root, home), args.draw, args.seed)]
        )
        return
    every: list[dict[str, Any]] = []
    for repo, tasks in tasks_by_repository(args.tasks, "xfile", args.per_repo):
        rows = measure(Tree((args.trees / repo).absolute(), home), tasks, ablation=args.ablation)
        every += rows
        print_figures(repo, summary(rows))
    total = summary(every)
    print_figures("TOTAL", total)
    if args.json:
        args.json.write_text(json.dumps({"total": total, "rows": every}, indent=1), encoding="utf-8")


def main() -> None:
    """Measure, draw, or write the tables."""
    parser = parser_for_tasks(__doc__)
    parser.add_argument("--ablation", action="store_true", help="each source alone, and all but each")
    parser.add_argument("--draw", type=int, metavar="N", help="draw so many tasks of each tree into TASKS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--index", type=Path, help="where the indexes are kept; thrown away without")
    parser.add_argument(
        "--tables", type=Path, help="TASKS and TREES_DIR are JSON of runs: write their tables here"
    )
    args = parser.parse_args()
    if args.tables:
        write_tables(args.tables, [args.tasks, args.trees])
        return
    with nullcontext(args.index) if args.index else tempfile.TemporaryDirectory() as home:
        run(args, Path(home))


if __name__ == "__main__":
    main()
