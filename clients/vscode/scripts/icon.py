"""Draws the extension's icon, a pilotfish, as `images/icon.png`; run from the repository's root."""

from __future__ import annotations

import math
import struct
import sys
import zlib
from pathlib import Path

PATH = Path("clients") / "vscode" / "images" / "icon.png"
SIZE = 128
_FINE = 4
"""Each pixel is the mean of so many by so many points."""

Colour = tuple[int, int, int, int]
_NOTHING: Colour = (0, 0, 0, 0)
_SEA: Colour = (16, 42, 67, 255)
_BODY: Colour = (217, 236, 247, 255)
_BAND: Colour = (45, 125, 180, 255)
_EYE: Colour = (10, 25, 40, 255)


def colour_at(x: float, y: float) -> Colour:
    """What is at a point of the unit square, y downwards: a banded fish that swims to the right."""
    corner = math.hypot(max(abs(x - 0.5) - 0.32, 0), max(abs(y - 0.5) - 0.32, 0))
    if corner > 0.16:
        return _NOTHING
    if math.hypot(x - 0.755, y - 0.47) < 0.024:
        return _EYE
    along = (x - 0.2) / 0.66
    half = 0.19 * math.sin(math.pi * along**0.8) if 0 < along < 1 else 0.0
    if abs(y - 0.5) < half:
        # Its bands lean with the curve of its side.
        is_band = (x + 0.35 * (y - 0.5) ** 2 / 0.1) % 0.13 < 0.06 and x < 0.7
        return _BAND if is_band else _BODY
    tail = 0.3 - x
    if 0.1 < x < 0.3 and 0.25 * tail < abs(y - 0.5) + 0.02 < 0.06 + 0.75 * tail:
        return _BODY
    if 0.4 < x < 0.58 and 0.5 - half - 0.09 * math.sin(math.pi * (x - 0.4) / 0.18) < y < 0.5:
        return _BAND
    return _SEA


def png() -> bytes:
    """The picture."""
    rows = b"".join(b"\0" + bytes(_pixels(y)) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _pixels(row: int) -> list[int]:
    values: list[int] = []
    steps = [(step + 0.5) / _FINE for step in range(_FINE)]
    for column in range(SIZE):
        points = [colour_at((column + dx) / SIZE, (row + dy) / SIZE) for dx in steps for dy in steps]
        alpha = sum(point[3] for point in points)
        for channel in range(3):
            weighted = sum(point[channel] * point[3] for point in points)
            values.append(round(weighted / alpha) if alpha else 0)
        values.append(round(alpha / len(points)))
    return values


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    PATH.write_bytes(png())
    sys.exit(0)
