"""Rows on their way into the catalog's tables, inserted many at once."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
        self._entries: list[tuple[int, int, Entries]] = []
        self._count = 0
        self._names: dict[str | None, int | None] = {None: None}
        (last,) = connection.execute("SELECT max(id) FROM names").fetchone()
        self._last_name: int = last or 0
        self._knows_all_names = last is None

    def find(self, digest: bytes, language: str) -> int | None:
        """The number of a content that waits here."""
        row = self._contents.get((digest, language))
        return row[0] if row else None

    def add(self, key: tuple[int, bytes, str, int, int], last_chunk: int, entries: Entries) -> int:
        """Take the rows of one content (its number first); returns the number of its last chunk."""
        content, digest, language, *_ = key
        self._contents[digest, language] = key
        self._entries.append((content, last_chunk + 1, entries))
        self._count += 1 + len(entries.symbols) + len(entries.chunks)
        return last_chunk + len(entries.chunks)

    def flush(self, at_least: int = _ROWS_AT_ONCE) -> None:
        """Insert, if there are so many rows."""
        from pilotfish.index.used_names import used_names  # noqa: PLC0415 - see `Store.add`

        if self._count < at_least:
            return
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        insert, waiting = self._connection.executemany, self._entries
        insert(
            "INSERT INTO contents (id, hash, language, bytes, lines) VALUES (?,?,?,?,?)",
            self._contents.values(),
        )
        self._number_names()
        names = self._names
        insert(
            "INSERT INTO symbols VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                (content, number, names[name], names[owner], *rest)
                for content, _, entries in waiting
                for number, (name, owner, rest) in enumerate(entries.symbols)
            ),
        )
        used = used_names([entries.text for _, _, entries in waiting])
        chunks = [
            (number, content, *row)
            for content, first_chunk, entries in waiting
            for number, row in enumerate(entries.chunks, first_chunk)
        ]
        insert(
            "INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?)",
            ((*row, count) for row, count in zip(chunks, used.counts, strict=True)),
        )
        insert(
            "INSERT INTO uses (rowid, names) VALUES (?,?)",
            ((row[0], names) for row, names in zip(chunks, used.joined, strict=True)),
        )
        insert(
            "INSERT INTO imports VALUES (?,?,?,?,?,?,?)",
            (
                (content, number, *row)
                for content, _, entries in waiting
                for number, row in enumerate(entries.imports)
            ),
        )
        self._contents.clear()
        waiting.clear()
        self._count = 0

    def _number_names(self) -> None:
        """Find or give the numbers of all names in the rows of symbols."""
        if len(self._names) > _NAMES_REMEMBERED:
            self._names = {None: None}
            self._knows_all_names = False
        symbols = [symbol for _, _, entries in self._entries for symbol in entries.symbols]
        named = dict.fromkeys([name for symbol in symbols for name in symbol[:2]])
        unknown = [name for name in named if name not in self._names]
        if not self._knows_all_names:
            query = "SELECT name, id FROM names WHERE name IN (SELECT value FROM json_each(?))"
            self._names.update(self._connection.execute(query, (json.dumps(unknown),)))
            unknown = [name for name in unknown if name not in self._names]
        new = list(enumerate(unknown, self._last_name + 1))
        self._last_name += len(new)
        self._names.update((name, number) for number, name in new)
        self._connection.executemany("INSERT INTO names VALUES (?,?)", new)
