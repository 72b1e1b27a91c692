"""Rows on their way into the catalog's tables, inserted many at once."""

from __future__ import annotations

import sqlite3
from itertools import chain

from pilotfish.index.entries import Entries, Row

_ROWS_AT_ONCE = 20_000
_NAMES_REMEMBERED = 200_000


class Rows:
    """What waits to be inserted through one connection.

    Raises:
        sqlite3.Error: from every method that touches the database; the caller translates it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._contents: dict[tuple[bytes, str], Row] = {}
        self._symbols: list[Row] = []
        self._chunks: list[Row] = []
        self._uses: list[Row] = []
        self._imports: list[Row] = []
        self._names: dict[str, int] = {}
        (last,) = connection.execute("SELECT max(id) FROM names").fetchone()
        self._last_name: int = last or 0

    def find(self, digest: bytes, language: str) -> int | None:
        """The number of a content that waits here."""
        row = self._contents.get((digest, language))
        return row[0] if row else None

    def add(self, key: tuple[int, bytes, str, int, int], last_chunk: int, entries: Entries) -> int:
        """Take the rows of one content (its number first); returns the number of its last chunk."""
        content, digest, language, *_ = key
        self._contents[digest, language] = key
        self._symbols += ((content, number, *row) for number, row in enumerate(entries.symbols))
        self._imports += ((content, number, *row) for number, row in enumerate(entries.imports))
        first = last_chunk + 1
        self._chunks += ((number, content, *row) for number, row in enumerate(entries.chunks, first))
        self._uses += enumerate(entries.names, first)
        return last_chunk + len(entries.chunks)

    def flush(self, at_least: int = _ROWS_AT_ONCE) -> None:
        """Insert, if there are so many rows."""
        if len(self._contents) + len(self._symbols) + len(self._chunks) < at_least:
            return
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        insert = self._connection.executemany
        insert(
            "INSERT INTO contents (id, hash, language, bytes, lines) VALUES (?,?,?,?,?)",
            self._contents.values(),
        )
        self._number_names()
        numbers = self._names
        insert(
            "INSERT INTO symbols VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                (content, number, numbers[name], numbers[owner] if owner else None, *rest)
                for content, number, name, owner, *rest in self._symbols
            ],
        )
        insert("INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?)", self._chunks)
        insert("INSERT INTO uses (rowid, names) VALUES (?,?)", self._uses)
        insert("INSERT INTO imports VALUES (?,?,?,?,?,?,?)", self._imports)
        for rows in (self._contents, self._symbols, self._chunks, self._uses, self._imports):
            rows.clear()

    def _number_names(self) -> None:
        """Find or give the numbers of all names in the rows of symbols."""
        if len(self._names) > _NAMES_REMEMBERED:
            self._names.clear()
        new: list[tuple[int, str]] = []
        for name in chain.from_iterable(row[2:4] for row in self._symbols):
            if name is None or name in self._names:
                continue
            found = self._connection.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
            if found:
                self._names[name] = found[0]
            else:
                self._last_name += 1
                self._names[name] = self._last_name
                new.append((self._last_name, name))
        self._connection.executemany("INSERT INTO names VALUES (?,?)", new)
