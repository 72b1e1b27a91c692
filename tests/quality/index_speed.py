"""What indexing costs by stage, against raw tree-sitter parsing of the same files in the same run.

    python tests/quality/index_speed.py FOLDER … [--json docs/runs/index-stages.json]

Times are of the CPU, of one process. Each stage is run alone over all files; `whole` is a build from nothing
as `pilotfish index --rebuild` does it: walk, read, hash, decode, segments (which lex) and catalog (whose
entries come from outlines, which parse). `parsed files` is the same for the files that have a grammar alone,
without the JSON, Markdown and the like that nothing parses. The mark is `share`: raw parsing / parsed files,
at least 0.25; each of the two is the median of three. `share, all files` is raw parsing / whole. Prints a row
for each folder; `--json` writes them as a table.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from statistics import median
from typing import TypeVar

import tree_sitter

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.bench.machine import describe_machine
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
from pilotfish.syntax.languages import Language, language_of_path
from pilotfish.syntax.lexer import lex
from pilotfish.syntax.outline import outline_of
from tests.quality.arguments import parser_of
from tests.quality.table import write_table

T = TypeVar("T")
BATCH_BYTES = 14_000_000
TIMES = 3


def main() -> int:
    """Run all stages and print the table."""
    parser = parser_of(__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    machine = describe_machine()
    rows = []
    for folder in options.folder:
        rows.append(measure(folder.resolve()))
        print(json.dumps(rows[-1]), flush=True)
    if options.json:
        write_table(options.json, rows, machine)
    return 0


class Stages:
    """Runs stages one after the other.

    Attributes:
        seconds: what each took of the CPU, by its name.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def run(self, name: str, work: Callable[[], T], times: int = 1) -> T:
        """What the work of one stage gives; done so many times, for the median of what it takes."""
        spent = []
        for _ in range(times):
            gc.collect()
            started = time.process_time()
            result = work()
            spent.append(time.process_time() - started)
        self.seconds[name] = round(median(spent), 3)
        return result


def measure(root: Path) -> dict[str, object]:
    """Seconds by stage, for the files of one folder: a row of the table."""
    stages, settings = Stages(), IndexSettings()
    files = read_all(root, settings, stages)
    sources = [(file.text, language_of_path(PurePath(file.path))) for file, _ in files]
    parse_all(sources, stages)
    build_parsed([file.path for file, _ in files], root, settings, stages)
    stages.run("lex", lambda: [len(lex(text)) for text, _ in sources])
    stages.run("outline", lambda: [outline_of(text, language) and None for text, language in sources])
    stages.run("entries", lambda: [entries_of(text, language) and None for text, language in sources])
    with tempfile.TemporaryDirectory() as folder:
        stages.run("segments", lambda: write_segments(Path(folder), [file for file, _ in files]))
    with tempfile.TemporaryDirectory() as folder:
        stages.run("catalog", lambda: write_catalog(Path(folder) / "c", files))
        catalog_bytes = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as folder:
        report = stages.run("whole", lambda: build(root, Path(folder), settings))
    lines = sum(text.count("\n") for text, _ in sources)
    return {
        "tree": root.name,
        "files": len(files),
        "lines": lines,
        "MB": round(sum(stamp.size for _, stamp in files) / 1e6, 1),
        "catalog MB": round(catalog_bytes / 1e6, 1),
        "segments MB": round(report.index_bytes / 1e6, 1),
        **{f"{name} s": spent for name, spent in stages.seconds.items()},
        "lines a second": round(lines / stages.seconds["whole"]),
        "share, all files": round(stages.seconds["raw parse"] / stages.seconds["whole"], 3),
        "share": round(stages.seconds["raw parse"] / stages.seconds["parsed files"], 3),
    }


def read_all(root: Path, settings: IndexSettings, stages: Stages) -> list[tuple[SourceFile, Stamp]]:
    """The texts that the index would take, as far as they are text."""
    rules = IgnoreRules(root, settings.exclude, tracked_though_ignored(root))
    found = stages.run("walk", lambda: list(walk(rules)))
    read = stages.run(
        "read", lambda: [read_bytes(root / file.path, settings.max_file_bytes) for file in found]
    )
    data = [(file, each) for file, each in zip(found, read, strict=True) if isinstance(each, bytes)]
    digests = stages.run("hash", lambda: [hashlib.blake2b(each, digest_size=16).digest() for _, each in data])
    texts = stages.run("decode", lambda: [decode(each)[0] for _, each in data])
    return [
        (SourceFile(file.path, text), Stamp(file.size, file.mtime_ns, digest))
        for (file, _), text, digest in zip(data, texts, digests, strict=True)
        if text is not None
    ]


def parse_all(sources: Sequence[tuple[str, Language]], stages: Stages) -> None:
    """By nothing but tree-sitter, parsers and bytes made before."""
    given = [
        (tree_sitter.Parser(grammar), text.encode())
        for text, language in sources
        if (grammar := grammar_of(language)) is not None
    ]
    stages.run("raw parse", lambda: [parser.parse(text) and None for parser, text in given], TIMES)


def build_parsed(paths: Sequence[str], root: Path, settings: IndexSettings, stages: Stages) -> None:
    """A whole build of the files that have a grammar."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / root.name
        for path in paths:
            if grammar_of(language_of_path(PurePath(path))) is not None:
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / path, copy / path)
        names = iter(range(TIMES))
        stages.run(
            "parsed files", lambda: build(copy, Path(folder) / f"index-{next(names)}", settings), TIMES
        )


def write_segments(folder: Path, files: Sequence[SourceFile]) -> None:
    """Segments of ordinary size."""
    batch: list[SourceFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.text)
        if size > BATCH_BYTES:
            write_segment(folder / file.path.replace("/", "-"), batch)
            batch, size = [], 0
    write_segment(folder / "last", batch)


def write_catalog(folder: Path, files: Sequence[tuple[SourceFile, Stamp]]) -> None:
    """A catalog, in steps of 1,000 files."""
    catalog = Catalog.create(folder)
    for start in range(0, len(files), 1000):
        catalog.add(files[start : start + 1000])
        catalog.commit()
    catalog.close()


if __name__ == "__main__":
    sys.exit(main())
