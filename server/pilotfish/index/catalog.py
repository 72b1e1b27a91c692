"""The writer's side of the catalog: what each file holds, by its content.

What is changed here is seen by readers with `commit` and not before. It is kept by the process that holds the
store's lock (`index/store.py`).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pilotfish.errors import CatalogDamaged
from pilotfish.index import schema
from pilotfish.index.faults import Interrupted, faults
from pilotfish.index.rows import Rows
from pilotfish.index.stamps import Stamp
from pilotfish.index.suspect import Suspect
from pilotfish.index.view import SourceFile
from pilotfish.platform.logging import without_text
from pilotfish.syntax.languages import Language, language_of_path

if TYPE_CHECKING:
    from pilotfish.index.entries import Entries

_log = logging.getLogger(__name__)

KEPT_BYTES = 50_000_000
"""So much source that no path has any more is remembered, the latest, for when a branch is switched back."""

_INSTRUCTIONS_BETWEEN = 20_000
_PRUNED_AT_ONCE = 200
_SUSPECT = "being-read"


class Catalog:
    """One catalog, open for writing.

    Attributes:
        commits: how often something was committed; a number of this process, to see whether anything was.
        lines_only: the files whose syntax could not be read: they are known by their lines, without symbols.
            Only those that were read since the catalog was opened.
    """

    def __init__(self, directory: Path, connection: sqlite3.Connection) -> None:
        self.directory = directory
        self.commits = 0
        self.lines_only: list[str] = []
        self._connection = connection
        self._maybe_left: set[int] = set()
        with faults(directory):
            self._suspect = Suspect(directory / _SUSPECT)
            self._rows = Rows(connection)
            self._last_content = self._number("SELECT max(id) FROM contents")
            self._last_chunk = self._number("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
            self._left_at = self._number("SELECT max(left_at) FROM contents WHERE left_at IS NOT NULL")

    @classmethod
    def create(cls, directory: Path) -> Catalog:
        """A new, empty one. Raises IndexFault."""
        return cls(directory, schema.create(directory))

    @classmethod
    def open(cls, directory: Path) -> Catalog:
        """One that is there. Raises CatalogDamaged, or IndexFault if it cannot be opened now."""
        return cls(directory, schema.open_for_writing(directory))

    def close(self) -> None:
        """What was not committed is lost."""
        self._suspect.close()
        self._connection.close()

    @property
    def is_there(self) -> bool:
        """Whether its file has not been deleted behind our back."""
        return (self.directory / schema.FILE).is_file()

    @property
    def size_bytes(self) -> int:
        """On disk, with the log that goes when the catalog is closed."""
        with faults(self.directory):
            return sum(file.stat().st_size for file in self.directory.iterdir())

    def seen(self) -> dict[str, tuple[int, int]]:
        """Size and time of every file in it, by path."""
        with faults(self.directory):
            rows = self._connection.execute("SELECT folder, name, size, mtime_ns FROM files")
            return {
                f"{folder}/{name}" if folder else name: (size, mtime_ns)
                for folder, name, size, mtime_ns in rows
            }

    def recognise(self, path: str, stamp: Stamp) -> bool:
        """Note that a file has this content, if the content is known; else the text is needed, see `add`."""
        if not self._last_content:
            return False
        with faults(self.directory):
            content = self._find(stamp.digest, _language(path))
            if content is None:
                return False
            self._reclaim(content)
            self._place(path, stamp, content)
        return True

    def add(self, files: Iterable[tuple[SourceFile, Stamp]]) -> None:
        """Take in files with their texts."""
        with faults(self.directory):
            for file, stamp in files:
                language = language_of_path(PurePath(file.path))
                content = self._rows.find(stamp.digest, language.id) or self._find(stamp.digest, language.id)
                if content is not None:
                    self._reclaim(content)
                else:
                    entries = self._read(file, stamp.digest, language)
                    content = self._last_content = self._last_content + 1
                    key = content, stamp.digest, language.id, stamp.size, entries.lines
                    self._last_chunk = self._rows.add(key, self._last_chunk, entries)
                    self._rows.flush()
                self._place(file.path, stamp, content)
            self._rows.flush(at_least=1)

    def forget(self, paths: Iterable[str]) -> None:
        """These files are gone, or are no longer source; a folder stands for all that was in it."""
        with faults(self.directory):
            for path in paths:
                folder, _, name = path.rpartition("/")
                self._remove("folder = ? AND name = ?", folder, name)
                self._remove("folder = ?", path)
                self._remove("folder > ? AND folder < ?", f"{path}/", f"{path}0")  # `0` comes after `/`.

    def commit(self) -> None:
        """Show readers all that was changed."""
        if not self._connection.in_transaction:
            return
        with faults(self.directory):
            self._left_at += 1
            self._connection.executemany(
                "UPDATE contents SET left_at = ? WHERE id = ?"
                " AND NOT EXISTS (SELECT 1 FROM files WHERE content = contents.id)",
                [(self._left_at, content) for content in self._maybe_left],
            )
            self._connection.execute("COMMIT")
        self._maybe_left.clear()
        self.commits += 1

    def prune(self) -> bool:
        """Drop some of the contents that have been without a path for longest, if there are too many.

        Returns:
            False if there was nothing to do.
        """
        with faults(self.directory):
            spare = KEPT_BYTES
            dropped = []
            rows = self._connection.execute(
                "SELECT id, bytes FROM contents WHERE left_at IS NOT NULL ORDER BY left_at DESC, id DESC"
            )
            for content, size in rows:
                spare -= size
                if spare < 0:
                    dropped.append((content,))
            if not dropped:
                return False
            self._begin()
            # Their chunks stay in `uses`, where a number that leads nowhere costs a few bytes.
            for table, column in _BY_CONTENT:
                self._connection.executemany(
                    f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608 - our own names
                    dropped[-_PRUNED_AT_ONCE:],
                )
            self._connection.execute("COMMIT")
        return True

    def check(self, is_wanted_elsewhere: Callable[[], bool] = lambda: False) -> bool:
        """Read the whole database for damage: some 10 ms a megabyte.

        Args:
            is_wanted_elsewhere: asked now and then; True ends the check.

        Returns:
            whether it went through to the end.

        Raises:
            CatalogDamaged: with what is wrong.
        """
        self._connection.set_progress_handler(is_wanted_elsewhere, _INSTRUCTIONS_BETWEEN)
        try:
            with faults(self.directory):
                (said,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
                if said != "ok":
                    raise CatalogDamaged(f"the catalog in {self.directory} is damaged: {said}")
                self._connection.execute("INSERT INTO uses (uses) VALUES ('integrity-check')")
        except Interrupted:
            return False
        finally:
            self._connection.set_progress_handler(None, 0)
        return True

    def _read(self, file: SourceFile, digest: bytes, language: Language) -> Entries:
        from pilotfish.index.entries import entries_of  # noqa: PLC0415 - see `Store.add`

        if self._suspect.is_guilty(digest):
            return self._read_lines(file, language, "ended the indexer several times")
        with self._suspect.reading(digest):
            try:
                return entries_of(file.text, language)
            except Exception as error:  # noqa: BLE001 - of whatever kind: one text must not end the work
                return self._read_lines(file, language, f"failed ({without_text(error)})")

    def _read_lines(self, file: SourceFile, language: Language, why: str) -> Entries:
        from pilotfish.index.entries import entries_of  # noqa: PLC0415 - see `Store.add`

        _log.warning("Reading %s %s; it is known by its lines only.", file.path, why)
        self.lines_only.append(file.path)
        return entries_of(file.text, replace(language, grammar=""))

    def _find(self, digest: bytes, language: str) -> int | None:
        found = self._connection.execute(
            "SELECT id FROM contents WHERE hash = ? AND language = ?", (digest, language)
        ).fetchone()
        return found[0] if found else None

    def _place(self, path: str, stamp: Stamp, content: int) -> None:
        """Note that a path has this content."""
        self._begin()
        folder, _, name = path.rpartition("/")
        execute = self._connection.execute
        before = execute("SELECT content FROM files WHERE folder = ? AND name = ?", (folder, name)).fetchone()
        if before and before[0] != content:
            self._maybe_left.add(before[0])
        execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
            (folder, name, content, stamp.size, stamp.mtime_ns),
        )

    def _reclaim(self, content: int) -> None:
        """Note that a path has this content again, if none had."""
        self._begin()
        self._connection.execute(
            "UPDATE contents SET left_at = NULL WHERE id = ? AND left_at IS NOT NULL", (content,)
        )

    def _remove(self, where: str, *values: str) -> None:
        found = self._connection.execute(f"SELECT content FROM files WHERE {where}", values)  # noqa: S608
        contents = [content for (content,) in found]
        if contents:
            self._begin()
            self._maybe_left.update(contents)
            self._connection.execute(f"DELETE FROM files WHERE {where}", values)  # noqa: S608

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    def _number(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return row[0] or 0 if row else 0


_BY_CONTENT = (
    ("symbols", "content"),
    ("chunks", "content"),
    ("imports", "content"),
    ("contents", "id"),
)


def _language(path: str) -> str:
    return language_of_path(PurePath(path)).id
