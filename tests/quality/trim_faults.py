"""Trimming against every fault that models show: is the true line what is shown, and does it break the file?

    python tests/quality/trim_faults.py TASKS.tsv TREES_DIR [--context left|both] [--kind line|xfile]
        [--per-repo N] [--seed S] [--show N] [--json docs/runs/trim-faults.json]

For each task the true line is wrapped in a fault (tests/completion/faults.py), trimmed as if a model had said
it, and compared. `em`: of all tasks, the first line shown is the true one. `broken`: of what is shown, the
share with which the file has more faults of grammar than without. Half a line is counted apart: shown as it
was, not at all, or changed. Prints the shares for each fault; `--json` writes them as a table.
"""

from __future__ import annotations

import json
import random
import sys
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.completion.gap import Gap
from pilotfish.completion.request import CompletionRequest
from pilotfish.completion.trim import trim
from pilotfish.platform.steps import Steps, finish
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.tree import Tree, parse
from pilotfish.text.document import Document, Position
from tests.completion.faults import FAULTS, Truth, half
from tests.quality.arguments import parser_for_tasks
from tests.quality.held_out import cut
from tests.quality.table import Row, write_table
from tests.quality.tasks import Task, print_figures, tasks_by_repository


def faults_with(document: Document, position: Position, text: str) -> int:
    """Parsed from nothing, so that it owes nothing to what trimming did."""
    line, column = document.lines[position.line], position.column
    lines = [*document.lines]
    lines[position.line] = line[:column] + text + line[column:]
    tree = parse("".join(lines), language_of_id(document.language_id))
    assert tree is not None
    return len(tree.faults())


def steps_to(tree: Tree | None) -> Steps[Tree | None]:
    """A tree that is there already."""
    return tree
    yield


def without_ends(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines without what ends them."""
    return tuple(line.rstrip("\r\n") for line in lines)


def measure(task: Task, root: Path, args: Namespace) -> list[Row]:
    """A row for each fault."""
    document, position, wanted = cut(root, task, args.context)
    above, below = document.lines[: position.line], document.lines[position.line + 1 :]
    truth = Truth(wanted, document.before(position), without_ends(above), without_ends(below))
    tree = parse("".join(document.lines), language_of_id(document.language_id))
    gap = Gap(CompletionRequest(document, position), 10, tree=lambda: steps_to(tree))
    standing = faults_with(document, position, "")
    rows: list[Row] = []
    for name, fault in (*FAULTS.items(), ("half", half)):
        dice = random.Random(f"{args.seed} {task['repo']} {task['file']} {task['line_no']} {name}")
        said = fault(truth, dice)
        trimmed = finish(trim(said, gap))
        is_shown = bool(trimmed.text)
        rows.append(
            {
                "fault": name,
                "repo": task["repo"],
                "file": task["file"],
                "line_no": task["line_no"],
                "said": said,
                "text": trimmed.text,
                "shown": is_shown,
                "em": trimmed.text.split("\n")[0].strip() == wanted,
                "broken": is_shown and faults_with(document, position, trimmed.text) > standing,
                "wanted": wanted,
                "as_it_was": trimmed.text.strip() == said.strip(),
                "steps": trimmed.changed,
                "emptied_by": trimmed.emptied_by,
            }
        )
    return rows


def summary(rows: Sequence[Row]) -> dict[str, float]:
    """What became of one fault; shares are from 0 to 1."""
    shown = [row for row in rows if row["shown"]]
    return {
        "n": len(rows),
        "em": sum(row["em"] for row in rows) / len(rows),
        "shown": len(shown) / len(rows),
        "broken": sum(row["broken"] for row in shown) / max(1, len(shown)),
        "changed": sum(not row["as_it_was"] for row in shown) / max(1, len(shown)),
    }


def by_fault(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """What became of each, and of all but the half lines."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["fault"]].append(row)
        if row["fault"] != "half":
            found["all"].append(row)
    return {name: summary(some) for name, some in found.items()}


def is_bad(row: Row) -> bool:
    """Whether trimming failed: half a line must only not break the file."""
    return bool(row["broken"] or (row["fault"] != "half" and not row["em"]))


def as_rows(report: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """The rows of the table."""
    return [
        {
            "fault": name,
            "lines": figures["n"],
            "exactly right": percent(figures["em"]),
            "shown": percent(figures["shown"]),
            "of what is shown, breaks the file": percent(figures["broken"]),
        }
        for name, figures in report.items()
    ]


def percent(share: float) -> str:
    """A share in words."""
    return f"{100 * share:.2f} %"


def main() -> None:
    """Measure and print."""
    parser = parser_for_tasks(__doc__)
    parser.add_argument("--context", choices=["left", "both"], default="both")
    parser.add_argument("--kind", choices=["line", "xfile"], default="line")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="failures to print")
    args = parser.parse_args()
    machine = describe_machine()
    rows = [
        row
        for repo, tasks in tasks_by_repository(args.tasks, args.kind, args.per_repo)
        for task in tasks
        for row in measure(task, args.trees / repo, args)
    ]
    report = by_fault(rows)
    for name, figures in report.items():
        print_figures(name, figures)
    bad = [row for row in rows if is_bad(row)]
    random.Random(1).shuffle(bad)
    for row in bad[: args.show]:
        print(json.dumps(row, indent=1, ensure_ascii=False))
    if args.json:
        write_table(args.json, as_rows(report), machine)


if __name__ == "__main__":
    main()
