"""The order of whole lines, for who asks by hand and may wait for a wider search.

Token by token a line is judged by what stands before each of its tokens. Some things can be told of a line
only when it is finished: whether it stands elsewhere just so, whether it closes what it opens, how many of
the names on it occur once or never. A small perceptron puts the candidates in order by such numbers, fitted
by `tests/quality/fit_ranking.py` on the same public code as the mixture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.confidence import is_repeat, longest
from pilotfish.engine.judge import Network
from pilotfish.engine.names import is_name
from pilotfish.engine.places import Places, Weights
from pilotfish.engine.scene import Scene
from pilotfish.syntax.lexer import BREAK_BIT

MOST = 12
"""So many candidates are compared."""

FEATURES = (
    *("score", "tokens", "behind", "coded", "exact", "agrees", "repeats", "elsewhere", "here"),
    *("unbalanced", "open", "overclosed", "once", "new", "names", "longest"),
)
"""Log probability; length; how far behind the most probable; matches by codes, and by tokens in open
documents; whether a line between says the same; whether it stands next to the cursor already; how often it
stands in the index, and in open documents; what brackets it leaves; how many of its names occur once above,
or never; how many there are; the longest match in the index."""

_WIDTH = 48


def ranked(lines: Sequence[Hypothesis], scene: Scene) -> list[Hypothesis]:
    """The first candidates in a new order, the most probably right one first."""
    some = lines[:MOST]
    if len(some) < 2:
        return list(some)
    scores = Network.load("ranking.json").scores(features(some, scene))
    return [some[number] for number in np.argsort(-scores, kind="stable").tolist()]


def features(lines: Sequence[Hypothesis], scene: Scene) -> NDArray[np.float32]:
    """float32[lines, len(FEATURES)]."""
    near = scene.around.near
    places = scene.around.index.places(np.stack([line.node.context for line in lines]), _WIDTH)
    words = np.sort(near.own_above >> np.uint64(1))
    best = max(line.score for line in lines)
    rows = []
    for number, line in enumerate(lines):
        node, tokens = line.node, np.array(line.tokens, np.uint64)
        opened = near.exact(node.trace)
        indexed = places[places.row == number]
        names = tokens[is_name(tokens)] >> np.uint64(1)
        times = np.searchsorted(words, names, side="right") - np.searchsorted(words, names)
        rows.append(
            (
                *(line.score, len(tokens) / 10, line.score - best),
                *(longest(node.trace.coded.length), longest(opened.length), bool(node.agree.any())),
                is_repeat(line, scene),
                *(np.log1p(_as_a_line(one, len(node.line))) for one in (indexed, opened)),
                scene.owed is not None and node.depth + scene.owed != 0,
                *(max(node.depth, 0), node.depth < 0),
                *((times == 1).sum() / 2, (times == 0).sum() / 2, len(names) / 5),
                longest(indexed.length),
            )
        )
    return np.array(rows, np.float32)


def _as_a_line(places: Places, tokens: int) -> Weights:
    """What the places count where as many tokens, those of the whole line, are followed by a line's end."""
    whole = (places.length >= tokens) & (places.token >= np.uint64(BREAK_BIT))
    return np.asarray(places.weight[whole].sum())
