"""What an outline costs, as a multiple of the bare parse of the same files in the same run.

    python -m tests.quality.outline_speed FOLDER… [--files 300] [--json docs/runs/outline-speed.json]

CPU time of this process, each stage timed on its own, file by file: `outline` is `outline_of` as the indexer
calls it, the other columns are what it is made of. Files are chosen by a fixed seed; those above 1 MB are
left out, as are languages with less than 1,000 lines. Prints a row for each language; `--json` writes a
table.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tree_sitter

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
from pilotfish.syntax.chunks import chunks_of
from pilotfish.syntax.definitions import definitions_of
from pilotfish.syntax.grammars import grammar_of, query_of
from pilotfish.syntax.imports import imports_of
from pilotfish.syntax.languages import Language, language_of_path
from pilotfish.syntax.outline import outline_of
from pilotfish.syntax.source import Source
from pilotfish.syntax.symbols import symbols_of
from tests.quality.arguments import parser_of
from tests.quality.table import write_table

MAX_BYTES = 1_000_000
FEWEST_LINES = 1000
STAGES = ("source", "query", "definitions", "symbols", "chunks", "imports", "outline")


def main() -> None:
    """Measure each language and print a row for it."""
    parser = parser_of(__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=300, help="so many of each language")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    machine = describe_machine()
    rows = []
    for language, paths in sorted(files_by_language(args.folders).items(), key=lambda item: item[0].id):
        random.Random(0).shuffle(paths)
        row = measured(language, paths[: args.files])
        if row["lines"] >= FEWEST_LINES:
            rows.append(row)
            print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    if args.json:
        write_table(args.json, rows, machine)


def files_by_language(folders: list[Path]) -> dict[Language, list[Path]]:
    """All files of ordinary size that have a grammar, in a fixed order."""
    found: dict[Language, list[Path]] = defaultdict(list)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            language = language_of_path(path)
            if language.grammar and path.is_file() and path.stat().st_size <= MAX_BYTES:
                found[language].append(path)
    return found


def measured(language: Language, paths: list[Path]) -> dict[str, Any]:
    """One row of the table."""
    spent = dict.fromkeys(("parse", *STAGES), 0.0)
    lines = 0

    def timed(stage: str, work: Callable[..., Any], *given: Any) -> Any:
        start = time.process_time()
        result = work(*given)
        spent[stage] += time.process_time() - start
        return result

    outline_of("x", language)  # loads the grammar and its query
    grammar, query = grammar_of(language), query_of(language, "outline")
    assert query is not None  # only languages with a grammar came here
    gc.disable()
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        source = timed("source", Source.of, text)
        tree = timed("parse", tree_sitter.Parser(grammar).parse, source.data)
        cursor = tree_sitter.QueryCursor(query)
        cursor.set_max_start_depth(language.depth)
        matches = timed("query", cursor.matches, tree.root_node)
        definitions = timed("definitions", definitions_of, source, matches)
        symbols = timed("symbols", symbols_of, source, definitions, language)
        timed("chunks", chunks_of, source, symbols, tree.root_node)
        timed("imports", imports_of, source, query, matches)
        timed("outline", outline_of, text, language)
        lines += len(source.lines)
    gc.enable()
    row: dict[str, Any] = {"language": language.id, "files": len(paths), "lines": lines}
    row["parsed, thousand lines a second"] = round(lines / spent["parse"] / 1000)
    return row | {stage: round(spent[stage] / spent["parse"], 2) for stage in STAGES}


if __name__ == "__main__":
    main()
