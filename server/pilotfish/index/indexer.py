"""Bringing an index up to date with its workspace: by a whole scan, or file by file as they change.

Used by the indexer process (`index/worker.py`), and by the command line in its own (`index/build.py`).
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Protocol

from pilotfish.index.plan import Seen, make_plan
from pilotfish.index.stamps import LeftOut, Stamp, settled
from pilotfish.index.store import Store
from pilotfish.index.tiers import CHEAP_TOKENS, choose_merge
from pilotfish.index.view import SourceFile
from pilotfish.platform.cycles import collecting_seldom
from pilotfish.platform.files import (
    FoundFile,
    WalkReport,
    concerns_rules,
    decode,
    find,
    is_folder,
    read_bytes,
    walk,
)
from pilotfish.platform.ignore import IgnoreRules, lies_in_built_in
from pilotfish.platform.tracked import tracked_though_ignored

FIRST_BATCH_BYTES = 1_500_000
"""Source bytes of the first segment of a new index: some tenths of a second, then completions can use it."""

_FIRST_BATCHES = 4
"""What is no more than so many of them is one segment at once: two, and a merge, take a sixth longer."""

BATCH_BYTES = 14_000_000
"""Source bytes of a segment: about 3 million tokens, which take about 200 MB of memory to sort."""

CATALOG_PART_BYTES = 2_000_000
"""Source bytes that the catalog takes at once: half a second's work; then what the user saved goes first."""

MAX_FILES = 200_000
"""A walk ends here: somebody opened their home folder. The table of files takes about 300 bytes each."""

_AGAIN = (-1, -1)
"""The size and time of a file that is to be read whatever it was like."""

MAX_SINGLE_CHANGES = 2_000
"""More changed paths than this are found faster by a scan."""

_NAMES_IN_WORDS = 3


class IndexLimits(Protocol):
    """The part of `IndexSettings` that is used here."""

    @property
    def max_file_bytes(self) -> int:
        """Larger files are left out."""

    @property
    def max_tokens(self) -> int:
        """The budget of one workspace folder."""

    @property
    def exclude(self) -> tuple[str, ...]:
        """Globs of what is left out, in gitignore syntax."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is: files looked at, of all that were found."""

    files: int
    total: int


@dataclass(slots=True)
class _Batch:
    """Files on their way into one segment and the catalog, and others to be remembered or forgotten."""

    files: dict[str, tuple[SourceFile, Stamp]] = field(default_factory=dict)
    catalogued: dict[str, tuple[SourceFile, Stamp]] = field(default_factory=dict)
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    gone_from_catalog: set[str] = field(default_factory=set)
    source_bytes: int = 0


