"""Imports: what a file takes from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, or one whole module.

    Attributes:
        module: as written: `a.b`, `..x`, `./util`, `stdio.h`, `std::collections`.
        name: the name taken from the module; empty where the module itself is imported, `*` for all of them.
        alias: what it is called in this file where that is another name, else empty.
        line: where it stands, from 0.
    """

    module: str
    name: str
    alias: str
    line: int
