"""The writer's side of the index directory: one process at a time adds, forgets, merges, commits.

What is changed here is seen by readers with `commit` and not before. After an IndexFault nothing that is held
in memory can be relied on any more: close the store and open it again, it then stands at the last commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from pilotfish.errors import CatalogDamaged, IndexBusy, IndexFault
from pilotfish.index import manifest as layout
from pilotfish.index.catalog import Catalog
from pilotfish.index.faults import faults
from pilotfish.index.garbage import Garbage, delete
from pilotfish.index.manifest import Manifest, SegmentEntry
from pilotfish.index.part import Known, Part
from pilotfish.index.stamps import LeftOut, Stamp, read_left_out, write_left_out, write_stamps
from pilotfish.index.tiers import Choose, choose_merge
from pilotfish.index.view import SourceFile
from pilotfish.platform.paths import make_private
from pilotfish.platform.steps import beside, finish

_log = logging.getLogger(__name__)


class Store:
    """The index directory of one workspace root, open for writing.

    Attributes:
        known: the files that count, by path relative to the root.
        left_out: files that were looked at and are not source.
        manifest: as last committed.
        catalog: what the files hold; it commits by itself, and a scan brings it level with the rest.
    """

    catalog: Catalog

    def __init__(self, root: Path, directory: Path) -> None:
        """Take the lock and read what is there; what is damaged or of another version is thrown away.

        Raises:
            IndexBusy: another process writes this index.
            IndexFault: the directory cannot be used.
        """
        self.root = root
        self.directory = make_private(directory)
        self._lock = FileLock(directory / layout.LOCK, timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise IndexBusy(f"another pilotfish keeps the index of {root} up to date") from error
        except OSError as error:
            raise IndexFault(f"cannot lock the index in {directory}: {error.strerror or error}") from error
        self.known: dict[str, Known] = {}
        self.left_out: dict[str, LeftOut] = {}
        self.manifest = Manifest()
        self._parts: dict[str, Part] = {}
        self._garbage = Garbage(directory)
        self._left_out_changed = False
        self._catalog_name = ""
        try:
            self._open()
            self._open_catalog()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the lock back. What was not committed is lost, and its files go when the next writer comes."""
        if self._catalog_name:
            self.catalog.close()
        self._lock.release()

    @property
    def is_current(self) -> bool:
        """Whether the directory still holds what was committed; a cache may be deleted at any time."""
        try:
            return (
                (layout.load(self.directory) or Manifest()) == self.manifest
                and all((self.directory / layout.SEGMENTS / name).is_dir() for name in self._parts)
                and self.catalog.is_there
            )
        except IndexFault:
            return False

    def discard(self) -> None:
        """Throw the whole index away. Readers that still hold segments of it keep them."""
        self.known.clear()
        self.left_out.clear()
        self._parts.clear()
        with faults(self.directory):
            self._make_folders()
            self.renew_catalog()
            self.manifest = Manifest(self.manifest.generation + 1, catalog=self._catalog_name)
            layout.save(self.directory, self.manifest)
        self._garbage.sweep(self.manifest)

    def renew_catalog(self, fault: CatalogDamaged | None = None) -> None:
        """Begin a new, empty catalog, which the next commit names; `fault` says why. The segments stay."""
        if fault is not None:
            _log.warning("The catalog of %s is built anew: %s", self.root, fault)
        if self._catalog_name:
            self.catalog.close()
            self._catalog_name = ""
        name = layout.new_name(self.manifest.generation + 1)
        self.catalog = Catalog.create(self.directory / layout.CATALOGS / name)
        self._catalog_name = name

    def add(self, files: Iterable[tuple[SourceFile, Stamp]]) -> None:
        """Write files as one new segment. They replace what was known under their paths."""
        from pilotfish.index.build_segment import write_segment  # noqa: PLC0415 - brings numpy

        name = layout.new_name(self.manifest.generation + 1)
        stamps: list[Stamp] = []
        paths: list[str] = []

        def sources() -> Iterator[SourceFile]:
            for file, stamp in files:
                stamps.append(stamp)
                paths.append(file.path)
                yield file

        with self._new_segment(name) as directory:
            info = write_segment(directory, sources())
        self._enter(SegmentEntry(name, "", info.files, info.tokens, info.bytes), paths, stamps)

    def forget(self, paths: Iterable[str]) -> None:
        """These files are gone, or are no longer source."""
        for path in paths:
            known = self.known.pop(path, None)
            if known is not None:
                self._parts[known.segment].dead.add(known.number)
            if self.left_out.pop(path, None) is not None:
                self._left_out_changed = True

    def touch(self, path: str, stamp: Stamp) -> None:
        """A known file has a new time and the same content."""
        segment, number = self.known[path][1:]
        self.known[path] = Known(stamp, segment, number)
        self._parts[segment].stamps[number] = stamp
        self._parts[segment].stamps_changed = True

    def leave_out(self, files: Mapping[str, LeftOut]) -> None:
        """Remember that these are not source."""
        for path, file in files.items():
            if self.left_out.get(path) != file:
                self.forget([path])
                self.left_out[path] = file
                self._left_out_changed = True

    def commit(self, *, is_complete: bool | None = None) -> bool:
        """Show readers all that was changed, as one new generation; False if there was nothing to show."""
        generation = self.manifest.generation + 1
        with faults(self.directory):
            self._parts = {name: part for name, part in self._parts.items() if not part.is_dead}
            for part in self._parts.values():
                if part.stamps_changed or not part.entry.stamps:
                    stamps = layout.new_name(generation)
                    write_stamps(self.directory / layout.STAMPS / stamps, part.stamps)
                    part.entry, part.stamps_changed = replace(part.entry, stamps=stamps), False
                part.entry = replace(part.entry, dead=tuple(sorted(part.dead)))
            left_out = self.manifest.left_out
            if self._left_out_changed:
                left_out = layout.new_name(generation)
                write_left_out(self.directory / layout.LEFT_OUT / left_out, self.left_out)
                self._left_out_changed = False
            complete = self.manifest.is_complete if is_complete is None else is_complete
            entries = tuple(part.entry for part in self._parts.values())
            new = Manifest(generation, complete, left_out, entries, self._catalog_name)
            if replace(new, generation=self.manifest.generation) == self.manifest:
                return False
            for folder in layout.FOLDERS:
                layout.sync_directory(self.directory / folder)
            layout.save(self.directory, new)
        self._garbage.drop(self.manifest, new)
        self.manifest = new
        return True

    def merge(self, between: Callable[[], None] = lambda: None, choose: Choose = choose_merge) -> bool:
        """Do one merge of small or half-dead segments and commit it; False if there is nothing to merge.

        `between` is called a few times a second; what it adds, forgets and commits meanwhile counts.
        """
        names = choose([part.weight for part in self._parts.values()])
        if not names:
            return False
        from pilotfish.index.build_segment import merge_segments  # noqa: PLC0415 - see `add`

        merged = layout.new_name(self.manifest.generation + 1)
        parts = [self._parts[name] for name in names]
        living = [(part, number) for part in parts for number in part.living()]
        views = [part.view(self.root, self.directory) for part in parts]
        with self._new_segment(merged) as directory:
            info = finish(beside(merge_segments(directory, views), between))
        entry = SegmentEntry(merged, "", info.files, info.tokens, info.bytes)
        stamps = [part.stamps[number] for part, number in living]
        paths = [part.paths[number] for part, number in living]
        new = self._parts[merged] = Part(entry, paths, stamps, set())
        for number, (part, old_number) in enumerate(living):
            known = self.known.get(paths[number])
            if known is not None and (known.segment, known.number) == (part.name, old_number):
                self.known[paths[number]] = Known(stamps[number], merged, number)
            else:
                new.dead.add(number)
        for name in names:
            self._parts.pop(name, None)
        return self.commit()

    def verify(self, name: str) -> bool:
        """Read a segment through; a damaged one's files are forgotten, so that a scan brings them back."""
        part = self._parts.get(name)
        if part is None:
            return True
        try:
            part.verify(self.directory)
        except IndexFault as fault:
            _log.warning("A part of the index of %s is built anew: %s", self.root, fault)
            self.forget([path for path, known in self.known.items() if known.segment == name])
            return False
        return True

    @property
    def segments(self) -> tuple[str, ...]:
        """Names of the segments, the oldest first."""
        return tuple(self._parts)

    def _enter(self, entry: SegmentEntry, paths: list[str], stamps: list[Stamp]) -> None:
        part = Part(entry, paths, stamps, set())
        for number, (path, stamp) in enumerate(zip(paths, stamps, strict=True)):
            older = self.known.get(path)
            if older is not None and older.segment in self._parts:
                self._parts[older.segment].dead.add(older.number)
            self.known[path] = Known(stamp, entry.name, number)
            if self.left_out.pop(path, None) is not None:
                self._left_out_changed = True
        self._parts[entry.name] = part

    def _open(self) -> None:
        try:
            self._load()
        except IndexFault as fault:
            _log.warning("The index of %s is built anew: %s", self.root, fault)
            self.discard()

    def _open_catalog(self) -> None:
        if self._catalog_name:  # Begun anew with all the rest.
            return
        if name := self.manifest.catalog:
            try:
                self.catalog = Catalog.open(self.directory / layout.CATALOGS / name)
                self._catalog_name = name
            except CatalogDamaged as fault:
                self.renew_catalog(fault)
        else:
            self.renew_catalog()

    def _load(self) -> None:
        with faults(self.directory):
            self._make_folders()
        self.manifest = layout.load(self.directory) or Manifest()
        for entry in self.manifest.segments:
            part = self._parts[entry.name] = Part.read(self.directory, entry)
            for number in part.living():
                self.known[part.paths[number]] = Known(part.stamps[number], part.name, number)
        if self.manifest.left_out:
            self.left_out = read_left_out(self.directory / layout.LEFT_OUT / self.manifest.left_out)
        self._garbage.sweep(self.manifest)

    def _make_folders(self) -> None:
        for folder in layout.FOLDERS:
            (self.directory / folder).mkdir(mode=0o700, exist_ok=True)
        layout.mark_as_cache(self.directory)

    @contextmanager
    def _new_segment(self, name: str) -> Iterator[Path]:
        """A directory to write a segment into; removed again, for the room it takes, if that fails."""
        directory = self.directory / layout.SEGMENTS / name
        try:
            with faults(self.directory):
                yield directory
        except BaseException:
            delete(directory)
            raise
