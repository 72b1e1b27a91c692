"""What was found by names, put in order by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pilotfish.context.embeddings import HashedLikeness, in_order
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.found import FoundChunk
from pilotfish.index.lookup import Lookup
from pilotfish.models.hashed import HashedVectors
from pilotfish.settings.model import IndexSettings


class Told:
    """Likenesses as told."""

    def __init__(self, known: Mapping[bytes, float]) -> None:
        self.known = known

    def of(self, chunks: Sequence[FoundChunk]) -> Mapping[bytes, float]:
        return {each.hash: self.known[each.hash] for each in chunks if each.hash in self.known}


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


def test_without_a_model_names_alike_are_near(tmp_path: Path) -> None:
    files = {
        "bundles.py": "def collect(ray_bundle):\n    return [RayBundle(b) for b in ray_bundle.bundles]\n",
        "optimize.py": "def step(optimizer):\n    optimizer.step()\n    optimizer.zero_grad()\n",
    }
    for name, text in files.items():
        (tmp_path / "ws").mkdir(exist_ok=True)
        (tmp_path / "ws" / name).write_text(text)
    build(tmp_path / "ws", tmp_path / "index", IndexSettings())
    catalog = CatalogReader(tmp_path / "ws", tmp_path / "index")
    lookup = Lookup([catalog])
    [bundles], [optimize] = (lookup.chunks_of(tmp_path / "ws" / name) for name in files)
    gone = replace(bundles, path="gone.py", hash=b"gone")
    likeness = HashedLikeness({"RayBundles": 1.0, "step": 0.1}, lookup, HashedVectors())
    known = likeness.of([optimize, gone, bundles])
    assert known.keys() == {optimize.hash, bundles.hash}
    assert known[bundles.hash] > known[optimize.hash] > 0
    catalog.close()
