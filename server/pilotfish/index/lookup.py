"""Asking the catalogs: one object a question, bounded in time, blind to files that do not count now.

Everything here blocks for up to some milliseconds inside SQLite (which lets other threads run): call it from
a worker thread, or between two steps. Nothing raises: what cannot be read is not found. A `file` that is
asked about is given by its whole path, without links on the way: there may be several workspace folders.
"""
# ruff: noqa: S608 - queries are put together of words of ours; what is asked for is bound

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pilotfish.index import terms as by_terms
from pilotfish.index.catalog_reader import CatalogReader, Row
from pilotfish.index.catalog_view import CatalogView, join, path_column
from pilotfish.index.found import FoundChunk, FoundImport, FoundSymbol
from pilotfish.index.text_on_disk import piece_on_disk, text_on_disk
from pilotfish.text.lines import lines_between

T = TypeVar("T")

_MAX_SYMBOLS_OF_A_FILE, _NAMES_AT_ONCE = 5_000, 12

ALIKE = 2
"""So many definitions of the same name suffice, whoever asks: what was asked once is remembered."""


class Lookup:
    """The catalogs of all workspace folders, for one question.

    Args:
        catalogs: one a workspace folder.
        hidden: files that do not count: open in an editor, or changed and not read again yet.
        deadline: by `time.monotonic`; what is found by then is the answer.
    """

    def __init__(
        self,
        catalogs: Sequence[CatalogReader] = (),
        hidden: Collection[Path] = frozenset(),
        deadline: float = float("inf"),
    ) -> None:
        self._views = [CatalogView(catalog, hidden, deadline) for catalog in catalogs]
        self._texts: dict[Path, str | None] = {}

    @property
    def is_late(self) -> bool:
        """Whether something was cut short by the deadline."""
        return any(view.is_late for view in self._views)

    def definitions(self, names: Collection[str], limit: int = 50) -> list[FoundSymbol]:
        """Symbols with exactly these names; at most `limit` a name and workspace folder."""
        return [symbol for view in self._views for symbol in by_terms.named(view, names, limit)]

    def members(self, containers: Collection[str], limit: int = 200) -> list[FoundSymbol]:
        """Symbols directly inside classes, structs, modules … of these names, in the order of their file.

        A container's name is its last part: `Inner` finds what stands in `Outer.Inner`. At most `limit` a
        container and workspace folder.
        """
        return [symbol for view in self._views for symbol in by_terms.inside(view, containers, limit)]

    def symbols_of(self, file: Path, limit: int = _MAX_SYMBOLS_OF_A_FILE) -> list[FoundSymbol]:
        """The symbols of a file, in order."""
        return self._in_file(file, lambda view, content: by_terms.symbols_in(view, content, limit))

    def chunks_of(self, file: Path) -> list[FoundChunk]:
        """All chunks of a file, in order: together they are the whole file."""
        return self._in_file(
            file, lambda view, content: by_terms.chunks(view, "content = ? ORDER BY start_line", content)
        )

    def imports_of(self, file: Path) -> list[FoundImport]:
        """What a file imports, in order."""
        query = f"SELECT {_IMPORT} FROM imports WHERE content = ? ORDER BY number"
        return self._in_file(file, lambda view, content: _imports(view, view.rows(query, content)))

    def who_imports(self, name: str, limit: int = 10) -> list[tuple[FoundImport, int]]:
        """Ways in which this code base imports a name: an example and how many files have it; most first."""
        query = (
            f"SELECT count(*), {_IMPORT} FROM imports WHERE known_as = ?"
            " AND EXISTS (SELECT 1 FROM files WHERE files.content = imports.content)"
            " GROUP BY module, name, alias ORDER BY count(*) DESC LIMIT ?"
        )
        found = [
            (example, count)
            for view in self._views
            for count, *row in view.rows(query, name, limit)
            for example in _imports(view, [tuple(row)])
        ]
        return sorted(found, key=lambda each: -each[1])[:limit]

    def files(self, names: Collection[str] = (), folder: Path | None = None, limit: int = 200) -> list[Path]:
        """Files by their own name (`test_api.py`; `*` for any run of signs), or all in one folder."""
        exact = [name for name in names if "*" not in name]
        patterns = [name.replace("[", "[[]") for name in names if "*" in name]
        found = []
        for view in self._views:
            asked = {"name = ?": exact, "name GLOB ?": patterns, "folder = ?": _folder(view, folder)}
            for condition, values in asked.items():
                query = f"SELECT folder, name FROM files WHERE {condition} LIMIT ?"
                paths = (
                    join(*row) for rows in view.remembered_rows(query, values, limit).values() for row in rows
                )
                found += [view.root / path for path in paths if not view.is_hidden(path)]
        return found[:limit]

    def search(self, terms: Sequence[tuple[str, float]], limit: int = 50) -> list[tuple[FoundChunk, float]]:
        """Chunks by the names in them, weighed by rarity, the best first.

        Args:
            terms: names, each with a weight; their case does not count.
            limit: the most chunks. Terms that stand nearly everywhere are passed over, and of each other one
                only so many places are looked at that a question's time does not grow with the code base.
        """
        return self._best(lambda view: by_terms.search(view, terms, limit), limit)

    def containing(self, names: Collection[str], limit: int = 50) -> list[FoundChunk]:
        """Chunks in which all of these names occur."""
        return [chunk for view in self._views for chunk in by_terms.containing(view, names, limit)][:limit]

    def frequency(self, terms: Collection[str]) -> dict[str, int]:
        """In how many chunks each term occurs, counted to some thousand; those that do not are left out."""
        counts = {term: sum(by_terms.frequency(view, term) for view in self._views) for term in terms}
        return {term: count for term, count in counts.items() if count}

    def chunks_after(self, root: Path, number: int = 0, limit: int = 1000) -> list[FoundChunk]:
        """All chunks of one workspace folder page by page, each once however many files have its text.

        Args:
            root: the folder.
            number: 0, then that of the last chunk of the page before.
            limit: the most rows to look at; an empty page is the end.
        """
        where = (
            "id > ? AND EXISTS (SELECT 1 FROM files WHERE files.content = chunks.content) ORDER BY id LIMIT ?"
        )
        return [
            chunk
            for view in self._views
            if view.root == root
            for chunk in by_terms.chunks(view, where, number, limit)
        ]

    def text(self, found: FoundChunk | FoundSymbol) -> str | None:
        """The lines of a chunk or symbol, read from disk; None if they are not what was indexed."""
        if isinstance(found, FoundChunk) and (piece := piece_on_disk(found)) is not None:
            return piece
        return self.lines(found.root / found.path, found.start_line, found.end_line)

    def lines(self, file: Path, start_line: int, end_line: int) -> str | None:
        """Lines of an indexed file, read from disk; None if the file is not what was indexed."""
        if file not in self._texts:
            texts = (text_on_disk(view, file) for view in self._views)
            self._texts[file] = next((text for text in texts if text is not None), None)
        text = self._texts[file]
        return None if text is None else lines_between(text, start_line, end_line)

    def _in_file(self, file: Path, find: Callable[[CatalogView, int], list[T]]) -> list[T]:
        for view in self._views:
            content = view.content_of(file)
            if content is not None:
                return find(view, content)
        return []

    def _best(
        self, find: Callable[[CatalogView], Iterable[tuple[T, float]]], limit: int
    ) -> list[tuple[T, float]]:
        found = [each for view in self._views for each in find(view)]
        return sorted(found, key=lambda each: -each[1])[:limit]


def remember(lookup: Lookup, names: Sequence[str]) -> Iterator[None]:
    """Have the catalogs remember some names, a few at a step: meanwhile nobody else can ask."""
    for start in range(0, len(names), _NAMES_AT_ONCE):
        some = names[start : start + _NAMES_AT_ONCE]
        lookup.definitions(some, limit=ALIKE)
        yield
        lookup.search([(name, 1.0) for name in some], limit=1)
        yield


def _folder(view: CatalogView, folder: Path | None) -> list[str]:
    """A folder as the catalog has it; none if it is not in this one."""
    if folder is None or not folder.is_relative_to(view.root):
        return []
    path = folder.relative_to(view.root).as_posix()
    return ["" if path == "." else path]


_IMPORT = f"content, {path_column('imports')}, module, name, alias, line"


def _imports(view: CatalogView, rows: Sequence[Row]) -> list[FoundImport]:
    return [FoundImport(view.root, path, *row[2:]) for row, path in view.with_paths(rows)]
