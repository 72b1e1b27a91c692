"""The seam: what SQLite and the file system raise becomes an error of ours, with its reason."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pilotfish.errors import CatalogDamaged, IndexFault

# What has nothing to do with the state of the database itself, and may be well again later.
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)


# SQLite says so little when a disk, or a quota, is full.
_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})


class Interrupted(Exception):
    """A progress handler ended the statement."""


@contextmanager
def faults(directory: Path) -> Iterator[None]:
    """The seam: what SQLite and the file system raise becomes an IndexFault with its reason."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            raise Interrupted(str(error)) from error
        if code in _PASSING:
            room = f" (is there room? {_free_mb(directory)} MB are free)" if code in _ROOM else ""
            raise IndexFault(f"cannot use the index in {directory}: {error}{room}") from error
        raise CatalogDamaged(f"the catalog in {directory} is damaged: {error}") from error
    except OSError as error:
        raise IndexFault(f"cannot write the index in {directory}: {error.strerror or error}") from error


def _free_mb(directory: Path) -> int | str:
    try:
        return shutil.disk_usage(directory if directory.exists() else directory.parent).free // 1_000_000
    except OSError:
        return "an unknown number of"
