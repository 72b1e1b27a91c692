"""Asking the catalogs: one object a question, bounded in time, blind to files that do not count now.

Everything here blocks for up to some milliseconds inside SQLite (which lets other threads run): call it from
a worker thread, or between two steps. Nothing raises: what cannot be read is not found. A `file` that is
asked about is given by its whole path, without links on the way: there may be several workspace folders.
"""
# ruff: noqa: ARG002 - the shape first

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pilotfish.index.found import FoundChunk, FoundImport, FoundSymbol


class Lookup:
    """The catalogs of all workspace folders, for one question.

    Args:
        catalogs: one a workspace folder, opened for reading.
        hidden: files that do not count: open in an editor, or changed and not read again yet.
        deadline: by `time.monotonic`; what is found by then is the answer.

    Attributes:
        is_late: whether something was cut short by the deadline.
    """

    def __init__(
        self,
        catalogs: Sequence[object] = (),
        hidden: Collection[Path] = frozenset(),
        deadline: float = float("inf"),
    ) -> None:
        self._catalogs = catalogs
        self._hidden = hidden
        self._deadline = deadline
        self.is_late = False

    def definitions(self, names: Collection[str], limit: int = 50) -> list[FoundSymbol]:
        """Symbols with exactly these names; at most `limit` a name."""
        return []

    def members(self, containers: Collection[str], limit: int = 200) -> list[FoundSymbol]:
        """Symbols directly inside classes, structs, modules … of these names, in the order of their file.

        A container's name is its last part: `Inner` finds what stands in `Outer.Inner`.
        """
        return []

    def symbols_near(self, name: str, limit: int = 10) -> list[FoundSymbol]:
        """Symbols whose name is `name` up to an edit distance of 2 or its case, the nearest first."""
        return []

    def symbols_of(self, file: Path) -> list[FoundSymbol]:
        """All symbols of a file, in order."""
        return []

    def imports_of(self, file: Path) -> list[FoundImport]:
        """What a file imports, in order."""
        return []

    def importers_of(self, module: str, limit: int = 50) -> list[FoundImport]:
        """Who imports from a module, given as it is written or by the last part of its name."""
        return []

    def who_imports(self, name: str, limit: int = 10) -> list[tuple[FoundImport, int]]:
        """Ways in which this code base imports a name: an example and how many files have it; most first."""
        return []

    def files(self, names: Collection[str] = (), folder: Path | None = None, limit: int = 200) -> list[Path]:
        """Files by their own name (`test_api.py`; `*` for any run of signs), or all in one folder."""
        return []

    def search(self, terms: Sequence[tuple[str, float]], limit: int = 50) -> list[tuple[FoundChunk, float]]:
        """Chunks by the names in them, weighed by rarity (BM25), the best first.

        Args:
            terms: names as written, or words of names in lower case; each with a weight.
            limit: the most chunks. The rarest terms are looked at first, and at most a few thousand places
                in all, so that a question's time does not grow with the code base.
        """
        return []

    def containing(self, names: Collection[str], limit: int = 50) -> list[FoundChunk]:
        """Chunks in which all of these names occur."""
        return []

    def frequency(self, terms: Collection[str]) -> dict[str, int]:
        """In how many chunks each term occurs; those that do not are left out."""
        return {}

    def chunks_of(self, file: Path) -> list[FoundChunk]:
        """All chunks of a file, in order: together they are the whole file."""
        return []

    def chunks_after(self, number: int, limit: int = 1000) -> Iterator[FoundChunk]:
        """All chunks page by page, by number, each text once: begin with 0, go on with the last number."""
        return iter(())

    def text(self, found: FoundChunk | FoundSymbol) -> str | None:
        """The lines of a chunk or symbol, read from disk; None if the file is not what was indexed."""
        return None

    def lines(self, file: Path, start_line: int, end_line: int) -> str | None:
        """Lines of an indexed file, read from disk; None if the file is not what was indexed."""
        return None

    def _is_over(self) -> bool:
        self.is_late = self.is_late or time.monotonic() > self._deadline
        return self.is_late
