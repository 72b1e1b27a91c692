"""Chunks: a file cut into pieces that can be found and shown on their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of a file. Each line of a file is in exactly one chunk.

    Attributes:
        start_line: its first line, from 0.
        end_line: the line after its last one.
        kind: the kind of the symbol that it is or is part of; `lines` where it belongs to none.
        symbol: that symbol's path (`Class.method`); empty where it belongs to none.
        names: the identifiers in it with how often they are used, without the language's own words; where a
            name is defined here, that one occurrence is not counted.
    """

    start_line: int
    end_line: int
    kind: str
    symbol: str
    names: Mapping[str, int]