class Indexer:
    """Keeps one open store up to date.

    Args:
        store: open for writing; the caller closes it.
        limits: from the settings.
        on_progress: called for every file of a scan; it may raise to end the scan, of which then holds what
            was committed.
        between: called between two commits of a scan, when the index is whole; may call `apply`.
    """

    def __init__(
        self,
        store: Store,
        limits: IndexLimits,
        on_progress: Callable[[Progress], None] = lambda _: None,
        between: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._limits = limits
        self._on_progress = on_progress
        self._between = between
        self._tracked: frozenset[str] = frozenset()
        self._beyond: frozenset[str] = frozenset()
        self.beyond_catalog = 0
        self.is_cut = False
        self.unreadable: list[str] = []

    def scan(self, near: Callable[[], Collection[str]] = tuple) -> None:
        """Walk the root, ask for the folders of open files, and bring everything up to date, these first.

        Raises:
            IndexFault: the index cannot be written.
            OSError: the root cannot be read; the index is left as it is.
        """
        with collecting_seldom():
            self._scan(near)

    def _scan(self, near: Callable[[], Collection[str]]) -> None:
        store, limits = self._store, self._limits
        self._tracked = tracked_though_ignored(store.root)
        report = WalkReport()
        found = list(islice(walk(self._rules(), report), MAX_FILES + 1))
        self.is_cut = len(found) > MAX_FILES
        self.unreadable = report.unreadable
        plan = make_plan(found[:MAX_FILES], self._seen(), near(), limits.max_tokens, limits.max_file_bytes)
        self._beyond, self.beyond_catalog = plan.beyond_budget, plan.beyond_catalog
        batch = _Batch(gone=set(plan.gone), gone_from_catalog=set(plan.gone_from_catalog))
        limit = BATCH_BYTES if store.known or _is_small(plan.read) else FIRST_BATCH_BYTES
        total = plan.unchanged + len(plan.read)
        for done, file in enumerate(plan.read, plan.unchanged):
            self._on_progress(Progress(done, total))
            if batch.source_bytes >= limit:
                self._put(batch, between=self._between)
                self._between()
                self._store.merge(self._between, partial(choose_merge, only_full=True))
                batch, limit = _Batch(), BATCH_BYTES
            self._read(file, batch)
        self._on_progress(Progress(total, total))
        self._put(batch, is_complete=True, between=self._between)
        self._store.merge(self._between, partial(choose_merge, max_tokens=CHEAP_TOKENS))

    def apply(self, paths: Iterable[str]) -> bool:
        """Bring single files up to date: saved, created, deleted, either end of a rename.

        Args:
            paths: relative to the root, with `/`; a folder stands for all that was in it.

        Returns:
            False if these paths need a whole scan instead: nothing was done then.
        """
        paths = {path for path in paths if not lies_in_built_in(path)}
        if len(paths) > MAX_SINGLE_CHANGES or any(map(concerns_rules, paths)):
            return False
        rules, batch = self._rules(), _Batch()
        for path in sorted(paths):
            if is_folder(self._store.root / path):
                if rules.folder(path) is not None:
                    return False
                continue
            file = find(rules, path)
            if file is not None:
                self._read(file, batch)
            else:
                batch.gone_from_catalog.add(path)
                if path in self._store.known or path in self._store.left_out:
                    batch.gone.add(path)
                else:
                    batch.gone.update(known for known in self._store.known if known.startswith(path + "/"))
        self._put(batch)
        return True

    def skipped(self) -> dict[str, int]:
        """How much the last scan left out, by reason: that of a `LeftOut`, or `beyond_budget`."""
        counts = Counter(file.reason for file in self._store.left_out.values())
        counts["beyond_budget"] = len(self._beyond)
        counts["beyond_catalog"] = self.beyond_catalog
        counts["unreadable"] += len(self.unreadable)
        return {reason: count for reason, count in sorted(counts.items()) if count}

    def skipped_in_words(self) -> str:
        """The same for people, with the names of what cannot be read; empty if nothing was left out."""
        parts = [f"{count:,} {reason.replace('_', ' ')}" for reason, count in self.skipped().items()]
        if self.is_cut:
            parts.append(f"everything after {MAX_FILES:,} files")
        words = ", ".join(parts)
        files = (path for path, file in self._store.left_out.items() if file.reason == "unreadable")
        names = [*self.unreadable, *files]
        named = ", ".join(names[:_NAMES_IN_WORDS]) + (", …" if len(names) > _NAMES_IN_WORDS else "")
        return f"{words}; not readable: {named}" if names else words

    def tidy(self) -> bool:
        """One step of background work; False if there is nothing to do."""
        return self._store.merge(self._between) or self._store.catalog.prune()

    def _rules(self) -> IgnoreRules:
        return IgnoreRules(self._store.root, self._limits.exclude, self._tracked)

    def _seen(self) -> Seen:
        """The files that need not be read again under the present limits."""
        limit = self._limits.max_file_bytes
        return Seen(
            {
                path: (known.stamp.size, known.stamp.mtime_ns) if known.stamp.size <= limit else _AGAIN
                for path, known in self._store.known.items()
            },
            self._store.catalog.seen(),
            {
                path: _AGAIN if _may_be_source_now(file, limit) else (file.size, file.mtime_ns)
                for path, file in self._store.left_out.items()
            },
        )

    def _read(self, file: FoundFile, batch: _Batch) -> None:
        """Read one file into the batch, or find that it is what it was, or why it is not source."""
        path, limit = file.path, self._limits.max_file_bytes
        read_at_ns = time.time_ns()
        data = "large" if file.size > limit else read_bytes(self._store.root / path, limit)
        if isinstance(data, str):
            batch.left_out[path] = LeftOut(file.size, file.mtime_ns, data)
            return
        digest = hashlib.blake2b(data, digest_size=16).digest()
        stamp = Stamp(file.size, settled(file.mtime_ns, read_at_ns), digest)
        known = self._store.known.get(path)
        is_in_segments = known is not None and known.stamp.digest == digest
        if is_in_segments and known is not None and known.stamp != stamp:
            self._store.touch(path, stamp)
        is_in_catalog = self._store.catalog.recognise(path, stamp)
        if is_in_catalog and (is_in_segments or path in self._beyond):
            return
        text, reason = decode(data)
        if text is None:
            batch.left_out[path] = LeftOut(file.size, stamp.mtime_ns, str(reason))
            return
        if not is_in_segments and path not in self._beyond:
            batch.files[path] = SourceFile(path, text), stamp
        if not is_in_catalog:
            batch.catalogued[path] = SourceFile(path, text), stamp
        batch.source_bytes += len(data)

    def _put(
        self, batch: _Batch, *, is_complete: bool | None = None, between: Callable[[], None] = lambda: None
    ) -> None:
        """Commit a batch: first the segments, for completions, then the catalog, part by part.

        Args:
            batch: what was read.
            is_complete: whether the segments are whole then.
            between: called after each part of the catalog.
        """
        store = self._store
        store.forget(batch.gone)
        store.leave_out(batch.left_out)
        if batch.files:
            store.add(batch.files.values())
        store.commit(is_complete=is_complete)
        batch.files.clear()
        store.catalog.forget([*batch.gone_from_catalog, *batch.left_out])
        for part in _parts(batch.catalogued.values()):
            store.catalog.add(part)
            store.catalog.commit()
            between()
        store.catalog.commit()


def _parts(files: Iterable[tuple[SourceFile, Stamp]]) -> Iterator[list[tuple[SourceFile, Stamp]]]:
    part, part_bytes = [], 0
    for file in files:
        part.append(file)
        part_bytes += file[1].size
        if part_bytes >= CATALOG_PART_BYTES:
            yield part
            part, part_bytes = [], 0
    if part:
        yield part


def _is_small(files: Iterable[FoundFile]) -> bool:
    return sum(file.size for file in files) <= _FIRST_BATCHES * FIRST_BATCH_BYTES


def _may_be_source_now(file: LeftOut, max_file_bytes: int) -> bool:
    """Whether the reason may have gone without the file's size or time changing."""
    return file.reason == "unreadable" or (file.reason == "large" and file.size <= max_file_bytes)
