"""Asking an index what takes longest, before somebody waits for it: a database is slow the first time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np

from pilotfish.errors import IndexFault
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup, remember
from pilotfish.index.segment import Segment
from pilotfish.index.view import SegmentView

MOST_COMMON = 400
"""So many tokens of each segment are taken for names that may be common."""


def make_ready(catalog: CatalogReader, segments: Sequence[SegmentView]) -> Iterator[None]:
    """Ask an index something, a few milliseconds at a step.

    Args:
        catalog: of the index.
        segments: of its newest generation.

    Nothing raises: whoever asks the index finds out what is wrong with it.
    """
    lookup = Lookup([catalog])
    for file in lookup.files(["*"], limit=1):
        yield
        names = [symbol.name for symbol in lookup.symbols_of(file, limit=1)]
        lookup.members(names)
        yield
        lookup.search([(name, 1.0) for name in names], limit=1)
    common: set[str] = set()
    with suppress(IndexFault):
        for each in segments:
            yield
            _ = each.segment.line_ends  # It is kept.
            common |= {text.strip() for text in _in_most_files(each.segment)}
        # That a name is common, and tells nothing, takes longest to find out.
        yield from remember(lookup, sorted(common))


def _in_most_files(data: Segment) -> list[str]:
    """The tokens that stand in most files."""
    first = max(0, data.first_break - MOST_COMMON)
    spread = data.spread[: data.first_break]
    return data.texts.some(np.argpartition(spread, first)[first:].tolist()) if len(spread) else []
