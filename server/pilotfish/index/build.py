"""Building or refreshing an index in the caller's own process, for the command line."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pilotfish.errors import CatalogDamaged, InputError
from pilotfish.index.indexer import Indexer, IndexLimits, Progress
from pilotfish.index.store import Store


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an index holds and what it cost.

    Attributes:
        files: in the index.
        skipped: looked at and left out, by reason (`binary`, `large`, `generated`, `empty`, `unreadable`,
            `beyond_budget`: known to the catalog only; `beyond_catalog`).
        left_out: the same in words, with the names of what cannot be read, and where the walk ended.
        lines_only: read just now and known without symbols, because reading their syntax failed.
        source_bytes: of the files in the index.
        tokens: in all segments.
        seconds: by the clock.
        index_bytes: of the segments on disk.
        catalog_bytes: of the catalog on disk.
    """

    files: int
    skipped: dict[str, int]
    left_out: str
    lines_only: tuple[str, ...]
    source_bytes: int
    tokens: int
    seconds: float
    index_bytes: int
    catalog_bytes: int


def build(
    root: Path,
    directory: Path,
    settings: IndexLimits,
    on_progress: Callable[[Progress], None] = lambda _: None,
    *,
    rebuild: bool = False,
) -> BuildReport:
    """Bring the index of `root` in `directory` up to date; returns when it is whole and merged.

    Raises:
        IndexBusy: another process writes this index; a reader can use what that one commits.
        IndexFault: the index cannot be written.
        InputError: the root cannot be read.
    """
    started = time.perf_counter()
    root = root.resolve()
    with Store(root, directory) as store:
        if rebuild:
            store.discard()
        indexer = Indexer(store, settings, on_progress)
        try:
            _scan(store, indexer)
        except OSError as error:
            raise InputError(f"cannot read the folder {root}: {error.strerror or error}") from error
        while indexer.tidy():
            pass
        return BuildReport(
            files=len(store.known),
            skipped=indexer.skipped(),
            left_out=indexer.skipped_in_words(),
            lines_only=tuple(store.catalog.lines_only),
            source_bytes=sum(known.stamp.size for known in store.known.values()),
            tokens=store.manifest.tokens,
            seconds=time.perf_counter() - started,
            index_bytes=store.manifest.size_bytes,
            catalog_bytes=store.catalog.size_bytes,
        )


def _scan(store: Store, indexer: Indexer) -> None:
    try:
        indexer.scan()
    except CatalogDamaged as fault:
        store.renew_catalog(fault)
        indexer.scan()
