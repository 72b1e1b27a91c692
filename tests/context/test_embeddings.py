"""What was found by names, put in order by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pilotfish.context.embeddings import in_order
from pilotfish.index.found import FoundChunk


class Told:
    """Likenesses as told."""

    def __init__(self, known: Mapping[bytes, float]) -> None:
        self.known = known

    def of(self, hashes: Sequence[bytes]) -> Mapping[bytes, float]:
        return {each: self.known[each] for each in hashes if each in self.known}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "abcdef"),
        ({"a": 0.9, "b": 0.8, "c": 0.7}, "abcdef"),
        ({"f": 0.9, "e": 0.8, "d": 0.7, "c": 0.6, "b": 0.5, "a": 0.4}, "afbecd"),
        ({"f": 0.9}, "abcfde"),
        ({"a": -1.0, "b": 0.9, "c": 0.8}, "bacdef"),
    ],
)
def test_both_orders_count(known: dict[str, float], expected: str) -> None:
    found = [
        FoundChunk(Path("/ws"), f"{name}.py", 0, 9, "function", name, name.encode(), number)
        for number, name in enumerate("abcdef")
    ]
    ordered = in_order(found, Told({name.encode(): each for name, each in known.items()}))
    assert "".join(chunk.symbol for chunk in ordered) == expected
