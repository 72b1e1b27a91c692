"""Where a segment's arrays lie, and the paths of its files: read without numpy, which takes long to load."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import IO, Any

from pilotfish.errors import IndexFault

FORMAT = 5
HEADER, DATA = "header.json", "data.bin"


def read_header(directory: Path) -> dict[str, Any]:
    """The header of a segment, checked against its own checksum.

    Raises:
        OSError: it cannot be read.
        ValueError: it is damaged or of another format.
    """
    sealed = json.loads((directory / HEADER).read_bytes())
    if not isinstance(sealed, dict) or not isinstance(header := sealed.get("header"), dict):
        raise ValueError("its header is damaged")
    if header.get("format") != FORMAT:
        raise ValueError(f"it has format {header.get('format')}, not {FORMAT}")
    if sealed.get("checksum") != header_checksum(header):
        raise ValueError("its header is damaged")
    return header


def header_checksum(header: dict[str, Any]) -> int:
    """The checksum that stands beside the header."""
    return zlib.crc32(json.dumps(header, sort_keys=True).encode())


def read_paths(directory: Path) -> list[str]:
    """The paths of a segment's files, by file number.

    Raises:
        IndexFault: the segment is not there, not whole, or of another format.
    """
    try:
        header = read_header(directory)
        with (directory / DATA).open("rb") as file:
            if file.seek(0, 2) != header["bytes"]:
                raise ValueError("its data have the wrong length")
            text, data = _read(file, header, "path"), _read(file, header, "path_ends")
        ends = struct.unpack(f"<{len(data) // 4}I", data)
        return [
            str(text[start:end], "utf-8", "surrogatepass")
            for start, end in zip((0, *ends), ends, strict=False)
        ]
    except (OSError, ValueError, struct.error) as error:
        raise IndexFault(f"The index segment {directory} cannot be opened: {error}.") from error


def _read(file: IO[bytes], header: dict[str, Any], name: str) -> bytes:
    """The bytes of an array of one-byte or four-byte numbers."""
    kind, offset, length, checksum = header["arrays"][name]
    file.seek(offset)
    data = file.read(length * {"|u1": 1, "<u4": 4}[kind])
    if zlib.crc32(data) != checksum:
        raise ValueError(f"wrong checksum of {name}")
    return data
