"""`pilotfish index`: builds or refreshes the index of a folder, and says what is in it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pilotfish.cli.indexing import build_index, load_settings
from pilotfish.cli.output import check_destination, output, warn, write_json
from pilotfish.cli.place import folder
from pilotfish.errors import IndexBusy
from pilotfish.index.build import BuildReport
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.statistics import VectorCounts, bytes_on_disk, count, count_vectors, total
from pilotfish.platform.cache import Cache
from pilotfish.platform.paths import embeddings_directory, index_directory
from pilotfish.settings.model import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which folder, and how."""
    parser.add_argument(
        "directory", nargs="?", default=".", metavar="DIR", help="default: the current folder"
    )
    parser.add_argument("--rebuild", action="store_true", help="throw away what is there and begin anew")
    parser.add_argument(
        "--stats", action="store_true", help="count what is in it, by language, and what was left out"
    )
    parser.add_argument("--json", metavar="PATH", help="write the figures as JSON; - is stdout")


def run(args: argparse.Namespace) -> int:
    """Build, and say what came of it."""
    root = folder(args.directory)
    check_destination(args.json)
    console = output(args.json)
    report: dict[str, Any] = {"root": str(root), "directory": str(index_directory(root))}
    settings = load_settings(root)
    try:
        built = build_index(root, settings, rebuild=args.rebuild)
    except IndexBusy as busy:
        # An editor has this folder open: what its indexer has committed can be counted all the same.
        if args.rebuild:
            way_out = "close the editor that has the folder open, or run its command pilotfish.reindex"
            raise IndexBusy(f"{busy}; {way_out}") from busy
        if not args.stats:
            raise
        warn(busy)
    else:
        _print_built(console, root, built)
        report |= asdict(built)
    if args.stats:
        report |= _count(console, root, settings)
    if args.json:
        write_json(args.json, report)
    return 0


def _print_built(console: Console, root: Path, built: BuildReport) -> None:
    console.print(
        f"{root}: {built.files:,} files, {built.source_bytes / 1e6:.1f} MB of source, "
        f"{built.tokens:,} tokens in {built.seconds:.1f} s; "
        f"{(built.index_bytes + built.catalog_bytes) / 1e6:.1f} MB on disk",
        markup=False,
        soft_wrap=True,
    )
    if built.left_out:
        console.print(f"left out: {built.left_out}", markup=False, soft_wrap=True)
    if built.lines_only:
        names = ", ".join(built.lines_only)
        console.print(f"without symbols, as reading them failed: {names}", markup=False, soft_wrap=True)


def _count(console: Console, root: Path, settings: Settings) -> dict[str, Any]:
    """Print the counts as a table, and what lies on disk; returns them for the JSON."""
    directory = index_directory(root)
    reader = CatalogReader(root, directory)
    counts, on_disk = count(reader), bytes_on_disk(directory) if directory.is_dir() else {}
    vectors = _vectors(reader, settings)
    reader.close()
    table = Table(box=None, header_style="bold")
    table.add_column("language", no_wrap=True)
    for column in ("files", "lines", "MB", "chunks", "symbols", "references", "imports"):
        table.add_column(column, justify="right")
    everything = total(counts)
    for language, each in [*counts.items(), ("all", everything)]:
        numbers = each.chunks, each.symbols, each.references, each.imports
        size = f"{each.bytes / 1e6:,.1f}"
        table.add_row(language, f"{each.files:,}", f"{each.lines:,}", size, *(f"{n:,}" for n in numbers))
    console.print(table)
    if copies := everything.files - everything.contents:
        console.print(f"{copies:,} of the files are copies, counted once in all the rest", soft_wrap=True)
    sizes = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in on_disk.items())
    console.print(f"on disk: {sizes}", soft_wrap=True)
    for line in _vectors_in_words(vectors, settings):
        console.print(line, markup=False, soft_wrap=True)
    return {
        "counts": asdict(everything),
        "languages": {language: asdict(each) for language, each in counts.items()},
        "bytes_on_disk": on_disk,
        "vectors": [asdict(each) for each in vectors],
    }


def _vectors(reader: CatalogReader, settings: Settings) -> list[VectorCounts]:
    if not embeddings_directory().is_dir():
        return []
    with closing(Cache(embeddings_directory(), settings.embeddings.max_bytes)) as cache:
        return count_vectors(reader, cache)


def _vectors_in_words(vectors: list[VectorCounts], settings: Settings) -> Iterator[str]:
    for each in vectors:
        left = max(0, min(each.pieces, settings.embeddings.max_pieces) - each.made)
        yield (
            f"vectors of {each.maker}: {each.made:,} of {each.pieces:,} chunks, {each.bytes / 1e6:.1f} MB; "
            f"{left:,} still to do, at {each.per_second:,.1f} a second"
        )
    if settings.embeddings.is_off:
        yield "vectors: switched off by embeddings.backend"
    elif not settings.embedder:
        yield "vectors: made where they are compared, by the embedded engine; none are kept"
    elif not vectors:
        yield f"vectors: none yet; {settings.embedder} makes them while an editor has this folder open"
