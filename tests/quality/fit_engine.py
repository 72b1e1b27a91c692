"""Fit how the engine mixes what it finds (`engine/judge.json`).

    python tests/quality/fit_engine.py TREE… --out server/pilotfish/engine/judge.json [--lines 450]
        [--hidden 24] [--passes 14]

The trees are any code bases but those that it is measured on. What was used is named in `docs/engine.md`. At
random lines the right tokens are written one by one; at each the engine's candidates and their features are
noted, and a softmax over the candidates is taught to choose the right one (Adam, numpy).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.engine.buffers import Buffers
from pilotfish.engine.judge import FEATURES
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.hidden import without
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import BREAK_BIT, split_line, token_id
from tests.quality.arguments import parser_of
from tests.quality.held_out import cut, draw, index_of
from tests.quality.perceptron import Perceptron
from tests.quality.tasks import Task

CANDIDATES = 40
BATCH = 256
RATE, DECAY = 3e-3, 1e-5
LONGEST = 30
"""Tokens of the lines that are written."""
SEED = 7
Question = tuple[Query, Buffers, IndexView, str]
"""What is asked, of which open documents and index, and what is wanted."""
Example = tuple[Any, Any]
"""float32[n, features] of the candidates, and bool[n], which are right."""


def questions(root: Path, view: IndexView, lines: int, seed: int) -> Iterator[Question]:
    """Lines and a third as many members, with what is wanted there."""
    tasks = draw(root, lines, seed)
    return asked(root, view, tasks[:lines] + tasks[lines : lines + lines // 3])


def asked(root: Path, view: IndexView, tasks: Sequence[Task]) -> Iterator[Question]:
    """The same for these tasks; three in five show the text below."""
    for task in tasks:
        context = "both" if int(task["line_no"]) * 7 % 10 < 6 else "left"
        document, position, wanted = cut(root, task, context)
        buffers = Buffers()
        finish(buffers.update(document))
        yield Query(document, position), buffers, without(view, [root / task["file"]]), wanted


def examples(now: Scene, wanted: Sequence[str]) -> Iterator[Example]:
    """The candidates at each token of a line and at its end."""
    tree, node = now.tree, now.node
    for word in [*wanted, None]:
        _, found = tree.gather([node])
        ends = found.token >= np.uint64(BREAK_BIT)
        right = ends if word is None else found.token == np.uint64(token_id(word))
        if right.any():
            features = tree.judge.features(found, np.array([node.depth]), [node.line])
            strongest = np.argsort(-features[:, :4].max(axis=1), kind="stable")[: CANDIDATES - 1]
            kept = np.union1d(strongest, np.flatnonzero(right)[:1])
            yield features[kept], right[kept]
        if word is not None:
            (look,) = tree.looks([node])
            number = np.flatnonzero(look.token == np.uint64(token_id(word)))
            node = tree.child(node, token_id(word), look.trail(int(number[0])) if len(number) else None)


class Padded:
    """Examples side by side, each filled up to `CANDIDATES`.

    Attributes:
        features: float32[n, CANDIDATES, features], normalized by `mean` and `spread`.
        right: float32[n, CANDIDATES], 1 for the right ones.
        there: bool[n, CANDIDATES], which are candidates at all.
    """

    def __init__(self, found: Sequence[Example]) -> None:
        features = np.zeros((len(found), CANDIDATES, len(FEATURES)), np.float32)
        self.right = np.zeros((len(found), CANDIDATES), np.float32)
        self.there = np.zeros((len(found), CANDIDATES), bool)
        for number, (some, which) in enumerate(found):
            features[number, : len(some)] = some
            self.right[number, : len(some)] = which
            self.there[number, : len(some)] = True
        self.mean = features[self.there].mean(axis=0)
        self.spread = features[self.there].std(axis=0) + 1e-3
        self.features = ((features - self.mean) / self.spread).astype(np.float32)

    def shares(self, scores: Any, which: Any) -> Any:
        """The softmax over the candidates of some examples."""
        scores = np.where(self.there[which], scores, -1e9)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)


def fit_network(found: Sequence[Example], hidden_units: int, passes: int) -> dict[str, Any]:
    """The perceptron's weights; the last twelfth of the examples is held out and its success printed."""
    given = Padded(found)
    rng = np.random.default_rng(0)
    network = Perceptron(len(FEATURES), hidden_units, rng, np.float32)
    order = np.arange(len(found) * 11 // 12)
    for turn in range(passes):
        rng.shuffle(order)
        for start in range(0, len(order), BATCH):
            slopes = slopes_of(network, given, order[start : start + BATCH])
            network.learn(slopes, RATE * (1 - 0.9 * turn / passes), DECAY)
    held_out = np.arange(len(order), len(found))
    share = given.shares(network.forward(given.features[held_out])[1], held_out)
    right = given.right[held_out]
    best = right[np.arange(len(share)), share.argmax(axis=1)].mean()
    nats = -np.log((share * right).sum(axis=1) + 1e-9).mean()
    print(f"{len(found)} tokens; held out: {100 * best:.1f} % right, {nats:.3f} nats")
    return network.as_json(given.mean, given.spread)


def slopes_of(network: Perceptron, given: Padded, which: Any) -> list[Any]:
    """The slopes of the loss by the network's weights, at some examples."""
    features = given.features[which]
    layer, scores = network.forward(features)
    share = given.shares(scores, which)
    goal = given.right[which] * share
    goal /= goal.sum(axis=1, keepdims=True) + 1e-12
    slope = ((share - goal) / len(which)).astype(np.float32)
    back = slope[:, :, None] * network.weights[2] * (1 - layer * layer)
    return [
        np.tensordot(features, back, ([0, 1], [0, 1])),
        back.sum(axis=(0, 1)),
        np.einsum("nk,nkh->h", slope, layer),
        np.einsum("nk,nkf->f", slope, features),
    ]


def all_examples(root: Path, view: IndexView, lines: int) -> Iterator[Example]:
    """Those of all lines of ordinary length."""
    for query, buffers, index, wanted in questions(root, view, lines, SEED):
        now = finish(scene(query, buffers, index, Recent()))
        words = split_line(query.document.before(query.position) + wanted)[1][len(now.lead) :]
        if 0 < len(words) <= LONGEST:
            yield from examples(now, words)


def main() -> None:
    """Fit, write and print."""
    parser = parser_of(__doc__)
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=450)
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--passes", type=int, default=14)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engine-") as home:
        views = [(root.resolve(), index_of(root.resolve(), Path(home))) for root in args.trees]
        found: list[Example] = []
        for root, view in views:
            found += all_examples(root, view, args.lines)
            print(f"{root.name}: {len(found)} tokens so far", flush=True)
        weights = fit_network(found, args.hidden, args.passes)
        args.out.write_text(json.dumps(weights) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
