"""Fit the order of whole lines (`engine/ranking.json`).

    python tests/quality/fit_ranking.py TREE… --out server/pilotfish/engine/ranking.json [--lines 1200]
        [--trees 500] [--depth 4]

The trees are those of `fit_engine.py` and others (`docs/engine.md` names them), the lines others. At random
lines the wide search lists its candidates and lines are proposed; where the right one is among them the order
is taught to choose it. Prints how often the right one is the first, before and after.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.engine.alongside import alongside
from pilotfish.engine.beam import WIDE, search
from pilotfish.engine.forest import Forest
from pilotfish.engine.parallels import proposed
from pilotfish.engine.ranking import compared
from pilotfish.engine.scene import Recent, scene
from pilotfish.engine.traits import traits
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import spell
from tests.quality.arguments import parser_of
from tests.quality.boosting import Lists, boosted
from tests.quality.fit_engine import questions
from tests.quality.held_out import index_of

SEED = 23
RATE = 0.05


def lists(root: Path, view: IndexView, lines: int) -> Iterator[tuple[Any, Any]]:
    """Features of the candidates at each place where the right one is among them, and which are right."""
    for query, buffers, index, wanted in questions(root, view, lines, SEED):
        now = finish(scene(query, buffers, index, Recent()))
        if now.rest:
            continue
        beside, proposals = alongside(now), proposed(now, buffers)
        found, orders = compared(finish(search(now, breadth=WIDE)), proposals, beside, now)
        texts = [spell(map(now.spell, line.tokens))[len(now.partial) :].strip() for line in found]
        right = np.array([text == wanted for text in texts], bool)
        if right.any() and len(found) > 1:
            yield traits(found, orders, beside, now), right


def main() -> None:
    """Fit, write and print."""
    parser = parser_of(__doc__)
    parser.add_argument("roots", nargs="+", type=Path, metavar="TREE")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=1200)
    parser.add_argument("--trees", type=int, default=500)
    parser.add_argument("--depth", type=int, default=4)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engine-") as home:
        found: list[tuple[Any, Any]] = []
        for root in args.roots:
            found += lists(root.resolve(), index_of(root.resolve(), Path(home)), args.lines)
            print(f"{root.name}: {len(found)} lists so far", flush=True)
    features, right = (np.concatenate(part) for part in zip(*found, strict=True))
    every = Lists(features, right, np.array([len(some) for _, some in found]))
    fitted = boosted(every, args.trees, args.depth, RATE, np.random.default_rng(0))
    args.out.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    forest = Forest(*(np.array(fitted[name]) for name in ("asked", "above", "leaves")))
    after = features[:, 0] + forest.scores(features)
    shares = f"{every.found(features[:, 0]):.3f} by probability, {every.found(after):.3f} in the new order"
    print(f"{len(found)} lists: right first in {shares}")


if __name__ == "__main__":
    main()
