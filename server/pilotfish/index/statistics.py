"""What a catalog holds, counted: for `pilotfish index --stats`."""
# ruff: noqa: S608 - queries are put together of words of ours

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.vectors import makers_of, row_bytes, widths_of
from pilotfish.platform.cache import Cache

_FOREVER = float("inf")
_PAGE = 1_000

_LIVING = "SELECT id, language, lines, bytes FROM contents WHERE left_at IS NULL"
_OF_EACH = f"JOIN ({_LIVING}) AS living ON living.id = content GROUP BY language"
_BY_LANGUAGE = {
    "files": f"SELECT language, count(*) FROM files {_OF_EACH}",
    "contents": f"SELECT language, count(*) FROM ({_LIVING}) GROUP BY language",
    "lines": f"SELECT language, sum(lines) FROM ({_LIVING}) GROUP BY language",
    "bytes": f"SELECT language, sum(bytes) FROM ({_LIVING}) GROUP BY language",
    "chunks": f"SELECT language, count(*) FROM chunks {_OF_EACH}",
    "symbols": f"SELECT language, count(*) FROM symbols {_OF_EACH}",
    "references": f"SELECT language, sum(names) FROM chunks {_OF_EACH}",
    "imports": f"SELECT language, count(*) FROM imports {_OF_EACH}",
}
_HASHES = f"SELECT DISTINCT hash FROM chunks JOIN ({_LIVING}) AS living ON living.id = content"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, of one language or of all.

    Attributes:
        files: by path.
        contents: different ones among them; all that follows is counted once a content.
        lines, bytes: of source.
        chunks: pieces cut along syntax.
        symbols: definitions.
        references: different names in each chunk, added up.
        imports: imported names.
    """

    files: int = 0
    contents: int = 0
    lines: int = 0
    bytes: int = 0
    chunks: int = 0
    symbols: int = 0
    references: int = 0
    imports: int = 0


def count(reader: CatalogReader) -> dict[str, Counts]:
    """Counts by language, the one with most lines first; seconds for a tree the size of a kernel."""
    columns: dict[str, dict[str, int]] = {}
    for column, query in _BY_LANGUAGE.items():
        (rows,) = reader.rows(query, [()], _FOREVER) or [[]]
        columns[column] = dict(rows)
    found = {
        language: Counts(**{column: numbers.get(language, 0) for column, numbers in columns.items()})
        for language in columns["files"]
    }
    return dict(sorted(found.items(), key=lambda each: (-each[1].lines, each[0])))


def total(counts: dict[str, Counts]) -> Counts:
    """All languages together."""
    sums: Counter[str] = Counter()
    for each in counts.values():
        sums.update({name: getattr(each, name) for name in Counts.__slots__})
    return Counts(**sums)


@dataclass(frozen=True, slots=True)
class VectorCounts:
    """The vectors that one provider made of a folder's code.

    Attributes:
        maker: the service and its model.
        pieces: chunks of different text that there are.
        made: how many of them have a vector.
        bytes: about what these take on disk.
        per_second: how many it made a second, the last time.
    """

    maker: str
    pieces: int
    made: int
    bytes: int
    per_second: float


def count_vectors(reader: CatalogReader, cache: Cache) -> list[VectorCounts]:
    """For each who ever made vectors of this folder's code; the one who made most first."""
    (rows,) = reader.rows(_HASHES, [()], _FOREVER) or [[]]
    hashes = [each for (each,) in rows]
    found = []
    for maker, made in makers_of(cache).items():
        pages = range(0, len(hashes), _PAGE)
        widths = [width for at in pages for width in widths_of(cache, maker, hashes[at : at + _PAGE])]
        if widths:
            size = sum(map(row_bytes, widths))
            found.append(VectorCounts(maker, len(hashes), len(widths), size, round(made.per_second, 1)))
    return sorted(found, key=lambda each: -each.made)


def bytes_on_disk(directory: Path) -> dict[str, int]:
    """What an index takes, by the folders in its directory."""
    return {
        folder.name: sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        for folder in sorted(directory.iterdir())
        if folder.is_dir()
    }
