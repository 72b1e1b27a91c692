"""The catalog's tables, and opening its database: SQLite in WAL mode, one writer, any number of readers.

The catalog is keyed by content: what a file's text holds is kept once, whichever paths have it, so vendored
copies cost one row each and a switched branch finds again what it had. Chunks have numbers that are never
used twice; `uses`, a contentless FTS5 table over the identifiers of each chunk, is keyed by them. Names of
symbols are kept once too.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pilotfish import __version__
from pilotfish.errors import CatalogDamaged
from pilotfish.index.faults import faults

FILE = "catalog.sqlite"

FORMAT = 4
"""Raised whenever the tables change. Another version of pilotfish may also cut files otherwise."""

_TABLES = """
CREATE TABLE made_by (version TEXT NOT NULL);
CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,           -- blake2b-128 of the file's bytes
    language TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    left_at INTEGER,              -- the commit since which no path has it; null while one does
    UNIQUE (hash, language)
);
CREATE INDEX contents_left ON contents (left_at) WHERE left_at IS NOT NULL;
CREATE TABLE files (
    folder TEXT NOT NULL,         -- relative to the root, with `/`; empty for the root
    name TEXT NOT NULL,
    content INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE INDEX files_name ON files (name);
CREATE INDEX files_content ON files (content);
CREATE TABLE names (              -- of symbols and of what they stand in
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE symbols (
    content INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name INTEGER NOT NULL,
    owner INTEGER,                -- the last name of the container
    kind TEXT NOT NULL,
    container TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    name_line INTEGER NOT NULL,
    signature TEXT NOT NULL,
    doc TEXT NOT NULL,
    bases TEXT NOT NULL,          -- with a comma between
    PRIMARY KEY (content, number)
) WITHOUT ROWID;
CREATE INDEX symbols_name ON symbols (name);
CREATE INDEX symbols_owner ON symbols (owner) WHERE owner IS NOT NULL;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    content INTEGER NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    symbol TEXT NOT NULL,
    hash BLOB NOT NULL,           -- blake2b-128 of its text
    names INTEGER NOT NULL        -- how many different ones are used in it
);
CREATE INDEX chunks_content ON chunks (content);
CREATE TABLE imports (
    content INTEGER NOT NULL,
    number INTEGER NOT NULL,
    module TEXT NOT NULL,
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    known_as TEXT NOT NULL,       -- what the code calls it
    line INTEGER NOT NULL,
    PRIMARY KEY (content, number)
) WITHOUT ROWID;
CREATE INDEX imports_known_as ON imports (known_as);
CREATE VIRTUAL TABLE uses USING fts5(
    names, content='', columnsize=0, detail=none,
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Pc Co'"
);
"""

_WRITER_CACHE_KB = 64_000
_READER_CACHE_KB = 8_000
_CHECKPOINT_PAGES = 8_000
"""The log grows to 32 MB before it is copied into the database: a page changed often is then copied once."""


def create(directory: Path) -> sqlite3.Connection:
    """Make a new, empty catalog in a new directory.

    Raises:
        IndexFault: it cannot be written.
    """
    with faults(directory):
        directory.mkdir(mode=0o700, parents=True)
        connection = _connect(directory / FILE, "rwc", timeout_s=5.0)
        connection.execute("PRAGMA journal_mode = WAL")
        _tune_writer(connection)
        connection.execute("BEGIN")
        for statement in _TABLES.split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO made_by VALUES (?)", (__version__,))
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    return connection


def open_for_writing(directory: Path) -> sqlite3.Connection:
    """Open a catalog.

    Raises:
        CatalogDamaged: it is not one, or was made by another version.
        IndexFault: it cannot be opened now.
    """
    if not (directory / FILE).is_file():
        raise CatalogDamaged(f"the catalog in {directory} is gone")
    with faults(directory):
        connection = _connect(directory / FILE, "rw", timeout_s=5.0)
        _check_version(connection)
        _tune_writer(connection)
    return connection


def open_for_reading(directory: Path) -> sqlite3.Connection:
    """Open a catalog that somebody else may be writing; usable from any thread, one at a time.

    Raises:
        CatalogDamaged, IndexFault: as `open_for_writing`.
    """
    with faults(directory):
        connection = _connect(directory / FILE, "ro", timeout_s=0.05)
        _check_version(connection)
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KB}")
    return connection


def _connect(file: Path, mode: str, timeout_s: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=timeout_s,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def _check_version(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        raise CatalogDamaged("the catalog has another format")
    made_by = connection.execute("SELECT version FROM made_by").fetchone()
    if made_by != (__version__,):
        raise CatalogDamaged("the catalog was made by another version")


def _tune_writer(connection: sqlite3.Connection) -> None:
    """A commit is safe from a killed process at once, and from a power cut once the log was copied."""
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    connection.execute("PRAGMA journal_size_limit = 64000000")
    connection.execute("PRAGMA temp_store = MEMORY")
