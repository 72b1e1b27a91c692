"""The engine's quality without a server between: fast, and with parts of it taken away. See `docs/engine.md`.

    python engine_in_process.py TASKS.tsv TREES_DIR [--context left|both] [--kind line|xfile] [--per-repo N]
        [--without exact|own|region|between|scope|network] [--json OUT]
    python engine_in_process.py --draw N --seed S TASKS.tsv TREES_DIR   (draws tasks from any trees)
    python engine_in_process.py --plot RUN.json OUT.svg   (confidence against what came true)

Tasks and metrics are those of `line_completion.py`, which has the last word. The index is built from the trees as
the server builds it, with the task's file hidden; times are processor time of one prediction, the document lexed before.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from line_completion import edit_similarity, percentile

from pilotfish.engine import judge, node
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.mixture import Evidence
from pilotfish.engine.predict import predict
from pilotfish.engine.query import Query
from pilotfish.index.build import build
from pilotfish.index.hidden import without
from pilotfish.index.reader import IndexReader
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.settings.model import Settings
from pilotfish.syntax.lexer import split_line
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

CODE = (".py", ".java", ".go", ".ts", ".tsx", ".cs")
COMMENTS = ("#", "//", "*", "/*", '"""', "'''")
VOICES = ("exact", "own", "region", "between")


def index_of(root: Path, home: Path) -> IndexView:
    """The index of a tree as the server makes it: the same files, in the same order and as many segments."""
    build(root, home / root.name, Settings().index)
    return IndexReader(root, home / root.name).view()


def cut(root: Path, task: dict[str, str], context: str) -> tuple[Document, Position, str]:
    """The document of a task, its cursor and what is wanted there."""
    path, number = root / task["file"], int(task["line_no"])
    lines = path.read_bytes().decode("utf-8-sig").split("\n")
    line = lines[number].rstrip("\r")
    before = re.match(r"[ \t]*", line).group(0) if task["kind"] == "line" else line[: int(task["col"])]
    text = "\n".join([*lines[:number], before])
    if context == "both" and number + 1 < len(lines):
        text += "\n" + "\n".join(lines[number + 1 :])
    document = Document(path.as_uri(), path, task["lang"], 1, split_lines(text))
    return document, Position(number, len(before)), line[len(before) :].strip()


def take_away(part: str) -> None:
    """Change the engine so that it does without one of its parts; the network is not fitted anew."""
    if part == "scope":
        judge.SCOPE_BEFORE = judge.SCOPE_BELOW = 0
    elif part == "network":
        judge.Network.scores = lambda self, features: features[:, 0]
    else:
        voice, weigh = VOICES.index(part), node.evidence
        def silenced(*args: Any) -> Evidence:
            found = weigh(*args)
            found.share[:, voice], found.length[:, voice] = 0, 0
            return found
        node.evidence = silenced
    node.AGREED = 1000


def draw(root: Path, count: int, seed: int) -> list[dict[str, str]]:
    """Random lines of code of at least five tokens, and random places after `x.`, by the rules of the public tasks."""
    rng = random.Random(seed)
    paths = sorted(path for path in root.rglob("*") if path.suffix in CODE and path.is_file())
    tasks: list[dict[str, str]] = []
    for kind in ("line", "xfile"):
        wanted = len(tasks) + count
        for _ in range(count * 60):
            path = rng.choice(paths)
            lines = path.read_bytes().decode("utf-8", "replace").split("\n")
            number = rng.randrange(len(lines))
            line = lines[number].rstrip("\r")
            members = [match.end() for match in re.finditer(r"\w\.(?=[A-Za-z_])", line)]
            bare = line.strip()
            if len(lines) < 10 or bare.startswith(COMMENTS) or not 5 <= len(split_line(line)[1]) or len(bare) > 160:
                continue
            if kind == "xfile" and not members:
                continue
            column = len(line) - len(line.lstrip()) if kind == "line" else rng.choice(members)
            tasks.append({"repo": root.name, "lang": path.suffix[1:], "file": path.relative_to(root).as_posix(),
                          "kind": kind, "line_no": str(number), "col": str(column)})
            if len(tasks) == wanted:
                break
    return tasks


