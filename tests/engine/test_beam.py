from pathlib import Path

import numpy as np
import pytest

from pilotfish.engine import beam, node
from pilotfish.engine.beam import WIDE, Breadth, Hypothesis, search
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.node import Look, Node, Tree
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.build_segment import write_segment
from pilotfish.index.segment import Segment
from pilotfish.index.view import IndexView, SegmentView, SourceFile
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import lex, spell, token_id
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

BODY = "def read(path):\n    with open(path, encoding='utf-8') as file:\n        return parse(file.read())\n"
BALANCED = {"a(b)": True, "a(b": False, "a)": False, ")(": False, "[{()}]": True, "": True}


def scene_at(text: str, segment: Segment | None = None, below: str = "") -> Scene:
    lines = split_lines(text)
    place = Position(len(lines) - 1, len(lines[-1]))
    document = Document(
        "file:///project/new.py", Path("/project/new.py"), "python", 1, split_lines(text + below)
    )
    views = (SegmentView(Path("/project"), segment),) if segment else ()
    return finish(scene(Query(document, place), Buffers(), IndexView(segments=views), Recent()))


@pytest.fixture
def segment(tmp_path: Path) -> Segment:
    write_segment(tmp_path, [SourceFile(f"{name}.py", f"import os\n\n\n{BODY}") for name in ("one", "two")])
    return Segment.open(tmp_path)


def texts(now: Scene, lines: list[Hypothesis]) -> list[str]:
    return [spell(map(now.spell, line.tokens)) for line in lines]


def test_brackets_are_balanced_or_not() -> None:
    now = scene_at("x")
    for text, expected in BALANCED.items():
        line = Hypothesis(now.node, tuple(map(token_id, lex(text)[1:])))
        assert line.is_balanced is expected


def test_a_line_is_doubted_that_leaves_open_what_the_text_below_takes_for_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everything = Breadth(4, 9.0, 9.0, -9.0)
    known = "one(a, b,\n    c)\ntwo(a, b,\n    c,\n    d)\n"
    now = scene_at(f"{known}six(a, b,\n    ", below="\nend()\n")
    doubted = {line.tokens: line.score for line in finish(search(now, breadth=everything))}
    monkeypatch.setattr(beam, "UNBALANCED", 0.0)
    believed = {line.tokens: line.score for line in finish(search(now, breadth=everything))}
    wanted = {
        spell(map(now.spell, line)): believed[line] - doubted[line] for line in {*doubted} & {*believed}
    }
    assert wanted["c)"] == pytest.approx(0.0)
    assert wanted["c,"] == pytest.approx(2.0)


def test_what_all_long_matches_say_is_taken_without_asking(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    looks = Tree.looks

    def counted(tree: Tree, nodes: list[Node]) -> list[Look]:
        asked.append(len(nodes))
        return looks(tree, nodes)

    monkeypatch.setattr(Tree, "looks", counted)
    text = "import os\n\n\ndef read(path):\n    with open(path, encoding="
    now = scene_at(text, segment)
    few = texts(now, finish(search(now))), sum(asked)
    monkeypatch.setattr(node, "AGREED", 1000)
    asked.clear()
    now = scene_at(text, segment)
    many = texts(now, finish(search(now))), sum(asked)
    assert few[0][0] == many[0][0] == "'utf-8') as file:"
    assert few[1] < many[1]


def test_shares_of_all_candidates_are_one_and_come_in_order(segment: Segment) -> None:
    now = scene_at("with open(name, ", segment)
    (look,) = now.tree.looks([now.node])
    assert np.exp([*look.score, look.ends]).sum() == pytest.approx(1.0)
    assert look.score.tolist() == sorted(look.score.tolist(), reverse=True)
    assert len(set(look.token.tolist())) == len(look.token)


def test_lines_come_best_first_and_the_search_ends(segment: Segment) -> None:
    now = scene_at(BODY + "\n\ndef read(other):\n    ", segment)
    found = finish(search(now))
    assert [line.score for line in found] == sorted((line.score for line in found), reverse=True)
    assert texts(now, found)[0].startswith("with open(")


def test_a_wide_search_finds_what_a_narrow_one_finds_and_more() -> None:
    now = scene_at("x = one(a)\ny = two(b)\nz = one(b)\nw = ")
    narrow, wide = (
        {line.tokens for line in finish(found)} for found in (search(now), search(now, breadth=WIDE))
    )
    assert narrow <= wide
    assert len(narrow) < len(wide)


def test_without_anything_to_go_by_there_are_no_lines() -> None:
    now = scene_at("")
    assert texts(now, finish(search(now))) == []


def test_where_one_line_is_good_enough_the_next_is_found_as_well() -> None:
    """How far it is ahead of the next tells how sure it is."""
    now = scene_at("".join(f"use(low, {name})\n" for name in ("one", "two", "one", "two.high")) + "use(low, ")
    found = finish(search(now))
    first, second = (line.score for line in found[:2])
    assert finish(search(now, lowest=(first + second) / 2)) == found
    assert len(finish(search(now, lowest=first + 0.1))) < len(found)
