"""Trimming against every fault that models show: is the true line what is shown, and does it break the file?

    python trim_faults.py TASKS.tsv TREES_DIR [--context left|both] [--kind line|xfile] [--per-repo N] [--seed S]
        [--show N] [--json OUT]

For each task the true line is wrapped in a fault (tests/completion/faults.py), trimmed as if a model had said it, and
compared. `em`: of all tasks, the first line shown is the true one. `broken`: of what is shown, the share with which the
file has more faults of grammar than without. Half a line is counted apart: shown as it was, not at all, or changed.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from engine_in_process import cut
from table import write_table
from tests.completion.faults import FAULTS, Truth, half

from pilotfish.completion.gap import Gap
from pilotfish.completion.request import CompletionRequest
from pilotfish.completion.trim import trim
from pilotfish.platform.steps import Steps, finish
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import Tree, parse
from pilotfish.text.document import Document, Position


def faults_with(document: Document, position: Position, text: str) -> int:
    """Parsed from nothing, so that it owes nothing to what trimming did."""
    line, column = document.lines[position.line], position.column
    lines = [*document.lines]
    lines[position.line] = line[:column] + text + line[column:]
    tree = parse("".join(lines), language_of_id(document.language_id))
    assert tree is not None
    return len(tree.faults())


def steps_to(tree: Tree | None) -> Steps[Tree | None]:
    return tree
    yield


def measure(task: dict[str, str], root: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    document, position, wanted = cut(root, task, args.context)
    before = document.before(position)
    strip = lambda lines: tuple(line.rstrip("\r\n") for line in lines)
    truth = Truth(wanted, before, strip(document.lines[: position.line]), strip(document.lines[position.line + 1 :]))
    tree = parse("".join(document.lines), language_of_id(document.language_id))
    gap = Gap(CompletionRequest(document, position), 10, tree=lambda: steps_to(tree))
    standing = faults_with(document, position, "")
    rows = []
    for name, fault in (*FAULTS.items(), ("half", half)):
        rng = random.Random(f"{args.seed} {task['repo']} {task['file']} {task['line_no']} {name}")
        said = fault(truth, rng)
        trimmed = finish(trim(said, gap))
        shown = trimmed.text.split("\n")[0].strip()
        broken = bool(trimmed.text) and faults_with(document, position, trimmed.text) > standing
        rows.append({"fault": name, "repo": task["repo"], "file": task["file"], "line_no": task["line_no"], "said": said,
                     "text": trimmed.text, "shown": bool(trimmed.text), "em": shown == wanted, "broken": broken, "wanted": wanted,
                     "as_it_was": trimmed.text.strip() == said.strip(), "steps": trimmed.changed, "emptied_by": trimmed.emptied_by})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--context", choices=["left", "both"], default="both")
    parser.add_argument("--kind", choices=["line", "xfile"], default="line")
    parser.add_argument("--per-repo", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="failures to print")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with args.tasks.open(newline="") as file:
        tasks = [task for task in csv.DictReader(file, delimiter="\t") if task["kind"] == args.kind]
    rows: list[dict[str, Any]] = []
    for repo in sorted({task["repo"] for task in tasks}):
        chosen = [task for task in tasks if task["repo"] == repo]
        random.Random(0).shuffle(chosen)
        for task in chosen[: args.per_repo]:
            rows += measure(task, args.trees / repo, args)
    by_fault: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_fault[row["fault"]].append(row)
        if row["fault"] != "half":
            by_fault["all"].append(row)
    report = {}
    for name, some in by_fault.items():
        shown = [row for row in some if row["shown"]]
        report[name] = {"n": len(some), "em": sum(row["em"] for row in some) / len(some), "shown": len(shown) / len(some),
                        "broken": sum(row["broken"] for row in shown) / max(1, len(shown)),
                        "changed": sum(not row["as_it_was"] for row in shown) / max(1, len(shown))}
        print(f"{name:18s} " + " ".join(f"{key} {value:.4g}" for key, value in report[name].items()))
    bad = [row for row in rows if (row["broken"] if row["fault"] == "half" else not row["em"] or row["broken"])]
    random.Random(1).shuffle(bad)
    for row in bad[: args.show]:
        print(json.dumps(row, indent=1, ensure_ascii=False))
    if args.json:
        percent = lambda share: f"{100 * share:.2f} %"
        table = [{"fault": name, "lines": row["n"], "exactly right": percent(row["em"]), "shown": percent(row["shown"]),
                  "of what is shown, breaks the file": percent(row["broken"])} for name, row in report.items()]
        write_table(args.json, table)


if __name__ == "__main__":
    main()
