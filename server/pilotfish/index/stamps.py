"""Stamps: what is remembered of each file so that an unchanged one is never read again."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pilotfish.errors import IndexFault
from pilotfish.index.manifest import write_file

_RECORD = struct.Struct("<Qq16s")
_HEADER = struct.Struct("<4sII")
_MAGIC = b"PFS1"

RACY_NS = 2_000_000_000
NEVER_NS = -1
"""A time that no file has: the file is compared by its content next time."""


class Stamp(NamedTuple):
    """A file as it was when it was read: bytes, time of change in ns, blake2b-128 of its content."""

    size: int
    mtime_ns: int
    digest: bytes


class LeftOut(NamedTuple):
    """A file that was looked at and is not source: bytes, time of change in ns, why."""

    size: int
    mtime_ns: int
    reason: str


def settled(mtime_ns: int, read_at_ns: int) -> int:
    """The time to remember for a file that was read at `read_at_ns` (both since the epoch).

    A file changed a moment before it was read may change once more without its time moving on (file systems
    count in steps of up to 2 s), so such a time is not trusted.
    """
    return mtime_ns if mtime_ns < read_at_ns - RACY_NS else NEVER_NS


def write_stamps(path: Path, stamps: Sequence[Stamp]) -> None:
    """Write the stamps of a segment's files, by file number. Raises OSError."""
    body = b"".join(_RECORD.pack(*stamp) for stamp in stamps)
    write_file(path, _HEADER.pack(_MAGIC, len(stamps), zlib.crc32(body)) + body)


def read_stamps(path: Path) -> list[Stamp]:
    """Read them back.

    Raises:
        IndexFault: the file is missing or damaged.
    """
    try:
        data = path.read_bytes()
        magic, count, checksum = _HEADER.unpack_from(data)
    except (OSError, struct.error) as error:
        raise IndexFault("the index's file table is missing or damaged") from error
    body = data[_HEADER.size :]
    if magic != _MAGIC or len(body) != count * _RECORD.size or zlib.crc32(body) != checksum:
        raise IndexFault("the index's file table is damaged")
    return [Stamp(*record) for record in _RECORD.iter_unpack(body)]


def write_left_out(path: Path, files: Mapping[str, LeftOut]) -> None:
    """Write what was left out, by path relative to the root. Raises OSError."""
    write_file(path, json.dumps(files).encode())


def read_left_out(path: Path) -> dict[str, LeftOut]:
    """Read it back; nothing if it cannot be read: the files are then looked at once more."""
    try:
        entries = json.loads(path.read_bytes())
        return {
            name: LeftOut(int(size), int(mtime_ns), str(reason))
            for name, (size, mtime_ns, reason) in entries.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
