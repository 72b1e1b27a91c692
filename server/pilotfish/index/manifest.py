"""The manifest: which segments are the index at one generation, and which of their files no longer count.

It is the one commit point. Everything else in the directory has a name that is never used twice and is whole
before a manifest mentions it; the manifest itself is replaced in one step. So whatever is killed, whenever,
a reader finds the generation before or the generation after.

    manifest.json
    segments/<generation>-<random>/          one immutable segment (`index/segment.py`)
    stamps/<generation>-<random>             size, time and hash of a segment's files (`index/stamps.py`)
    left-out/<generation>-<random>           files that were looked at and are not source
    catalogs/<generation>-<random>/          the catalog (`index/schema.py`), which has commits of its own
    writer.lock                              held by the one process that writes
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pilotfish.errors import IndexFault

FORMAT = 2
"""Raised whenever an older pilotfish could misread what this one writes, or the other way round."""

MANIFEST = "manifest.json"
SEGMENTS = "segments"
STAMPS = "stamps"
LEFT_OUT = "left-out"
CATALOGS = "catalogs"
FOLDERS = (SEGMENTS, STAMPS, LEFT_OUT, CATALOGS)
LOCK = "writer.lock"

# On Windows a file cannot be replaced in the very moment in which a reader has it open.
_REPLACE_DELAYS_S = (0.01, 0.03, 0.1, 0.3)

_NAME = re.compile(r"[0-9]{1,12}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment as the manifest names it.

    Attributes:
        name: of its directory below `segments/`.
        stamps: of its file below `stamps/`; renewed when files were touched without being changed.
        files: how many it holds, with those that no longer count.
        tokens: likewise.
        size_bytes: on disk.
        dead: numbers of the files that no longer count, ascending.
    """

    name: str
    stamps: str
    files: int
    tokens: int
    size_bytes: int
    dead: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The index at one generation.

    Attributes:
        generation: grows with every commit.
        is_complete: whether a scan has gone through to its end since the index was begun.
        left_out: name of the file below `left-out/`, or empty.
        catalog: name of the directory below `catalogs/`, or empty.
    """

    generation: int = 0
    is_complete: bool = False
    left_out: str = ""
    segments: tuple[SegmentEntry, ...] = ()
    catalog: str = ""

    @property
    def files(self) -> int:
        """Files that count."""
        return sum(entry.files - len(entry.dead) for entry in self.segments)

    @property
    def tokens(self) -> int:
        """Tokens in all segments, with those of dead files that are not merged away yet."""
        return sum(entry.tokens for entry in self.segments)

    @property
    def size_bytes(self) -> int:
        """All segments on disk."""
        return sum(entry.size_bytes for entry in self.segments)


def new_name(generation: int) -> str:
    """A name never used here, not even by an index that was thrown away: readers keep segments by name."""
    return f"{generation:06d}-{secrets.token_hex(4)}"


def load(directory: Path) -> Manifest | None:
    """The manifest of an index directory, or None if there is none yet.

    Raises:
        IndexFault: it is damaged, or of another version.
    """
    try:
        document = json.loads((directory / MANIFEST).read_bytes())
        if document["format"] != FORMAT:
            raise IndexFault(f"the index was written by another version (format {document['format']})")
        body = document["body"]
        if document["checksum"] != _checksum(body):
            raise IndexFault("the index's manifest is damaged")
        return _structure(body)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexFault(f"cannot read the index in {directory}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexFault("the index's manifest is damaged") from error


def status(directory: Path) -> tuple[int, ...]:
    """What differs once the manifest was replaced; empty if there is none. Asked before each question."""
    try:
        found = os.stat(os.path.join(directory, MANIFEST))  # noqa: PTH116, PTH118 - pathlib takes twice as long
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def save(directory: Path, manifest: Manifest) -> None:
    """Make `manifest` the index, in one step. Raises OSError; the former generation then stands."""
    body = asdict(manifest)
    document = {"format": FORMAT, "checksum": _checksum(body), "body": body}
    replace_file(directory / MANIFEST, json.dumps(document).encode())


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that it is either the old one or the new one, also after a power cut."""
    new = path.with_name(path.name + ".new")
    write_file(new, data)
    for delay_s in (*_REPLACE_DELAYS_S, None):
        try:
            new.replace(path)
            break
        except PermissionError:
            if os.name == "posix" or delay_s is None:
                raise
            time.sleep(delay_s)
    sync_directory(path.parent)


def mark_as_cache(directory: Path) -> None:
    """Tell backups, and our own walk if the cache lies in a workspace, to pass by (bford.info/cachedir)."""
    tag = directory / "CACHEDIR.TAG"
    if not tag.exists():
        tag.write_text(
            "Signature: 8a477f597d28d172789f06886806bc55\n# The index of pilotfish; may be deleted.\n"
        )


def write_file(path: Path, data: bytes) -> None:
    """Write a new file through to the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Make names in a directory last; a no-op on Windows, where a directory cannot be opened."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _checksum(body: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())


def _structure(body: dict[str, Any]) -> Manifest:
    """Only names that this module makes are taken: a planted manifest must not lead out of its directory."""
    entries = tuple(
        SegmentEntry(
            name=_name(entry["name"]),
            stamps=_name(entry["stamps"]),
            files=int(entry["files"]),
            tokens=int(entry["tokens"]),
            size_bytes=int(entry["size_bytes"]),
            dead=tuple(int(number) for number in entry["dead"]),
        )
        for entry in body["segments"]
    )
    left_out = body["left_out"] and _name(body["left_out"])
    catalog = body["catalog"] and _name(body["catalog"])
    return Manifest(int(body["generation"]), bool(body["is_complete"]), left_out, entries, catalog)


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError(value)
    return value
