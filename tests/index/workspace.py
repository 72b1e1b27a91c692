"""A small workspace, and what an index says of it."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotfish.index import manifest as layout
from pilotfish.index import schema
from pilotfish.index.indexer import Indexer
from pilotfish.index.reader import IndexReader
from pilotfish.index.store import Store
from pilotfish.index.view import IndexView

LONG_AGO_NS = 1_600_000_000 * 10**9

FILES = {f"pkg{i % 3}/mod{i}.py": f"def f{i}(x):\n    return x + {i}\n" for i in range(12)} | {
    "README.md": "# A workspace\n",
    "é/ünï.ts": "const größe = 1;\n",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The part of the settings that the index reads."""

    max_file_bytes: int = 1_000_000
    max_tokens: int = 60_000_000
    exclude: tuple[str, ...] = ()


LIMITS = Limits()


def lay_out(root: Path, files: Mapping[str, str | bytes] = FILES) -> Path:
    """Write files with a time long past, so that their times can be trusted."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(root / path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return root


def scan(root: Path, directory: Path, limits: Limits = LIMITS) -> None:
    """Bring an index up to date as the indexer process would."""
    with Store(root, directory) as store:
        Indexer(store, limits).scan()


def contents(view: IndexView) -> dict[str, str]:
    """The tokens of each file that counts, by path; a file that counts twice is an error."""
    found: dict[str, str] = {}
    for part in view.segments:
        segment = part.segment
        for number, path in enumerate(segment.paths):
            if number not in part.dead:
                assert path not in found
                tokens = segment.stream[segment.starts[number] : segment.starts[number + 1]].tolist()
                found[path] = "".join(segment.texts.some(tokens))
    assert len(found) == view.files
    return found


def read(root: Path, directory: Path) -> dict[str, str]:
    """What a reader that comes now finds."""
    reader = IndexReader(root, directory)
    view = reader.view()
    assert reader.fault is None
    return contents(view)


def undisturbed(root: Path, directory: Path, limits: Limits = LIMITS) -> dict[str, str]:
    """What an index that is built anew says."""
    scan(root, directory, limits)
    return read(root, directory)


def database(directory: Path) -> Path:
    """The catalog that the manifest names."""
    manifest = layout.load(directory)
    assert manifest is not None
    return directory / layout.CATALOGS / manifest.catalog / schema.FILE


def catalogued(directory: Path) -> dict[str, Any]:
    """What the catalog says of each file, by path, without the numbers that it gives."""
    if layout.load(directory) is None:
        return {}
    connection = sqlite3.connect(database(directory))
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.term USING fts5vocab(main, uses, instance)")
        uses = defaultdict(list)
        for term, chunk in connection.execute("SELECT term, doc FROM temp.term"):
            uses[chunk].append(term)
        files = connection.execute("SELECT folder, name, content FROM files ORDER BY folder, name").fetchall()
        return {
            f"{folder}/{name}" if folder else name: _said_of(connection, content, uses)
            for folder, name, content in files
        }
    finally:
        connection.close()


def _said_of(
    connection: sqlite3.Connection, content: int, uses: Mapping[int, list[str]]
) -> list[list[tuple[Any, ...]]]:
    queries = (
        "SELECT hash, language, bytes, lines, left_at FROM contents WHERE id = ?",
        "SELECT names.name, owners.name, kind, container, start_line, end_line, name_line, signature, doc,"
        " bases FROM symbols JOIN names ON names.id = symbols.name LEFT JOIN names AS owners"
        " ON owners.id = owner WHERE content = ? ORDER BY number",
        "SELECT module, name, alias, known_as, line FROM imports WHERE content = ? ORDER BY number",
    )
    said = [connection.execute(query, (content,)).fetchall() for query in queries]
    chunks = connection.execute("SELECT * FROM chunks WHERE content = ? ORDER BY start_line", (content,))
    said.append([(*row[2:], sorted(uses[row[0]])) for row in chunks])
    return said
