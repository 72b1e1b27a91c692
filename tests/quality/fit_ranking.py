"""Fit the order of whole lines (`engine/ranking.json`).

    python fit_ranking.py TREE... --out ../../server/pilotfish/engine/ranking.json [--lines 800] [--hidden 12] [--passes 14]

The trees are those of `fit_engine.py`, the lines others. At random lines the wide search lists its candidates; where
the right one is among them a softmax over the list is taught to choose it (Adam, numpy).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from engine_in_process import index_of
from fit_engine import questions
from perceptron import Perceptron

from pilotfish.engine import ranking
from pilotfish.engine.beam import WIDE, search
from pilotfish.engine.scene import Recent, scene
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import spell

SEED = 23
BATCH = 64


def lists(root: Path, view: IndexView, lines: int) -> Iterator[tuple[Any, Any]]:
    """Features of the candidates at each place where the right one is among them, and which are right."""
    for query, buffers, index, wanted in questions(root, view, lines, SEED):
        now = finish(scene(query, buffers, index, Recent()))
        found = finish(search(now, breadth=WIDE))[: ranking.MOST]
        right = np.array([spell(map(now.spell, line.tokens)).strip() == wanted for line in found], bool)
        if right.any():
            yield ranking.features(found, now), right


def fit(found: list[tuple[Any, Any]], hidden: int, passes: int) -> dict[str, Any]:
    """The perceptron's weights; the share of lists with the right line first is printed."""
    every = np.concatenate([features for features, _ in found])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-3
    rng = np.random.default_rng(0)
    network = Perceptron(every.shape[1], hidden, rng, np.float64)
    order, step, steps = np.arange(len(found)), 0, passes * -(-len(found) // BATCH)
    for _ in range(passes):
        rng.shuffle(order)
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            inputs = (np.concatenate([found[one][0] for one in some]) - mean) / spread
            right = np.concatenate([found[one][1] for one in some])
            sizes = [len(found[one][1]) for one in some]
            starts = np.cumsum([0, *sizes[:-1]])
            layer, scores = network.forward(inputs)
            odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
            share = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
            aim = share * right / np.repeat(np.add.reduceat(share * right, starts) + 1e-12, sizes)
            wrong = (share - aim) / len(some)
            back = wrong[:, None] * network.weights[2] * (1 - layer**2)
            step += 1
            rate = 3e-3 * (1 - 0.95 * step / steps)
            slopes = (inputs.T @ back, back.sum(axis=0), layer.T @ wrong, inputs.T @ wrong)
            network.learn(slopes, rate, 1e-3)
    before = np.mean([right[features[:, 0].argmax()] for features, right in found])
    after = np.mean([right[network.forward((features - mean) / spread)[1].argmax()] for features, right in found])
    print(f"{len(found)} lists: right first in {before:.3f} by probability, {after:.3f} in the new order")
    return network.as_json(mean, spread)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=800)
    parser.add_argument("--hidden", type=int, default=12)
    parser.add_argument("--passes", type=int, default=14)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engine-") as home:
        found: list[tuple[Any, Any]] = []
        for root in args.trees:
            found += lists(root.resolve(), index_of(root.resolve(), Path(home)), args.lines)
            print(f"{root.name}: {len(found)} lists so far", flush=True)
        args.out.write_text(json.dumps(fit(found, args.hidden, args.passes)) + "\n")


if __name__ == "__main__":
    main()
