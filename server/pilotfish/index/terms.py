"""Finding symbols and chunks in one catalog by words: rare ones first, common ones hardly, bounded work.

A term's places come from FTS5 as numbers, and are weighed here: its own `bm25` needs the places within a
text, which would double the catalog, and knows no weights of terms.
"""
# ruff: noqa: S608 - queries are put together of words of ours and numbers; what is asked for is bound

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import log
from typing import Any

from pilotfish.index.catalog_reader import Row
from pilotfish.index.catalog_view import CatalogView
from pilotfish.index.found import FoundChunk, FoundSymbol

_WORD = re.compile(r"\w+")

MAX_PLACES = 120
"""A term that stands in more chunks than this finds nothing: it tells too little of any."""

MAX_COUNTED = 4_000
"""Nobody counts further: beyond this a term is common, and how common hardly matters."""

_USUAL_NAMES = 50
_LENGTH_SHARE = 0.5
"""How many names a chunk usually has, and how much a longer one loses (the b of BM25)."""

_SYMBOL = (
    "symbols.content, names.name, kind, container, start_line, end_line, name_line, signature, doc, bases"
)
_CHUNK = "content, start_line, end_line, kind, symbol, hash, id"


def symbols(view: CatalogView, where: str, each: Iterable[Any], limit: int) -> list[FoundSymbol]:
    """The symbols of files that count: at most `limit` for each value, in the order of contents and lines."""
    query = (
        f"SELECT {_SYMBOL} FROM symbols JOIN names ON names.id = symbols.name"
        f" WHERE {where} ORDER BY symbols.content, symbols.number LIMIT ?"
    )
    found = view.rows_of_each(query, ((value, limit) for value in each))
    return _symbols(view, [row for rows in found for row in rows])


def chunks(view: CatalogView, where: str, *values: Any) -> list[FoundChunk]:
    """The chunks of files that count."""
    rows = view.rows(f"SELECT {_CHUNK} FROM chunks WHERE {where}", *values)
    return [FoundChunk(view.root, path, *row[1:]) for row, path in view.with_paths(rows)]


def search(
    view: CatalogView, terms: Sequence[tuple[str, float]], limit: int
) -> list[tuple[FoundChunk, float]]:
    """The chunks with the highest sums of weight × inverse frequency, longer chunks a little lower."""
    scores = _scores(view, terms)
    best = sorted(scores, key=lambda place: -scores[place])[: 2 * limit]
    lengths: dict[int, int] = dict(view.rows(f"SELECT id, names FROM chunks WHERE id IN ({_list(best)})"))
    return [
        (chunk, scores[chunk.number] / (1 - _LENGTH_SHARE + _LENGTH_SHARE * names / _USUAL_NAMES) ** 0.5)
        for chunk in chunks(view, f"id IN ({_list(best)})")
        if (names := lengths.get(chunk.number)) is not None
    ]


def containing(view: CatalogView, names: Collection[str], limit: int) -> list[FoundChunk]:
    """Chunks in which all of these names occur."""
    query = " AND ".join(f'"{name}"' for name in names if _WORD.fullmatch(name))
    if not query:
        return []
    return chunks(view, "id IN (SELECT rowid FROM uses WHERE uses MATCH ? LIMIT ?)", query, limit)


def frequency(view: CatalogView, term: str) -> int:
    """In how many chunks a term occurs, counted up to a bound."""
    if not _WORD.fullmatch(term):
        return 0
    query = "SELECT count(*) FROM (SELECT 1 FROM uses WHERE uses MATCH ? LIMIT ?)"
    return sum(count for (count,) in view.rows(query, f'"{term}"', MAX_COUNTED))


def _scores(view: CatalogView, terms: Sequence[tuple[str, float]]) -> dict[int, float]:
    """The sum of weight × inverse frequency at each place of terms that are not common."""
    asked = {term: weight for term, weight in terms if _WORD.fullmatch(term)}
    query = f"SELECT rowid FROM uses WHERE uses MATCH ? LIMIT {MAX_PLACES + 1}"
    places = view.rows_of_each(query, ([f'"{term}"'] for term in asked))
    total = sum(number or 0 for (number,) in view.rows("SELECT max(id) FROM chunks"))
    scores: dict[int, float] = defaultdict(float)
    for term, found in zip(asked, places, strict=False):  # Nothing is found once time is up.
        if len(found) <= MAX_PLACES:
            rarity = asked[term] * log(1 + total / (len(found) + 1))
            for (place,) in found:
                scores[place] += rarity
    return scores


def _symbols(view: CatalogView, rows: Sequence[Row]) -> list[FoundSymbol]:
    found = []
    for row, path in view.with_paths(rows):
        _, name, kind, container, start, end, at, signature, doc, joined = row
        bases = tuple(joined.split(",")) if joined else ()
        found.append(
            FoundSymbol(view.root, path, name, kind, container, start, end, at, signature, doc, bases)
        )
    return found


def _list(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
