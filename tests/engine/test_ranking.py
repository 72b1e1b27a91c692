from dataclasses import replace

import numpy as np
import pytest

from pilotfish.engine.alongside import NOTHING, Alongside
from pilotfish.engine.beam import Breadth, Hypothesis, search
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.forest import Forest
from pilotfish.engine.parallels import Parallel
from pilotfish.engine.query import Query
from pilotfish.engine.ranking import MOST, compared, ranked
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.engine.traits import FEATURES, traits
from pilotfish.engine.whole_lines import line_key
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import spell
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

EVERYTHING = Breadth(beam=12, lag=8.0, close=8.0, unlikely=-99.0)
KNOWN = "low = read(left)\nuse(low, other)\n\nhigh = read(right)\nuse(high, other)\n\nuse(low, more\n)\n\n"


def found(text: str, below: str = "") -> tuple[Scene, list[Hypothesis]]:
    lines = split_lines(text)
    document = Document("file:///a.py", None, "python", 1, split_lines(text + below))
    query = Query(document, Position(len(lines) - 1, len(lines[-1])))
    now = finish(scene(query, Buffers(), IndexView(), Recent()))
    return now, finish(search(now, breadth=EVERYTHING))


def text_of(line: Hypothesis, now: Scene) -> str:
    return spell(map(now.spell, line.tokens))


def test_what_is_told_of_a_line() -> None:
    now, lines = found(f"{KNOWN}value = read(left)\nuse(", "\nend()\n")
    order = Parallel((), differs=2, above=1, shared=0, goes_on=True)
    key = line_key(next(line for line in lines if text_of(line, now) == "low, other)").node.line)
    beside = Alongside(np.array([key]), np.array([3.0]), np.array([2]), [])
    rows = {
        text_of(line, now): dict(zip(FEATURES, row, strict=True))
        for line, row in zip(lines, traits(lines, [order] * len(lines), beside, now).tolist(), strict=True)
    }
    known, unclosed = rows["low, other)"], rows["low, more"]
    assert known["here"] > 0
    assert known["elsewhere"] == 0
    assert (known["unbalanced"], unclosed["unbalanced"]) == (0, 1)
    assert (known["once"], unclosed["once"]) == (0, pytest.approx(0.5))
    assert known["again"] == pytest.approx(1 / 6)
    assert known["same_beginning"] == 0
    assert (known["votes"], known["voted"], known["voters"]) == (3, 1, 2)
    assert unclosed["votes"] == 0
    assert known["least"] <= known["second"] <= 0
    assert (known["free"], known["strange"]) == (2, pytest.approx(1.1))
    assert (known["parallel"], known["differs"], known["goes_on"]) == (1, 2, 1)
    assert max(row["behind"] for row in rows.values()) == 0
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1, abs=1e-3)


def test_lines_come_in_the_order_that_was_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    now, lines = found(f"{KNOWN}value = read(left)\nuse(")
    lines = lines[:MOST]
    assert len(lines) > 1
    order = ranked(lines, [], NOTHING, now)
    assert sorted(line.tokens for line in order.lines) == sorted(line.tokens for line in lines)
    assert order.shares.sum() == pytest.approx(1)
    assert order.shares.tolist() == sorted(order.shares, reverse=True)
    monkeypatch.setattr(Forest, "scores", lambda forest, numbers: numbers[:, 0])
    assert ranked(lines, [], NOTHING, now).lines == sorted(lines, key=lambda line: -line.score)
    monkeypatch.setattr(Forest, "scores", lambda forest, numbers: -2 * numbers[:, 0])
    assert ranked(lines, [], NOTHING, now).lines == sorted(lines, key=lambda line: line.score)


def test_votes_go_with_their_lines() -> None:
    now, lines = found(f"{KNOWN}value = read(left)\nuse(")
    key = line_key(lines[1].node.line)
    order = ranked(lines, [], Alongside(np.array([key]), np.array([3.0]), np.array([2]), []), now)
    assert [vote for line, vote in zip(order.lines, order.votes, strict=True) if line == lines[1]] == [3]
    assert order.votes.sum() == 3


def test_few_lines_are_compared() -> None:
    now, lines = found(f"{KNOWN}use(")
    many = [replace(lines[0], score=-float(number)) for number in range(2 * MOST)]
    assert len(ranked(many, [], NOTHING, now).lines) == MOST
    assert ranked(lines[:1], [], NOTHING, now).lines == lines[:1]
    assert ranked([], [], NOTHING, now).lines == []
    assert np.isfinite(traits(lines, [None] * len(lines), NOTHING, now)).all()


def test_what_is_proposed_is_compared_too_but_once() -> None:
    now, (first, second, third, *_) = found(f"{KNOWN}use(")
    known, new = (Parallel(line.tokens, 1, 1, 0, False) for line in (first, second))
    beside = replace(NOTHING, best=[second.tokens, third.tokens])
    some, orders = compared([first], [(replace(first, score=-9.0), known), (second, new)], beside, now)
    assert some[:2] == [first, second]
    assert [line.tokens for line in some[2:]] == [third.tokens]
    assert orders == [known, new, None]


def test_a_sum_of_trees() -> None:
    forest = Forest(
        np.array([[0, 1], [1, 1]]), np.array([[0.5, 2], [1, 3]]), np.array([[1, 2, 4, 8], [0, 10, 20, 30]])
    )
    assert forest.scores(np.array([[0, 0], [1, 2], [1, 4]])).tolist() == [1, 12, 38]


def test_what_was_fitted_fits_what_is_told() -> None:
    assert Forest.load("ranking.json").asked.max() < len(FEATURES)
