"""Asking an index what takes longest, before somebody waits for it: a database is slow the first time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Event

import numpy as np

from pilotfish.errors import IndexFault
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup, remember
from pilotfish.index.segment import Segment
from pilotfish.index.view import SegmentView

MOST_COMMON = 400
"""So many tokens of each segment are taken for names that may be common."""


def make_ready(catalog: CatalogReader, segments: Sequence[SegmentView], is_stopped: Event) -> None:
    """Ask an index something; blocks meanwhile.

    Args:
        catalog: of the index.
        segments: of its newest generation.
        is_stopped: ends it early. Nothing raises: whoever asks the index finds out what is wrong with it.
    """
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


def _in_most_files(data: Segment) -> list[str]:
    """The tokens that stand in most files."""
    first = max(0, data.first_break - MOST_COMMON)
    spread = data.spread[: data.first_break]
    return data.texts.some(np.argpartition(spread, first)[first:].tolist()) if len(spread) else []
