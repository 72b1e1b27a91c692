from dataclasses import replace

import numpy as np
import pytest

from pilotfish.engine.beam import Breadth, Hypothesis, search
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.judge import Network
from pilotfish.engine.query import Query
from pilotfish.engine.ranking import FEATURES, MOST, features, ranked
from pilotfish.engine.scene import Recent, Scene, scene
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


def test_what_is_told_of_a_line() -> None:
    now, lines = found(f"{KNOWN}value = read(left)\nuse(", "\nend()\n")
    rows = {
        spell(map(now.spell, line.tokens)): dict(zip(FEATURES, row, strict=True))
        for line, row in zip(lines, features(lines, now).tolist(), strict=True)
    }
    known, unclosed = rows["low, other)"], rows["low, more"]
    assert known["here"] > 0
    assert known["elsewhere"] == 0
    assert (known["unbalanced"], unclosed["unbalanced"]) == (0, 1)
    assert (known["open"], unclosed["open"]) == (0, 1)
    assert unclosed["once"] == pytest.approx(0.5)
    assert max(row["behind"] for row in rows.values()) == 0


def test_lines_come_in_the_order_that_was_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    now, lines = found(f"{KNOWN}value = read(left)\nuse(")
    lines = lines[:MOST]
    assert len(lines) > 1
    assert sorted(line.tokens for line in ranked(lines, now)) == sorted(line.tokens for line in lines)
    monkeypatch.setattr(Network, "scores", lambda network, features: features[:, 0])
    assert ranked(lines, now) == sorted(lines, key=lambda line: -line.score)
    monkeypatch.setattr(Network, "scores", lambda network, features: -features[:, 0])
    assert ranked(lines, now) == sorted(lines, key=lambda line: line.score)


def test_few_lines_are_compared() -> None:
    now, lines = found(f"{KNOWN}use(")
    many = [replace(lines[0], score=-float(number)) for number in range(2 * MOST)]
    assert len(ranked(many, now)) == MOST
    assert ranked(lines[:1], now) == lines[:1]
    assert ranked([], now) == []
    assert np.isfinite(features(lines, now)).all()
