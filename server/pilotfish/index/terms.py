"""Finding symbols and chunks in one catalog by words: rare ones first, common ones hardly, bounded work.

A term's places come from FTS5 as numbers, and are weighed here: its own `bm25` needs the places within a
text, which would double the catalog, and knows no weights of terms.
"""
# ruff: noqa: S608 - queries are put together of words of ours and numbers; what is asked for is bound

from __future__ import annotations

import json
import re
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from heapq import nlargest
from math import log
from typing import Any

from pilotfish.index.catalog_reader import Row
from pilotfish.index.catalog_view import CatalogView, path_column
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
    f"symbols.content, {path_column('symbols')}, names.name, kind, container,"
    " start_line, end_line, name_line, signature, doc, bases"
)
_LAST_CHUNK = "SELECT max(id) FROM chunks WHERE id > ?"
_CHUNK = f"content, {path_column('chunks')}, start_line, end_line, kind, symbol, hash, id"


def named(view: CatalogView, names: Iterable[str], limit: int) -> list[FoundSymbol]:
    """Symbols with these names: at most `limit` a name."""
    return _symbols_named(view, "symbols.name = ?", names, limit)


def inside(view: CatalogView, owners: Iterable[str], limit: int) -> list[FoundSymbol]:
    """Symbols directly in what has these names: at most `limit` a name."""
    return _symbols_named(view, "symbols.owner = ?", owners, limit)


def symbols_in(view: CatalogView, content: int, limit: int) -> list[FoundSymbol]:
    """The symbols of one content, in order."""
    every = view.remembered_rows(_symbol_query("symbols.content = ?"), [content], limit)
    return _symbols(view, every.values())


def chunks(view: CatalogView, where: str, *values: Any) -> list[FoundChunk]:
    """The chunks of files that count."""
    rows = view.rows(f"SELECT {_CHUNK} FROM chunks WHERE {where}", *values)
    return [FoundChunk(view.root, path, *row[2:]) for row, path in view.with_paths(rows)]


def search(
    view: CatalogView, terms: Sequence[tuple[str, float]], limit: int
) -> list[tuple[FoundChunk, float]]:
    """The chunks with the highest sums of weight × inverse frequency, longer chunks a little lower."""
    scores = _scores(view, terms)
    best = nlargest(2 * limit, scores, key=scores.__getitem__)
    found = []
    for (*row, names), path in view.with_paths(
        [*view.remembered("chunks", best, partial(_rows, view)).values()]
    ):
        chunk = FoundChunk(view.root, path, *row[2:])
        longer = 1 - _LENGTH_SHARE + _LENGTH_SHARE * names / _USUAL_NAMES
        found.append((chunk, scores[chunk.number] / longer**0.5))
    return found


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


def _rows(view: CatalogView, numbers: Sequence[int]) -> dict[int, Row]:
    """The row of each chunk, with how many names are in it."""
    query = f"SELECT {_CHUNK}, names FROM chunks WHERE id IN (SELECT value FROM json_each(?))"
    return {row[-2]: row for row in view.rows(query, json.dumps(numbers))}


def _scores(view: CatalogView, terms: Sequence[tuple[str, float]]) -> dict[int, float]:
    """The sum of weight × inverse frequency at each place of terms that are not common."""
    asked = {f'"{term}"': weight for term, weight in terms if _WORD.fullmatch(term)}
    total = sum(number or 0 for (number,) in view.remembered_rows(_LAST_CHUNK, [0]).get(0, ()))
    scores: dict[int, float] = defaultdict(float)
    for term, (places,) in view.remembered("places", asked, partial(_places, view)).items():
        rarity = asked[term] * log(1 + total / (len(places) + 1))
        for place in places:
            scores[place] += rarity
    return scores


def _places(view: CatalogView, terms: Sequence[str]) -> dict[str, tuple[array[int]]]:
    """The chunks in which each term stands; what is common is left out, as what is nowhere."""
    # One row a term, with its places in one text: as many rows as places would take twice as long.
    query = (
        f"SELECT CASE WHEN count(*) <= {MAX_PLACES} THEN group_concat(rowid) END"
        f" FROM (SELECT rowid FROM uses WHERE uses MATCH ? LIMIT {MAX_PLACES + 1})"
    )
    found = view.rows_of_each(query, ((term,) for term in terms))
    return {
        term: (array("q", map(int, joined.split(","))),)
        for term, ((joined,),) in zip(terms, found, strict=False)
        if joined
    }


def _numbers(view: CatalogView, names: Sequence[str]) -> dict[str, int]:
    """The numbers of those names that are known at all: hardly half of what stands in a text."""

    def find(unknown: Sequence[str]) -> dict[str, Row]:
        query = "SELECT name, id FROM names WHERE name IN (SELECT value FROM json_each(?))"
        return {name: (number,) for name, number in view.rows(query, json.dumps(unknown))}

    return {name: number for name, (number,) in view.remembered("numbers", names, find).items()}


def _symbol_query(where: str) -> str:
    """Symbols in the order of contents and lines."""
    return (
        f"SELECT {_SYMBOL} FROM symbols JOIN names ON names.id = symbols.name"
        f" WHERE {where} ORDER BY symbols.content, symbols.number LIMIT ?"
    )


def _symbols_named(view: CatalogView, where: str, names: Iterable[str], limit: int) -> list[FoundSymbol]:
    """The symbols of files that count, by a name in the order of the names."""

    def find(unknown: Sequence[str]) -> dict[str, list[Row]]:
        numbers = _numbers(view, unknown)
        asked = ((number, limit) for number in numbers.values())
        return dict(zip(numbers, view.rows_of_each(_symbol_query(where), asked), strict=False))

    return _symbols(view, view.remembered((where, limit), names, find).values())


def _symbols(view: CatalogView, every: Iterable[Sequence[Row]]) -> list[FoundSymbol]:
    """Those of files that count."""
    made, root = FoundSymbol._make, (view.root,)
    return [
        made((*root, path, *row[2:-1], tuple(row[-1].split(",")) if row[-1] else ()))
        for row, path in view.with_paths([row for rows in every for row in rows])
    ]
