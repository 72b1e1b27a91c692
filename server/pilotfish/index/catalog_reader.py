"""The reader's side of a catalog: whatever the indexer has committed, whoever started it."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from pilotfish.errors import CatalogDamaged, IndexFault
from pilotfish.index import manifest as layout
from pilotfish.index import schema
from pilotfish.index.catalog_memory import CatalogMemory
from pilotfish.index.faults import Interrupted, faults

Row: TypeAlias = tuple[Any, ...]

_log = logging.getLogger(__name__)

_INSTRUCTIONS_BETWEEN = 1_000
"""SQLite looks at the clock after so many of its instructions: every 20 to 50 µs."""


class CatalogReader:
    """Reads the catalog of one workspace root; never writes. Safe to use from several threads.

    Attributes:
        fault: why it could not be read lately; None if all is well or there is none yet.
    """

    def __init__(self, root: Path, directory: Path) -> None:
        self.root = root
        self.directory = directory
        self.fault: str | None = None
        self._is_damaged = False
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._name = ""
        self._seen: tuple[int, ...] | None = None
        self._memory = CatalogMemory()
        self._version: object = None

    def memory(self) -> CatalogMemory:
        """What was answered since the catalog last changed: ask for it once a question. Never raises."""
        with self._lock:
            try:
                connection = self._open()
                with faults(self.directory):
                    version = connection and (
                        self._name,
                        *connection.execute("PRAGMA data_version").fetchone(),
                    )
            except (Interrupted, IndexFault):  # `rows` is going to say so.
                version = None
            if version is None or version != self._version:
                self._memory, self._version = CatalogMemory(), version
            return self._memory

    def rows(self, query: str, each: Iterable[Sequence[Any]], deadline: float) -> list[list[Row]] | None:
        """What a query finds with each of these values; None if time was up before. Never raises.

        Args:
            query: one SELECT. The same text again is not compiled again: a short one asked for many values is
                several times as fast as a long one for all of them.
            each: values for its placeholders, once or more often.
            deadline: by `time.monotonic`.
        """
        with self._lock:
            try:
                connection = self._open()
                if connection is None:
                    return []
                with faults(self.directory):
                    is_over = partial(_is_over, deadline)
                    connection.set_progress_handler(is_over, _INSTRUCTIONS_BETWEEN)
                    return [_all(connection, query, values, deadline) for values in each]
            except Interrupted:
                return None
            except UnicodeEncodeError:  # A file's name that is no text is in no catalog.
                return []
            except IndexFault as fault:
                self._fail(fault)
                return []

    def take_damage(self) -> bool:
        """Whether the catalog was found to be damaged since this was last asked: the indexer should look."""
        is_damaged, self._is_damaged = self._is_damaged, False
        return is_damaged

    def close(self) -> None:
        """Let go of the database; it is opened again when it is asked."""
        with self._lock:
            self._close()
            self._seen = None
            self._memory, self._version = CatalogMemory(), None

    def _open(self) -> sqlite3.Connection | None:
        """The connection to the catalog that the manifest names now: one `stat` if nothing has changed."""
        seen = layout.status(self.directory)
        if seen != self._seen:
            manifest = layout.load(self.directory)
            self._seen = seen
            name = manifest.catalog if manifest else ""
            if name != self._name:
                self._close()
                self._name = name
        if self._connection is None and self._name:
            self._connection = schema.open_for_reading(self.directory / layout.CATALOGS / self._name)
            self.fault = None
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._name = None, ""

    def _fail(self, fault: IndexFault) -> None:
        """A damaged catalog is not tried again before the manifest says something new."""
        if self.fault is None:
            _log.warning("The catalog of %s cannot be read: %s", self.root, fault)
        self.fault = str(fault)
        self._close()
        if isinstance(fault, CatalogDamaged):
            self._is_damaged = True
        else:
            self._seen = None


def _all(connection: sqlite3.Connection, query: str, values: Sequence[Any], deadline: float) -> list[Row]:
    """The rows that a query finds; Interrupted before a query that would begin too late.

    A short query is over before SQLite looks at the clock, however long it waited for the disk.
    """
    if _is_over(deadline):
        raise Interrupted
    return connection.execute(query, values).fetchall()


def _is_over(deadline: float) -> bool:
    return time.monotonic() > deadline
