"""What an outline costs, against the bare parse of the same files in the same run.

    python tests/quality/outline_speed.py FOLDER… [--json FILE] [--files 300]

CPU time of this process, each stage timed on its own, file by file. `outline` is `outline_of` as the indexer
calls it; the stages are what it is made of.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import random
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tree_sitter

from pilotfish.syntax.chunks import chunks_of
from pilotfish.syntax.definitions import definitions_of
from pilotfish.syntax.grammars import grammar_of, keywords_of, query_of
from pilotfish.syntax.imports import imports_of
from pilotfish.syntax.languages import Language, language_of_path
from pilotfish.syntax.outline import outline_of
from pilotfish.syntax.source import Source
from pilotfish.syntax.symbols import symbols_of

MAX_BYTES = 1_000_000
STAGES = ("parse", "source", "query", "definitions", "symbols", "chunks", "imports", "outline")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--json", type=Path)
    arguments.add_argument(
        "--files", type=int, default=300, help="so many of each language, chosen by a fixed seed"
    )
    given = arguments.parse_args()
    rows = {}
    print(f"{'language':16}{'lines':>9}{'klines/s':>10}" + "".join(f"{stage:>12}" for stage in STAGES[1:]))
    for language, paths in sorted(by_language(given.folders).items(), key=lambda item: item[0].id):
        random.Random(0).shuffle(paths)
        row = measured(language, paths[: given.files])
        rows[language.id] = row
        ratios = "".join(f"{row['ratio'][stage]:12.2f}" for stage in STAGES[1:])
        print(f"{language.id:16}{row['lines']:9}{row['parsed_klines_per_s']:10.0f}{ratios}", flush=True)
    if given.json:
        report = {
            "machine": platform.processor() or platform.machine(),
            "python": platform.python_version(),
            "languages": rows,
        }
        given.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def by_language(folders: list[Path]) -> dict[Language, list[Path]]:
    found: dict[Language, list[Path]] = defaultdict(list)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            language = language_of_path(path)
            if language.grammar and path.is_file() and path.stat().st_size <= MAX_BYTES:
                found[language].append(path)
    return found


def measured(language: Language, paths: list[Path]) -> dict[str, Any]:
    """Each stage's CPU time as a multiple of the parse's."""
    spent = dict.fromkeys(STAGES, 0.0)
    lines = symbols = chunks = 0

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        spent[stage] += time.process_time() - start
        return result

    outline_of("x", language)  # loads the grammar and its query
    grammar, query = grammar_of(language), query_of(language, "outline")
    assert grammar is not None
    assert query is not None
    gc.disable()
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        data = text.encode()
        tree = timed("parse", lambda: tree_sitter.Parser(grammar).parse(data))
        source = timed("source", lambda: Source.of(text))
        if source.data != data:  # other line ends: the tree must fit the source
            tree = tree_sitter.Parser(grammar).parse(source.data)
        matches = timed("query", lambda: tree_sitter.QueryCursor(query).matches(tree.root_node))
        definitions = timed("definitions", lambda: definitions_of(source, matches))
        found = timed("symbols", lambda: symbols_of(source, definitions, language))
        timed("chunks", lambda: chunks_of(source, found, tree.root_node, keywords_of(language)))
        timed("imports", lambda: imports_of(source, query, matches))
        outline = timed("outline", lambda: outline_of(text, language))
        lines += len(source.lines)
        symbols += len(outline.symbols)
        chunks += len(outline.chunks)
    gc.enable()
    return {
        "files": len(paths),
        "lines": lines,
        "symbols": symbols,
        "chunks": chunks,
        "parsed_klines_per_s": lines / spent["parse"] / 1000,
        "ratio": {stage: round(spent[stage] / spent["parse"], 3) for stage in STAGES},
    }


if __name__ == "__main__":
    main()
