"""What was found by names, put in order by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pilotfish.context.embeddings import MOST_LINES, WEIGHT, Alike, in_order
from pilotfish.context.place import Place
from pilotfish.context.snippet import Snippet
from pilotfish.index.found import FoundChunk
from pilotfish.text.document import Position
from tests.marked import document_of


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


def around(near: Mapping[str, float]) -> Place:
    region = Place(document_of("\n"), Position(0, 0), Position(0, 0), ())
    region.__dict__["near"] = near
    return region


def line(name: str, text: str, score: float) -> Snippet:
    return Snippet(f"{name}.py", 1, text, "definitions", score, name)


def test_lines_that_speak_of_the_same_things_are_worth_more() -> None:
    block = Snippet("block.py", 1, "ray_bundle.collect(RayBundle)\n", "similar", 0.95)
    ranked = [
        line("step", "def step(optimizer):\n", 1.0),
        block,
        line("collect", "def collect(ray_bundle: RayBundle):\n", 0.9),
    ]
    near = {"RayBundles": 1.0, "collected": 0.5}
    reordered = Alike(around(near))(ranked)
    assert [snippet.path for snippet in reordered] == ["collect.py", "step.py", "block.py"]
    assert reordered[-1] == block, "blocks are left as they are"
    assert 0.9 < reordered[0].score <= 0.9 + WEIGHT
    assert [each.subject for each in Alike(around({}))(ranked)] == ["step", "", "collect"]
    assert Alike(around(near))([]) == []


def test_only_the_best_lines_are_weighed() -> None:
    ranked = [line(f"other{number}", "x = y\n", 2.0) for number in range(MOST_LINES)]
    ranked.append(line("bundle", "bundle\n", 1.9))
    assert Alike(around({"bundle": 1.0}))(ranked)[-1].score == 1.9


def test_what_was_weighed_before_is_not_compared_again() -> None:
    known: dict[str, float] = {}
    first = Alike(around({"bundles": 1.0}), known)([line("bundle", "bundle()\n", 1.0)])
    assert [*known] == ["bundle"]
    again = Alike(around({}), known)([line("bundle", "bundle()\n", 1.0)])
    assert again == first != [line("bundle", "bundle()\n", 1.0)]
