"""How often *Add missing import* offers the right import first: one import deleted from each of many files.

    python tests/quality/missing_imports.py ROOT… [--files 300] [--index DIR] [--show]
        [--json docs/runs/missing-imports.json]

with the eight repositories and the standard library as roots.

From each sampled Python file one imported name is deleted at random; pyflakes says that the name is
undefined, as a language server would; the action is asked at that place, with the index of the file's own
tree. Right is the import of the same name from the same module, however it is spelled (`from .a import b` in
package `p` is `from p.a import b`). Imports that pyflakes does not miss (unused, bound twice) are left out of
the sample. Prints the shares and the CPU milliseconds of one answer; `--json` writes the shares as a table.
Fails below the marks `FIRST` and `AMONG_THREE`.
"""

from __future__ import annotations

import ast
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyflakes.checker import Checker  # type: ignore[import-untyped]
from pyflakes.messages import UndefinedName  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).parents[2]))

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
from tests.quality.arguments import parser_of
from tests.quality.table import Row, percentiles, write_table

SEED = 20261122
FIRST, AMONG_THREE = 0.85, 0.95
Import = ast.Import | ast.ImportFrom


@dataclass
class Case:
    """One deleted import.

    Attributes:
        text: of the file without it.
        name: what the file calls it.
        wanted: its module and its name there.
        places: where the name is undefined now; columns in bytes.
    """

    root: Path
    path: Path
    text: str
    name: str
    wanted: tuple[str, str]
    places: list[Position] = field(default_factory=list)


def main() -> int:
    """Measure and print; 1 below the marks."""
    parser = parser_of(__doc__)
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--index", type=Path, help="keep the indexes here")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", action="store_true", help="print each miss")
    args = parser.parse_args()
    machine = describe_machine()
    with tempfile.TemporaryDirectory() if not args.index else nullcontext(str(args.index)) as folder:
        report = run([root.resolve() for root in args.roots], args.files, Path(folder), show=args.show)
    print(json.dumps(report, indent=2))
    if args.json:
        write_table(args.json, as_rows(report), machine, seed=SEED)
    return 0 if report["first"] >= FIRST and report["among_three"] >= AMONG_THREE else 1


def run(roots: list[Path], files: int, folder: Path, *, show: bool) -> dict[str, Any]:
    """What is found of all cases, and of those of each root."""
    cases = sample(roots, files)
    by_root: dict[str, list[int | None]] = {}
    ranks: list[int | None] = []
    times_ms: list[float] = []
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
    median_ms, p95_ms = percentiles(times_ms, 0.5, 0.95)
    return {
        "what": "the right import among the offers, one import deleted a file",
        "cases": len(ranks),
        "first": round(share(ranks, 1), 4),
        "among_three": round(share(ranks, 3), 4),
        "median_ms": median_ms,
        "p95_ms": p95_ms,
        "by_root": {
            name: {
                "cases": len(each),
                "first": round(share(each, 1), 3),
                "among_three": round(share(each, 3), 3),
            }
            for name, each in by_root.items()
        },
        "seed": SEED,
    }


def as_rows(report: dict[str, Any]) -> list[Row]:
    """The rows of the table."""
    everything = {"all of them": {key: report[key] for key in ("cases", "first", "among_three")}}
    return [
        {
            "tree": name,
            "imports deleted": each["cases"],
            "the first offer is right": f"{each['first']:.1%}",
            "among the first three": f"{each['among_three']:.1%}",
        }
        for name, each in (report["by_root"] | everything).items()
    ]


def share(ranks: Sequence[int | None], best: int) -> float:
    """How many of the cases have the right import among the `best` first offers."""
    return sum(rank is not None and rank < best for rank in ranks) / max(len(ranks), 1)


def sample(roots: list[Path], count: int) -> list[Case]:
    """The same number from each root, as far as it has them."""
    dice = random.Random(SEED)
    cases: list[Case] = []
    each = -(-count // len(roots))
    for root in roots:
        paths = python_files(root)
        dice.shuffle(paths)
        found: list[Case] = []
        for path in paths:
            if len(found) == each:
                break
            case = case_of(root, path, dice)
            if case is not None:
                found.append(case)
        cases += found
    return cases[:count]


def python_files(root: Path) -> list[Path]:
    """Those of the project itself, in a fixed order."""
    return sorted(path for path in root.rglob("*.py") if "site-packages" not in path.parts and path.is_file())


def case_of(root: Path, path: Path, dice: random.Random) -> Case | None:
    """One of the file's imports deleted; None where pyflakes misses none of the few that are tried."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError):
        return None
    choices = [
        (node, alias)
        for node in tree.body
        if isinstance(node, Import)
        for alias in node.names
        if alias.name != "*" and getattr(node, "module", "") != "__future__"
    ]
    dice.shuffle(choices)
    for node, alias in choices[:5]:
        known_as = alias.asname or alias.name.partition(".")[0]
        changed = without(text, node, alias)
        try:
            messages = Checker(ast.parse(changed)).messages
        except SyntaxError:
            continue
        places = [
            Position(message.lineno - 1, message.col)
            for message in messages
            if isinstance(message, UndefinedName) and message.message_args[0] == known_as
        ]
        if places:
            return Case(root, path, changed, known_as, target(node, alias, root, path), places)
    return None


def without(text: str, node: Import, alias: ast.alias) -> str:
    """The text with one name less in an import; the statement goes with its last name."""
    lines = text.split("\n")
    rest = [each for each in node.names if each is not alias]
    new: list[str] = []
    if rest:
        node.names = rest
        new = ast.unparse(node).split("\n")
        node.names = [*rest, alias]
    return "\n".join([*lines[: node.lineno - 1], *new, *lines[node.end_lineno :]])


def target(node: Import, alias: ast.alias, root: Path, path: Path) -> tuple[str, str]:
    """Module and name, the module from the top package on."""
    if isinstance(node, ast.Import):
        return (alias.name if alias.asname else alias.name.partition(".")[0]), ""
    return absolute(node.level, node.module or "", root, path), alias.name


def absolute(level: int, module: str, root: Path, path: Path) -> str:
    """The module from the top package on; `level`: how many dots stand before it in the file at `path`."""
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
    line, byte = case.places[0].line, case.places[0].column
    column = len(document.line(line).encode()[:byte].decode(errors="ignore"))
    span = Range(Position(line, column), Position(line, column + len(case.name)))
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
        assert isinstance(node, Import)
        if same(target(node, node.names[0], case.root, case.path), case.wanted):
            return rank, ms, offers
    return None, ms, offers


def same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """`import a.b as c` and `from a import b as c` are one import."""
    return ".".join(filter(None, one)) == ".".join(filter(None, other))


async def no_context(*_: object) -> Context:
    """Finding an import needs none."""
    return Context()


async def no_text(*_: object) -> str:
    """Nor a model."""
    return ""


if __name__ == "__main__":
    sys.exit(main())
