"""One catalog as one question sees it: bounded in time, blind to files that do not count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from pilotfish.index.catalog_reader import CatalogReader, Row


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
        self._hidden = {
            file.relative_to(self.root).as_posix() for file in hidden if file.is_relative_to(self.root)
        }
        self._paths: dict[int, str | None] = {}

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What a query finds; nothing once time is up."""
        return next(iter(self.rows_of_each(query, [values])), [])

    def rows_of_each(self, query: str, each: Iterable[Sequence[Any]]) -> list[list[Row]]:
        """What a query finds with each of these values for its placeholders; nothing once time is up."""
        found = None if self.is_late else self._reader.rows(query, each, self._deadline)
        self.is_late = self.is_late or found is None
        return found or []

    def name(self, file: Path) -> str | None:
        """The path of a file as the catalog has it; None if it is not below the root, or does not count."""
        if not file.is_relative_to(self.root):
            return None
        path = file.relative_to(self.root).as_posix()
        return None if self.is_hidden(path) else path

    def is_hidden(self, path: str) -> bool:
        """Whether a file, by its path relative to the root, does not count."""
        return path in self._hidden

    def with_paths(self, rows: Sequence[Row]) -> list[tuple[Row, str]]:
        """Rows that begin with a content, each with one file that has this content and counts.

        The path is relative to the root; what no file has that counts is left out.
        """
        unknown = {row[0] for row in rows} - self._paths.keys()
        if unknown:
            self._paths |= dict.fromkeys(unknown)
            numbers = ",".join(map(str, unknown))
            query = f"SELECT content, folder, name FROM files WHERE content IN ({numbers})"  # noqa: S608
            for content, folder, name in self.rows(query):
                file = join(folder, name)
                if self._paths[content] is None and not self.is_hidden(file):
                    self._paths[content] = file
        return [(row, path) for row in rows if (path := self._paths.get(row[0])) is not None]

    def content_of(self, file: Path) -> int | None:
        """The content of a file that counts."""
        path = self.name(file)
        if path is None:
            return None
        folder, _, name = path.rpartition("/")
        found = self.rows("SELECT content FROM files WHERE folder = ? AND name = ?", folder, name)
        if not found:
            return None
        self._paths[found[0][0]] = path
        return int(found[0][0])


def join(folder: str, name: str) -> str:
    """A path relative to the root from its two columns."""
    return f"{folder}/{name}" if folder else name
