"""What indexing costs by stage, against raw tree-sitter parsing of the same files in the same run.

    python tests/quality/index_speed.py FOLDER … [--json docs/runs/index-stages.json]

Times are of the CPU, of one process. Each stage is run alone over all files; `whole` is a build from nothing
as `pilotfish index --rebuild` does it: walk, read, hash, decode, segments (which lex) and catalog (whose
entries come from outlines, which parse). The mark is `share`: raw parsing / whole, at least 0.25.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TypeVar

import tree_sitter
from table import write_table

from pilotfish.index.build import build
from pilotfish.index.build_segment import write_segment
from pilotfish.index.catalog import Catalog
from pilotfish.index.entries import entries_of
from pilotfish.index.stamps import Stamp
from pilotfish.index.view import SourceFile
from pilotfish.platform.files import decode, read_bytes, walk
from pilotfish.platform.ignore import IgnoreRules
from pilotfish.platform.tracked import tracked_though_ignored
from pilotfish.settings.model import IndexSettings
from pilotfish.syntax.grammars import grammar_of
from pilotfish.syntax.languages import language_of_path
from pilotfish.syntax.lexer import lex
from pilotfish.syntax.outline import outline_of

T = TypeVar("T")
BATCH_BYTES = 14_000_000


def main() -> int:
    """Run all stages and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for folder in options.folder:
        rows.append(measure(folder.resolve()))
        print(json.dumps(rows[-1]), flush=True)
    if options.json:
        write_table(options.json, rows)
    return 0


def measure(root: Path) -> dict[str, object]:
    """Seconds by stage, for the files of one folder: a row of the table."""
    seconds: dict[str, float] = {}

    def stage(name: str, work: Callable[[], T]) -> T:
        gc.collect()
        started = time.process_time()
        result = work()
        seconds[name] = round(time.process_time() - started, 3)
        return result

    settings = IndexSettings()
    rules = IgnoreRules(root, settings.exclude, tracked_though_ignored(root))
    found = stage("walk", lambda: list(walk(rules)))
    read = stage("read", lambda: [read_bytes(root / file.path, settings.max_file_bytes) for file in found])
    data = [(file, each) for file, each in zip(found, read, strict=True) if isinstance(each, bytes)]
    digests = stage("hash", lambda: [hashlib.blake2b(each, digest_size=16).digest() for _, each in data])
    texts = stage("decode", lambda: [decode(each)[0] for _, each in data])
    files = [
        (SourceFile(file.path, text), Stamp(file.size, file.mtime_ns, digest))
        for (file, _), text, digest in zip(data, texts, digests, strict=True)
        if text is not None
    ]
    languages = [language_of_path(PurePath(file.path)) for file, _ in files]
    sources = [(file.text, language) for (file, _), language in zip(files, languages, strict=True)]
    parsed = [
        (tree_sitter.Parser(grammar), text.encode())
        for text, language in sources
        if (grammar := grammar_of(language)) is not None
    ]
    lines = sum(text.count("\n") for text, _ in sources)
    stage("raw parse", lambda: [parser.parse(text) and None for parser, text in parsed])
    del parsed, read, data
    stage("lex", lambda: [len(lex(text)) for text, _ in sources])
    stage("outline", lambda: [outline_of(text, language) and None for text, language in sources])
    stage("entries", lambda: [entries_of(text, language) and None for text, language in sources])
    with tempfile.TemporaryDirectory() as folder:
        stage("segments", lambda: _write_segments(Path(folder), [file for file, _ in files]))
    with tempfile.TemporaryDirectory() as folder:
        stage("catalog", lambda: _write_catalog(Path(folder) / "c", files))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as folder:
        report = stage("whole", lambda: build(root, Path(folder) / "i", settings))
    mega = 1e6
    return {
        "tree": root.name,
        "files": len(files),
        "lines": lines,
        "MB": round(sum(stamp.size for _, stamp in files) / mega, 1),
        "catalog MB": round(size / mega, 1),
        "segments MB": round(report.index_bytes / mega, 1),
        **{f"{name} s": spent for name, spent in seconds.items()},
        "lines a second": round(lines / seconds["whole"]),
        "share": round(seconds["raw parse"] / seconds["whole"], 3),
    }


def _write_segments(folder: Path, files: list[SourceFile]) -> None:
    batch: list[SourceFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.text)
        if size > BATCH_BYTES:
            write_segment(folder / file.path.replace("/", "-"), batch)
            batch, size = [], 0
    write_segment(folder / "last", batch)


def _write_catalog(folder: Path, files: list[tuple[SourceFile, Stamp]]) -> None:
    catalog = Catalog.create(folder)
    for start in range(0, len(files), 1000):
        catalog.add(files[start : start + 1000])
        catalog.commit()
    catalog.close()


if __name__ == "__main__":
    sys.exit(main())
