"""One catalog as one question sees it: bounded in time, blind to files that do not count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pilotfish.index.catalog_memory import CatalogMemory
from pilotfish.index.catalog_reader import CatalogReader, Row
from pilotfish.index.hidden import names_below

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sequence[Any])

_MOST_COPIES = 100
"""A content may have very many paths: so many are looked through for one that counts."""


class CatalogView:
    """One catalog as one question sees it.

    Args:
        reader: of the catalog.
        hidden: files that do not count.
        deadline: by `time.monotonic`.

    Attributes:
        is_late: whether something was cut short by the deadline.
    """

    def __init__(self, reader: CatalogReader, hidden: Collection[Path], deadline: float) -> None:
        self.root = reader.root
        self.is_late = False
        self._reader = reader
        self._deadline = deadline
        self._hidden = frozenset(names_below(self.root, hidden))
        self._asked: dict[int, str | None] = {}
        """Of a content that several files have, the one that was asked about, or else one that counts."""

    @cached_property
    def memory(self) -> CatalogMemory:
        """What was answered since the catalog last changed."""
        return self._reader.memory()

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What a query finds; nothing once time is up."""
        return next(iter(self.rows_of_each(query, [values])), [])

    def rows_of_each(self, query: str, each: Iterable[Sequence[Any]]) -> list[list[Row]]:
        """What a query finds with each of these values for its placeholders; nothing once time is up."""
        found = None if self.is_late else self._reader.rows(query, each, self._deadline)
        self.is_late = self.is_late or found is None
        return found or []

    def remembered(
        self, kind: Hashable, keys: Iterable[K], find: Callable[[Sequence[K]], Mapping[K, V]]
    ) -> dict[K, V]:
        """What is found for each key, from memory where that was asked before; what is empty is left out.

        Args:
            kind: of question; the same question has the same answer while the catalog does not change.
            keys: each is asked about once.
            find: asks the catalog for the keys that are not remembered; it may leave out what is empty.
        """
        table = self.memory.of(kind)
        known = {key: table.get(key) for key in keys}
        unknown = [key for key, answer in known.items() if answer is None]
        if unknown:
            found = find(unknown)
            if not self.is_late:
                self.memory.keep(kind, {key: found.get(key, ()) for key in unknown})
            known |= found
        return {key: answer for key, answer in known.items() if answer}

    def remembered_rows(self, query: str, keys: Iterable[K], *others: Any) -> dict[K, list[Row]]:
        """What a query finds with each key, and the same other values, for its placeholders."""

        def find(unknown: Sequence[K]) -> dict[K, list[Row]]:
            # Nothing is found once time is up.
            return dict(
                zip(unknown, self.rows_of_each(query, ((key, *others) for key in unknown)), strict=False)
            )

        return self.remembered((query, others), keys, find)

    def name(self, file: Path) -> str | None:
        """The path of a file as the catalog has it; None if it is not below the root, or does not count."""
        path = self._relative(file)
        return None if path is None or self.is_hidden(path) else path

    def is_hidden(self, path: str) -> bool:
        """Whether a file, by its path relative to the root, does not count."""
        return path in self._hidden

    def with_paths(self, rows: Sequence[Row]) -> list[tuple[Row, str]]:
        """Rows that begin with a content and `path_column`, each with one file that has it and counts.

        The path is relative to the root; what no file has that counts is left out.
        """
        found = []
        for row in rows:
            path = self._asked.get(row[0], row[1])
            if path in self._hidden:
                path = self._asked[row[0]] = self._copy(row[0])
            if path is not None:
                found.append((row, path))
        return found

    def source_of(self, path: str) -> tuple[int, int, bytes] | None:
        """The content of a file, its size in bytes and the hash of its bytes."""
        query = (
            "SELECT content, files.size, hash FROM files JOIN contents ON contents.id = content"
            " WHERE folder = ? AND name = ?"
        )
        folder, _, name = path.rpartition("/")
        found = self.remembered("source", [path], lambda _: {path: self.rows(query, folder, name)})
        return found[path][0] if found else None

    def content_of(self, file: Path) -> int | None:
        """The content of a file that counts."""
        path = self.name(file)
        source = self.source_of(path) if path is not None else None
        if path is None or source is None:
            return None
        self._asked[source[0]] = path
        return source[0]

    def _relative(self, file: Path) -> str | None:
        return next(names_below(self.root, [file]), None)

    def _copy(self, content: int) -> str | None:
        """A file with this content that counts."""
        query = "SELECT folder, name FROM files WHERE content = ? LIMIT ?"
        rows = self.remembered_rows(query, [content], _MOST_COPIES).get(content, ())
        paths = (join(*row) for row in rows)
        return next((path for path in paths if not self.is_hidden(path)), None)


def path_column(table: str) -> str:
    """A column of a table that has a content: the path of a file with this content, null if there is none."""
    path = "SELECT ltrim(folder || '/' || name, '/') FROM files"
    return f"({path} WHERE files.content = {table}.content LIMIT 1)"


def join(folder: str, name: str) -> str:
    """A path relative to the root from its two columns."""
    return f"{folder}/{name}" if folder else name
