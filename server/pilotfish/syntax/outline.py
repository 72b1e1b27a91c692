r"""What a file holds: symbols, chunks with the names used in them, and imports.

    outline = outline_of(text, language_of_path(path))

Lines are counted as the protocol does (`text.lines.split_lines`: `\n`, `\r\n` and `\r` end one), but for the
empty one after a last line end, which is none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pilotfish.syntax.chunks import Chunk
from pilotfish.syntax.imports import Import
from pilotfish.syntax.languages import Language
from pilotfish.syntax.symbols import Symbol

_LINES_A_CHUNK = 40
_NAME = re.compile(r"[^\W\d]\w+")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file holds, each in the order of the file."""

    symbols: tuple[Symbol, ...]
    chunks: tuple[Chunk, ...]
    imports: tuple[Import, ...]


def outline_of(text: str, language: Language) -> Outline:
    """The outline of any text; never raises."""
    del language
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    chunks = []
    for start in range(0, len(lines), _LINES_A_CHUNK):
        part = lines[start : start + _LINES_A_CHUNK]
        names = Counter(_NAME.findall("\n".join(part)))
        chunks.append(Chunk(start, start + len(part), "lines", "", names))
    return Outline((), tuple(chunks), ())
