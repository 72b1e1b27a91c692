from dataclasses import replace
from math import inf

import numpy as np
import pytest

from pilotfish.engine.beam import Hypothesis, search
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.confidence import (
    TRAITS,
    claims,
    lowest_score,
    traits,
    weights,
    when_asked,
    while_typing,
)
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

KNOWN = "low = read(left)\nuse(low, other)\n\nhigh = read(right)\nuse(high, other)\n\n"
SCORES = (-0.001, -0.05, -0.3, -0.9, -1.5, -2.5, -3.9, -9.0)
BEGUN = (f"{KNOWN}last = re", f"{KNOWN}use(", f"{KNOWN}use(lo", KNOWN)


def asked(text: str) -> tuple[Scene, Hypothesis]:
    lines = split_lines(text)
    document = Document("file:///a.py", None, "python", 1, lines)
    query = Query(document, Position(len(lines) - 1, len(lines[-1])))
    now = finish(scene(query, Buffers(), IndexView(), Recent()))
    return now, finish(search(now))[0]


def claim(now: Scene, line: Hypothesis, *others: float) -> float:
    return while_typing([line, *(replace(line, score=score) for score in others)], now)[0]


@pytest.mark.parametrize("text", BEGUN)
def test_a_line_of_more_merits_is_surer(text: str) -> None:
    now, line = asked(text)
    claimed = [claim(now, replace(line, score=score)) for score in SCORES]
    assert claimed == sorted(claimed, reverse=True)
    assert claimed[0] > 0.5 > claimed[-1]
    one = replace(line, score=-0.5)
    assert claim(now, one) > claim(now, one, -0.9) > claim(now, one, -0.6)
    shares = [when_asked([one], np.array([share]), np.zeros(1), now)[0] for share in (0.99, 0.5, 0.1)]
    assert shares == sorted(shares, reverse=True)
    assert when_asked([one], np.array([0.5]), np.ones(1), now)[0] > shares[1]
    assert when_asked([], np.zeros(0), np.zeros(0), now) == while_typing([], now) == []


@pytest.mark.parametrize("text", BEGUN)
def test_no_line_below_the_lowest_score_is_sure_enough(text: str) -> None:
    """Whatever speaks for it: so a search that ends there shows what it would have shown."""
    now, line = asked(text)
    begun = traits([line], now)[0]
    best = np.array([1, begun[1], 1, bool(now.lead), now.node.agree.any(), 0, *begun[-2:]])[np.newaxis]
    for confidence in (0.001, 0.1, 0.36, 0.5, 0.9, 0.97, 0.999999):
        lowest = lowest_score(confidence, now)
        for score in SCORES:
            best[0, 1] = traits([replace(line, score=score)], now)[0, 1]
            is_sure = claims("typing", best, np.ones(1))[0] >= confidence
            assert is_sure == (score >= lowest), (confidence, score)
    assert lowest_score(0, now) == -inf
    assert lowest_score(1, now) == inf


@pytest.mark.parametrize("when", TRAITS)
def test_only_a_line_that_stands_next_to_the_cursor_is_less_sure_for_it(when: str) -> None:
    """`lowest_score` takes for granted that all other weights are merits."""
    fitted = dict(zip(TRAITS[when], weights(when).tolist(), strict=True))
    assert [name for name, weight in fitted.items() if weight < 0] == ["one", "repeated"]
