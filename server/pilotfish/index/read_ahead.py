"""Making an index ready for its first question.

It would wait for a hundred pages of a disk here and there, each of which takes longer than a megabyte in a
row: so the whole index is read once, in order. And a database is slow the first time that it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

import numpy as np

from pilotfish.errors import IndexFault
from pilotfish.index import manifest as layout
from pilotfish.index import schema, segment
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup, remember
from pilotfish.index.segment_header import DATA
from pilotfish.index.view import SegmentView

MOST_BYTES = 256_000_000
"""A larger index is left where it is: reading it would take long, and drive other things out of memory."""

MOST_COMMON = 400
"""So many tokens of each segment are taken for names that may be common."""

_AT_ONCE = 1 << 20


def make_ready(catalog: CatalogReader, segments: Sequence[SegmentView], is_stopped: Event) -> None:
    """Read an index into the operating system's own memory, and ask it something; blocks meanwhile.

    Args:
        catalog: of the index.
        segments: of its newest generation.
        is_stopped: ends it early. Nothing raises: whoever asks the index finds out what is wrong with it.
    """
    read_ahead(catalog.directory, is_stopped)
    lookup = Lookup([catalog])
    for file in lookup.files(["*"], limit=1):
        names = [symbol.name for symbol in lookup.symbols_of(file, limit=1)]
        lookup.members(names)
        lookup.search([(name, 1.0) for name in names], limit=1)
    with suppress(IndexFault):
        for each in segments:
            _ = each.segment.line_ends  # It is kept.
        # That a name is common, and tells nothing, takes longest to find out.
        common = sorted({text.strip() for each in segments for text in _in_most_files(each.segment)})
        for _ in remember(lookup, common):
            if is_stopped.is_set():
                return


def _in_most_files(data: segment.Segment) -> list[str]:
    """The tokens that stand in most files."""
    first = max(0, data.first_break - MOST_COMMON)
    spread = data.spread[: data.first_break]
    return data.texts.some(np.argpartition(spread, first)[first:].tolist()) if len(spread) else []


def read_ahead(directory: Path, is_stopped: Event | None = None) -> int:
    """Read the newest generation of an index once, in order.

    Returns:
        How many bytes were read: 0 if there is no index yet, or one that is too large.
    """
    try:
        files = [(file, file.stat().st_size) for file in _files(directory)]
        if sum(size for _, size in files) > MOST_BYTES:
            return 0
        return sum(_read(file, is_stopped) for file, _ in files)
    except (OSError, IndexFault):
        return 0


def _files(directory: Path) -> Iterator[Path]:
    """The catalog's first, which is asked most."""
    manifest = layout.load(directory)
    if manifest is not None:
        yield directory / layout.CATALOGS / manifest.catalog / schema.FILE
        for entry in manifest.segments:
            yield directory / layout.SEGMENTS / entry.name / DATA


def _read(file: Path, is_stopped: Event | None) -> int:
    room = bytearray(_AT_ONCE)
    total = 0
    with file.open("rb", buffering=0) as opened:
        while not (is_stopped and is_stopped.is_set()) and (count := opened.readinto(room)):
            total += count
    return total
