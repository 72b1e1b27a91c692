"""How often *Add missing import* offers the right import first: one import deleted from each of many files.

    python tests/quality/missing_imports.py ROOT… [--files 300] [--json docs/runs/missing-imports.json]

with the eight repositories and the standard library as roots.

From each sampled Python file one imported name is deleted at random; pyflakes says that the name is undefined,
as a language server would; the action is asked at that place, with the index of the file's own tree. Right is
the import of the same name from the same module, however it is spelled (`from .a import b` in package `p` is
`from p.a import b`). Imports that pyflakes does not miss (unused, bound twice) are left out of the sample.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedName

from pilotfish.actions.missing_import import find
from pilotfish.actions.spot import Diagnostic, Spot
from pilotfish.actions.tools import Tools
from pilotfish.bench.machine import describe_machine
from pilotfish.context.snippet import Context
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.models.turns import Turns
from pilotfish.platform.clock import SystemClock
from pilotfish.platform.trace import Trace
from pilotfish.settings.model import Settings
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.lines import split_lines

SEED = 20261122


@dataclass
class Case:
    """One deleted import."""

    root: Path
    path: Path
    text: str
    name: str
    wanted: tuple[str, str]
    places: list[Position] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--index", type=Path, help="keep the indexes here")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", action="store_true", help="print each miss")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() if not args.index else nullcontext(str(args.index)) as folder:
        report = run([root.resolve() for root in args.roots], args.files, Path(folder), show=args.show)
    print(json.dumps(report, indent=2))
    if args.json:
        args.json.write_text(json.dumps(as_table(report), indent=2) + "\n")
    return 0 if report["first"] >= 0.85 and report["among_three"] >= 0.95 else 1


def run(roots: list[Path], files: int, folder: Path, *, show: bool) -> dict:
    cases = sample(roots, files)
    by_root: dict[str, list[int]] = {}
    ranks, times_ms = [], []
    for root in roots:
        directory = folder / root.name
        build(root, directory, Settings().index)
        reader = CatalogReader(root, directory)
        for case in (case for case in cases if case.root == root):
            rank, ms, offers = ask(case, reader)
            ranks.append(rank)
            times_ms.append(ms)
            by_root.setdefault(root.name, []).append(rank)
            if show and rank != 0:
                print(rank, case.path.relative_to(root), case.name, case.wanted, offers, file=sys.stderr)
    return {
        "what": "the right import among the offers, one import deleted a file",
        "cases": len(ranks),
        "first": round(share(ranks, 1), 4),
        "among_three": round(share(ranks, 3), 4),
        "median_ms": round(median(times_ms), 2),
        "p95_ms": round(quantiles(times_ms, n=20)[-1], 2),
        "by_root": {
            name: {"cases": len(each), "first": round(share(each, 1), 3), "among_three": round(share(each, 3), 3)}
            for name, each in by_root.items()
        },
        "seed": SEED,
    }


def as_table(report: dict) -> dict:
    """The form of docs/runs."""
    everything = {"all of them": {key: report[key] for key in ("cases", "first", "among_three")}}
    rows = [
        {
            "tree": name,
            "imports deleted": each["cases"],
            "the first offer is right": f"{each['first']:.1%}",
            "among the first three": f"{each['among_three']:.1%}",
        }
        for name, each in (report["by_root"] | everything).items()
    ]
    return {"kind": "table", "complete": True, "machine": describe_machine(), "seed": SEED, "rows": rows}


def share(ranks: list[int | None], best: int) -> float:
    return sum(rank is not None and rank < best for rank in ranks) / max(len(ranks), 1)


def sample(roots: list[Path], count: int) -> list[Case]:
    """The same number from each root, as far as it has them."""
    random_ = random.Random(SEED)
    cases: list[Case] = []
    each = -(-count // len(roots))
    for root in roots:
        paths = sorted(p for p in root.rglob("*.py") if "site-packages" not in p.parts and p.is_file())
        random_.shuffle(paths)
        found: list[Case] = []
        for path in paths:
            if len(found) == each:
                break
            case = case_of(root, path, random_)
            if case is not None:
                found.append(case)
        cases += found
    return cases[:count] if len(cases) > count else cases


def case_of(root: Path, path: Path, random_: random.Random) -> Case | None:
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError):
        return None
    choices = [
        (node, alias)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name != "*" and getattr(node, "module", "") != "__future__"
    ]
    random_.shuffle(choices)
    for node, alias in choices[:5]:
        known_as = alias.asname or alias.name.partition(".")[0]
        changed = without(text, node, alias)
        try:
            messages = Checker(ast.parse(changed)).messages
        except SyntaxError:
            continue
        places = [
            Position(m.lineno - 1, m.col)
            for m in messages
            if isinstance(m, UndefinedName) and m.message_args[0] == known_as
        ]
        if places:
            return Case(root, path, changed, known_as, target(node, alias, root, path), places)
    return None


def without(text: str, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The text with one name less in an import; the statement goes with its last name."""
    lines = text.split("\n")
    rest = [each for each in node.names if each is not alias]
    new: list[str] = []
    if rest:
        node.names = rest
        new = ast.unparse(node).split("\n")
        node.names = [*rest, alias]
    return "\n".join([*lines[: node.lineno - 1], *new, *lines[node.end_lineno :]])


