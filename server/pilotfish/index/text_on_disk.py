"""The text of an indexed file as it is now, or nothing: what was indexed is never quoted where it is gone."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from pilotfish.index.catalog_view import CatalogView
from pilotfish.platform.files import read_bytes, text_of


def text_on_disk(view: CatalogView, file: Path) -> str | None:
    """The file's text if it is, to the byte, what the catalog tells of; some 100 µs for 50 kB."""
    path = view.name(file)
    if path is None:
        return None
    folder, _, name = path.rpartition("/")
    found = view.rows(
        "SELECT files.size, hash FROM files JOIN contents ON contents.id = files.content"
        " WHERE folder = ? AND name = ?",
        folder,
        name,
    )
    if not found:
        return None
    size, digest = found[0]
    data = read_bytes(file, size)
    if isinstance(data, str) or blake2b(data, digest_size=16).digest() != digest:
        return None
    return text_of(data)
