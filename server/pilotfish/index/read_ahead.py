"""Having an index brought into memory before it is asked.

A question would wait for a hundred pages of a disk here and there, each of which takes longer than a megabyte
in a row: so the whole index is wanted once, in order, as soon as its folder is opened. Linux is told so, and
reads by itself: three times as fast as reading, and a sixth of the processor's time. Elsewhere it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from pilotfish.errors import IndexFault
from pilotfish.index import manifest as layout
from pilotfish.index import schema
from pilotfish.index.segment_header import DATA

MOST_BYTES = 256_000_000
"""A larger index is left where it is: reading it would take long, and drive other things out of memory."""

_TOLD_AT_ONCE = 1 << 17
"""Linux passes over what a disk does not take at once, which is this much at least."""

_READ_AT_ONCE = 1 << 20


def read_ahead(directory: Path, is_stopped: Event) -> int:
    """Want the newest generation of an index in memory; blocks for some 10 ms, or while it is read.

    Args:
        directory: of the index.
        is_stopped: ends it early.

    Returns:
        How many bytes: 0 if there is no index yet, or one that is too large.
    """
    try:
        files = [(file, file.stat().st_size) for file in _files(directory)]
        if sum(size for _, size in files) > MOST_BYTES:
            return 0
        return sum(_want(file, size, is_stopped) for file, size in files)
    except (OSError, IndexFault):
        return 0


def _files(directory: Path) -> Iterator[Path]:
    """The catalog's first, which is asked most."""
    manifest = layout.load(directory)
    if manifest is not None:
        yield directory / layout.CATALOGS / manifest.catalog / schema.FILE
        for entry in manifest.segments:
            yield directory / layout.SEGMENTS / entry.name / DATA


def _want(file: Path, size: int, is_stopped: Event) -> int:
    with file.open("rb", buffering=0) as opened:
        wanted, room = 0, bytearray(_READ_AT_ONCE)
        while wanted < size and not is_stopped.is_set():
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(opened.fileno(), wanted, _TOLD_AT_ONCE, os.POSIX_FADV_WILLNEED)
                wanted = min(size, wanted + _TOLD_AT_ONCE)
            elif read := opened.readinto(room):
                wanted += read
            else:
                break
    return wanted