def target(node: ast.Import | ast.ImportFrom, alias: ast.alias, root: Path, path: Path) -> tuple[str, str]:
    """Module and name, the module from the top package on."""
    if isinstance(node, ast.Import):
        return (alias.name if alias.asname else alias.name.partition(".")[0]), ""
    return absolute(node.level, node.module or "", root, path), alias.name


def absolute(level: int, module: str, root: Path, path: Path) -> str:
    if not level:
        return module
    parts = list(path.relative_to(root).parent.parts)
    parts = parts[: len(parts) - level + 1]
    if parts and parts[0] in ("src", "lib", "python"):
        del parts[0]
    return ".".join([*parts, *([module] if module else [])])


def ask(case: Case, reader: CatalogReader) -> tuple[int | None, float, list[str]]:
    """The rank of the right offer from 0, None if it is not offered; the milliseconds of CPU; the offers."""
    document = Document(case.path.as_uri(), case.path, "python", 1, split_lines(case.text))
    spots = case.places[0]
    column = document.line(spots.line).encode()[: spots.column].decode(errors="ignore")
    start = Position(spots.line, len(column))
    span = Range(start, Position(spots.line, len(column) + len(case.name)))
    diagnostic = Diagnostic(span, f"undefined name '{case.name}'", "pyflakes")
    hidden = frozenset({case.path})
    spot = Spot(document, span, (diagnostic,), case.root, (), hidden)
    tools = Tools(
        settings=Settings(),
        models={},
        gather=no_context,
        complete=no_text,
        lookup=lambda files, seconds: Lookup([reader], files, time.monotonic() + 10),
        follow=lambda _: nullcontext(),
        open_document=lambda _: None,
        is_private=lambda _: False,
        turns=Turns(),
        trace=Trace("1", "", 1, SystemClock()),
    )
    begun = time.process_time()
    proposals = find(spot, tools)
    ms = (time.process_time() - begun) * 1000
    offers = [proposal.detail for proposal in proposals]
    for rank, offer in enumerate(offers):
        node = ast.parse(offer).body[0]
        assert isinstance(node, ast.Import | ast.ImportFrom)
        if same(target(node, node.names[0], case.root, case.path), case.wanted):
            return rank, ms, offers
    return None, ms, offers


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """`import a.b as c` and `from a import b as c` are one import."""
    return ".".join(filter(None, one)) == ".".join(filter(None, other))


async def no_context(*_: object) -> Context:
    return Context()


async def no_text(*_: object) -> str:
    return ""


if __name__ == "__main__":
    sys.exit(main())
