"""The engine's quality without a server between: fast, and with parts of it taken away. See `docs/engine.md`.

    python engine_in_process.py TASKS.tsv TREES_DIR [--context left|both] [--kind line|xfile] [--per-repo N]
        [--without exact|own|region|between|scope|network|parallels|alongside|order]
        [--tabs N [--edited N]] [--least CONFIDENCE] [--index DIR] [--json OUT]
    python engine_in_process.py --draw N --seed S TASKS.tsv TREES_DIR   (draws tasks from any trees)
    python engine_in_process.py --plot RUN.json OUT.svg   (confidence against what came true)

Tasks and metrics are those of `line_completion.py`, which has the last word. The index is built from the
trees as the server builds it, with the task's file hidden; times are processor time of one prediction, the
document lexed before. Prints for each tree, in percent, how often the first line is exactly right (`em`), how
like it is (`es`), and whether any line is right (`any`); `--json` writes that with a row for each task.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.score import edit_similarity
from pilotfish.engine.alongside import NOTHING
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.mixture import Evidence, evidence
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.index.hidden import without
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from tests.quality.arguments import parser_for_tasks
from tests.quality.held_out import cut, draw, index_of
from tests.quality.reliability import calibration_error, reliability_svg
from tests.quality.table import percentiles
from tests.quality.tabs import tabs
from tests.quality.tasks import Task, print_figures, tasks_by_repository, write_tasks

VOICES = ("exact", "own", "region", "between")
WHOLE: dict[str, dict[str, Any]] = {
    "parallels": {"predict.proposed": lambda *_: []},
    "alongside": {"predict.alongside": lambda _: NOTHING},
    "order": {"ranking.Forest.scores": lambda _, numbers: 0 * numbers[:, 0]},
}
"""Parts that deal with whole lines, and what to put in their place."""

SURE = 0.4
"""`precision_40`: how often the surest answers, this share of all, are right."""


@contextmanager
def taken_away(part: str | None) -> Iterator[None]:
    """The engine does without one of its parts; the network is not fitted anew."""
    if part is None:
        yield
        return
    with ExitStack() as stack:
        for name, value in changes_without(part).items():
            stack.enter_context(mock.patch(f"pilotfish.engine.{name}", value))
        yield


def changes_without(part: str) -> dict[str, Any]:
    """What to put in place of what, below `pilotfish.engine`."""
    if part in WHOLE:
        return WHOLE[part]
    changes: dict[str, Any] = {"node.AGREED": 1000}  # no token is taken for sure
    if part == "scope":
        changes |= {"judge.SCOPE_BEFORE": 0, "judge.SCOPE_BELOW": 0}
    elif part == "network":
        changes["judge.Network.scores"] = lambda _, features: features[:, 0]
    else:
        voice = VOICES.index(part)

        def silenced(*args: Any) -> Evidence:
            found = evidence(*args)
            found.share[:, voice], found.length[:, voice] = 0, 0
            return found

        changes["node.evidence"] = silenced
    return changes


def measure(tasks: Sequence[Task], root: Path, view: IndexView, args: Namespace) -> list[dict[str, Any]]:
    """A row for each task."""
    rows = []
    for task in tasks:
        document, position, wanted = cut(root, task, args.context)
        others = tabs(root, task, document, args.tabs, args.edited)
        buffers = Buffers()
        for opened in (*others, document):
            finish(buffers.update(opened))
        seen = without(view, [root / task["file"]])
        query = Query(document, position, others, limit=6, least=args.least)
        started = time.process_time()
        found = finish(predict(query, buffers, seen))
        ms = 1000 * (time.process_time() - started)
        texts = [line.text.split("\n")[0].strip() for line in found]
        guess = texts[0] if texts else ""
        rows.append(
            {
                "repo": task["repo"],
                "file": task["file"],
                "line_no": position.line,
                "guess": guess,
                "ms": ms,
                "target": wanted,
                "em": guess == wanted and found[0].confidence >= args.least,
                "es": edit_similarity(guess, wanted),
                "any": wanted in texts,
                "confidence": found[0].confidence if found else 0.0,
                "when": "while typing" if args.least else "asked by hand",
            }
        )
    return rows


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The figures of at least one task; `em`, `es` and `any` in percent."""
    sure = sorted(rows, key=lambda row: -row["confidence"])[: int(SURE * len(rows))]
    answered = np.array([(row["confidence"], row["em"]) for row in rows if row["guess"]], float)
    p50, p95 = percentiles((row["ms"] for row in rows), 0.5, 0.95, digits=3)
    return {
        "n": len(rows),
        **{name: 100 * mean(row[name] for row in rows) for name in ("em", "es", "any")},
        "precision_40": mean(row["em"] for row in sure) if sure else 0.0,
        "off_by": calibration_error(*answered.T) if len(answered) else 0.0,
        "p50_ms": p50,
        "p95_ms": p95,
    }


def run(args: Namespace, home: Path) -> None:
    """Measure all tasks; the indexes are kept in `home`."""
    every: list[dict[str, Any]] = []
    for repo, tasks in tasks_by_repository(args.tasks, args.kind, args.per_repo):
        root = (args.trees / repo).resolve()
        rows = measure(tasks, root, index_of(root, home), args)
        every += rows
        print_figures(repo, summary(rows))
    total = summary(every)
    print_figures(f"TOTAL {args.context} {args.kind} {args.without or ''}", total)
    if args.json:
        args.json.write_text(json.dumps({"total": total, "rows": every}, indent=1), encoding="utf-8")


def main() -> None:
    """Measure, draw or plot."""
    parser = parser_for_tasks(__doc__)
    parser.add_argument("--context", choices=["left", "both"], default="both")
    parser.add_argument("--kind", choices=["line", "xfile"], default="line")
    parser.add_argument("--without", choices=[*VOICES, "scope", "network", *WHOLE])
    parser.add_argument("--draw", type=int, metavar="N", help="draw so many tasks of each tree into TASKS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", action="store_true", help="TASKS is JSON of a run, TREES_DIR the picture")
    parser.add_argument("--tabs", type=int, default=0, metavar="N", help="so many other files are open")
    parser.add_argument("--edited", type=int, default=0, metavar="N", help="so many of these were edited")
    parser.add_argument("--least", type=float, default=0.0, help="the confidence wanted, as while typing")
    parser.add_argument("--index", type=Path, help="keep the indexes here")
    args = parser.parse_args()
    if args.plot:
        rows = [row for row in json.loads(args.tasks.read_text(encoding="utf-8"))["rows"] if row["guess"]]
        args.trees.write_text(reliability_svg(rows), encoding="utf-8")
    elif args.draw:
        roots = sorted(args.trees.iterdir())
        write_tasks(args.tasks, [task for root in roots for task in draw(root, args.draw, args.seed)])
    else:
        with taken_away(args.without), tempfile.TemporaryDirectory(prefix="engine-") as home:
            run(args, args.index or Path(home))


if __name__ == "__main__":
    main()