def measure(tasks: list[dict[str, str]], root: Path, view: IndexView, context: str) -> list[dict[str, Any]]:
    rows = []
    for task in tasks:
        document, position, wanted = cut(root, task, context)
        buffers = Buffers()
        finish(buffers.update(document))
        seen = without(view, [root / task["file"]])
        started = time.process_time()
        found = finish(predict(Query(document, position, limit=6), buffers, seen))
        ms = 1000 * (time.process_time() - started)
        texts = [one.text.split("\n")[0].strip() for one in found]
        guess = texts[0] if texts else ""
        rows.append({"repo": task["repo"], "file": task["file"], "line_no": position.line, "guess": guess, "ms": ms,
                     "target": wanted, "em": guess == wanted, "es": edit_similarity(guess, wanted),
                     "any": wanted in texts, "confidence": found[0].confidence if found else 0.0})
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, float]:
    sure = sorted(rows, key=lambda row: -row["confidence"])[: int(0.4 * len(rows))]
    mean = lambda name, some: sum(row[name] for row in some) / max(1, len(some))
    times = [row["ms"] for row in rows]
    return {"n": len(rows), "em": 100 * mean("em", rows), "es": 100 * mean("es", rows), "any": 100 * mean("any", rows),
            "precision_40": mean("em", sure), "p50_ms": percentile(times, 0.5), "p95_ms": percentile(times, 0.95)}


def plot(rows: list[dict[str, Any]]) -> str:
    """Tenths of the answers by confidence: what was claimed against what came true, as SVG."""
    rows = sorted((row for row in rows if row["guess"]), key=lambda row: row["confidence"])
    parts = [part for part in np.array_split(np.array([(row["confidence"], row["em"]) for row in rows], float), 12) if len(part)]
    at = lambda share: 40 + 300 * share
    dots = "".join(f'<circle cx="{at(part[:, 0].mean()):.1f}" cy="{at(1 - part[:, 1].mean()):.1f}" r="4" fill="#06c"/>'
                   for part in parts)
    ticks = "".join(f'<text x="{at(t):.0f}" y="358" text-anchor="middle">{t:.1f}</text>'
                    f'<text x="32" y="{at(1 - t) + 4:.0f}" text-anchor="end">{t:.1f}</text>' for t in (0, 0.2, 0.4, 0.6, 0.8, 1))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 390" font-family="sans-serif" font-size="11">'
            f'<rect width="380" height="390" fill="#fff"/><rect x="40" y="40" width="300" height="300" fill="none" stroke="#999"/>'
            f'<path d="M40 340 340 40" stroke="#999" stroke-dasharray="4"/>{ticks}{dots}'
            f'<text x="190" y="378" text-anchor="middle">confidence</text>'
            f'<text x="40" y="28">share exactly right, {len(rows)} lines in {len(parts)} equal parts</text></svg>\n')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--context", choices=["left", "both"], default="both")
    parser.add_argument("--kind", choices=["line", "xfile"], default="line")
    parser.add_argument("--per-repo", type=int, default=10**9)
    parser.add_argument("--without", choices=[*VOICES, "scope", "network"])
    parser.add_argument("--draw", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", action="store_true")
    parser.add_argument("--index", type=Path, help="keep the indexes here")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if args.plot:
        args.trees.write_text(plot(json.loads(args.tasks.read_text())["rows"]))
        return
    if args.draw:
        tasks = [task for root in sorted(args.trees.iterdir()) for task in draw(root, args.draw, args.seed)]
        with args.tasks.open("w", newline="") as file:
            table = csv.DictWriter(file, list(tasks[0]), delimiter="\t")
            table.writeheader()
            table.writerows(tasks)
        return
    with args.tasks.open(newline="") as file:
        tasks = [task for task in csv.DictReader(file, delimiter="\t") if task["kind"] == args.kind]
    if args.without:
        take_away(args.without)
    every: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="engine-") as home:
        for repo in sorted({task["repo"] for task in tasks}):
            chosen = [task for task in tasks if task["repo"] == repo]
            random.Random(0).shuffle(chosen)
            root = (args.trees / repo).resolve()
            rows = measure(chosen[: args.per_repo], root, index_of(root, args.index or Path(home)), args.context)
            every += rows
            print(f"{repo:34s} " + " ".join(f"{k} {v:.4g}" for k, v in summary(rows).items()), flush=True)
    total = summary(every)
    print(f"{'TOTAL':34s} " + " ".join(f"{k} {v:.4g}" for k, v in total.items()), args.context, args.kind, args.without or "")
    if args.json:
        args.json.write_text(json.dumps({"total": total, "rows": every}, indent=1))


if __name__ == "__main__":
    main()
