"""Asking the catalogs: one object a question, bounded in time, blind to files that do not count now.

Everything here blocks for up to some milliseconds inside SQLite (which lets other threads run): call it from
a worker thread, or between two steps. Nothing raises: what cannot be read is not found. A `file` that is
asked about is given by its whole path, without links on the way: there may be several workspace folders.
"""
# ruff: noqa: S608 - queries are put together of words of ours; what is asked for is bound

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pilotfish.index import terms as by_terms
from pilotfish.index.catalog_reader import CatalogReader, Row
from pilotfish.index.catalog_view import CatalogView, join
from pilotfish.index.entries import module_tail
from pilotfish.index.found import FoundChunk, FoundImport, FoundSymbol
from pilotfish.index.spelling import near_spellings
from pilotfish.index.text_on_disk import text_on_disk
from pilotfish.text.lines import split_lines

T = TypeVar("T")

_MAX_SYMBOLS_OF_A_FILE = 5_000
_NAME = "(SELECT id FROM names WHERE name = ?)"


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
        self._texts: dict[Path, list[str] | None] = {}

    @property
    def is_late(self) -> bool:
        """Whether something was cut short by the deadline."""
        return any(view.is_late for view in self._views)

    def definitions(self, names: Collection[str], limit: int = 50) -> list[FoundSymbol]:
        """Symbols with exactly these names; at most `limit` a name and workspace folder."""
        return [
            symbol
            for view in self._views
            for symbol in by_terms.symbols(view, f"symbols.name = {_NAME}", names, limit)
        ]

    def members(self, containers: Collection[str], limit: int = 200) -> list[FoundSymbol]:
        """Symbols directly inside classes, structs, modules … of these names, in the order of their file.

        A container's name is its last part: `Inner` finds what stands in `Outer.Inner`. At most `limit` a
        container and workspace folder.
        """
        return [
            symbol
            for view in self._views
            for symbol in by_terms.symbols(
                view, "symbols.owner = (SELECT id FROM names WHERE name = ?)", containers, limit
            )
        ]

    def symbols_near(self, name: str, limit: int = 10) -> list[FoundSymbol]:
        """Symbols whose name is `name` up to case or an edit distance of 2, the nearest first.

        The first two letters are taken to be right, but for their case.
        """
        near = {spelling for view in self._views for spelling in near_spellings(view, name)}
        ordered = sorted(near)
        found = (symbol for _, spelling in ordered for symbol in self.definitions([spelling], limit))
        return list(islice(found, limit))

    def symbols_of(self, file: Path) -> list[FoundSymbol]:
        """All symbols of a file, in order."""
        return self._in_file(
            file, lambda view, content: by_terms.symbols(
                view, "symbols.content = ?", [content], _MAX_SYMBOLS_OF_A_FILE
            )
        )  # fmt: skip

    def chunks_of(self, file: Path) -> list[FoundChunk]:
        """All chunks of a file, in order: together they are the whole file."""
        return self._in_file(
            file, lambda view, content: by_terms.chunks(view, "content = ? ORDER BY start_line", content)
        )

    def imports_of(self, file: Path) -> list[FoundImport]:
        """What a file imports, in order."""
        query = f"SELECT {_IMPORT} FROM imports WHERE content = ? ORDER BY number"
        return self._in_file(file, lambda view, content: _imports(view, view.rows(query, content)))

    def importers_of(self, module: str, limit: int = 50) -> list[FoundImport]:
        """Who imports from a module, given as it is written or by the last part of its name."""
        query = f"SELECT {_IMPORT} FROM imports WHERE tail = ? AND (module = ? OR ? = tail) LIMIT ?"
        tail = module_tail(module)
        return [
            found
            for view in self._views
            for found in _imports(view, view.rows(query, tail, module, module, limit))
        ][:limit]

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
        asked: list[tuple[str, str]] = [
            ("name GLOB ?" if "*" in name else "name = ?", name.replace("[", "[[]")) for name in names
        ]
        found = []
        for view in self._views:
            conditions = list(asked)
            if folder is not None and (folder == view.root or view.name(folder) is not None):
                below = folder.relative_to(view.root).as_posix()
                conditions.append(("folder = ?", "" if below == "." else below))
            for condition, value in conditions:
                rows = view.rows(f"SELECT folder, name FROM files WHERE {condition} LIMIT ?", value, limit)
                paths = (join(*row) for row in rows)
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
        """The lines of a chunk or symbol, read from disk; None if the file is not what was indexed."""
        return self.lines(found.root / found.path, found.start_line, found.end_line)

    def lines(self, file: Path, start_line: int, end_line: int) -> str | None:
        """Lines of an indexed file, read from disk; None if the file is not what was indexed."""
        if file not in self._texts:
            text = next(
                (text for view in self._views if (text := text_on_disk(view, file)) is not None), None
            )
            self._texts[file] = None if text is None else split_lines(text)
        lines = self._texts[file]
        return None if lines is None else "".join(lines[start_line:end_line])

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


_IMPORT = "content, module, name, alias, line"


def _imports(view: CatalogView, rows: Sequence[Row]) -> list[FoundImport]:
    return [FoundImport(view.root, path, *row[1:]) for row, path in view.with_paths(rows)]
