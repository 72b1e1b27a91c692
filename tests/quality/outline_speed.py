"""What an outline costs, as a multiple of the bare parse of the same files in the same run.

    python -m tests.quality.outline_speed FOLDER… [--files 300] [--json docs/runs/outline-speed.json]

CPU time of this process, each stage timed on its own, file by file: `outline` is `outline_of` as the indexer calls
it, the other columns are what it is made of. Files are chosen by a fixed seed; those above 1 MB are left out.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tree_sitter

from pilotfish.bench.machine import describe_machine
from pilotfish.syntax.chunks import chunks_of
from pilotfish.syntax.definitions import definitions_of
from pilotfish.syntax.grammars import grammar_of, keywords_of, query_of
from pilotfish.syntax.imports import imports_of
from pilotfish.syntax.languages import Language, language_of_path
from pilotfish.syntax.outline import MAX_DEPTH, outline_of
from pilotfish.syntax.source import Source
from pilotfish.syntax.symbols import symbols_of

MAX_BYTES = 1_000_000
FEWEST_LINES = 1000
STAGES = ("source", "query", "definitions", "symbols", "chunks", "imports", "outline")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--files", type=int, default=300, help="so many of each language")
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    machine = describe_machine()
    rows = []
    for language, paths in sorted(files_by_language(given.folders).items(), key=lambda item: item[0].id):
        random.Random(0).shuffle(paths)
        row = measured(language, paths[: given.files])
        if row["lines"] >= FEWEST_LINES:
            rows.append(row)
            print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    if given.json:
        result = {"format": 1, "kind": "table", "machine": machine, "complete": True, "rows": rows}
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8", newline="\n")


def files_by_language(folders: list[Path]) -> dict[Language, list[Path]]:
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

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        spent[stage] += time.process_time() - start
        return result

    outline_of("x", language)  # loads the grammar and its query
    grammar, query = grammar_of(language), query_of(language, "outline")
    gc.disable()
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        source = timed("source", lambda: Source.of(text))
        tree = timed("parse", lambda: tree_sitter.Parser(grammar).parse(source.data))
        cursor = tree_sitter.QueryCursor(query)
        cursor.set_max_start_depth(MAX_DEPTH)
        matches = timed("query", lambda: cursor.matches(tree.root_node))
        definitions = timed("definitions", lambda: definitions_of(source, matches))
        symbols = timed("symbols", lambda: symbols_of(source, definitions, language))
        timed("chunks", lambda: chunks_of(source, symbols, tree.root_node, keywords_of(language)))
        timed("imports", lambda: imports_of(source, query, matches))
        timed("outline", lambda: outline_of(text, language))
        lines += len(source.lines)
    gc.enable()
    row: dict[str, Any] = {"language": language.id, "files": len(paths), "lines": lines}
    row["parsed, thousand lines a second"] = round(lines / spent["parse"] / 1000)
    return row | {stage: round(spent[stage] / spent["parse"], 2) for stage in STAGES}


if __name__ == "__main__":
    main()
