"""Fit what the engine has learned: the mixture (`engine/judge.json`) and, on other lines, its confidence.

    python fit_engine.py TREE... --out ../../server/pilotfish/engine/judge.json [--lines 450] [--hidden 24] [--passes 14]

The trees are any code bases but those that it is measured on. What was used is named in `docs/engine.md`. At random
lines the right tokens are written one by one; at each the engine's candidates and their features are noted, and a
softmax over the candidates is taught to choose the right one (Adam, numpy). The weights of `engine/confidence.py` are
printed; they are numbers in that module.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from engine_in_process import cut, draw, index_of
from perceptron import Perceptron

from pilotfish.engine import confidence, judge, predict
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.query import Query
from pilotfish.engine.scene import Recent, Scene, scene
from pilotfish.index.hidden import without
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import BREAK_BIT, split_line, token_id

CANDIDATES = 40
BATCH = 256
FITTED, CALIBRATED = 7, 11
"""Seeds of the lines drawn for the two parts."""


def questions(root: Path, view: IndexView, lines: int, seed: int) -> Iterator[tuple[Query, Buffers, IndexView, str]]:
    """Lines and a third as many members, with what is wanted there; three in five show the text below."""
    tasks = draw(root, lines, seed)
    for task in tasks[:lines] + tasks[lines : lines + lines // 3]:
        context = "both" if int(task["line_no"]) * 7 % 10 < 6 else "left"
        document, position, wanted = cut(root, task, context)
        buffers = Buffers()
        finish(buffers.update(document))
        yield Query(document, position), buffers, without(view, [root / task["file"]]), wanted


def examples(now: Scene, wanted: list[str]) -> Iterator[tuple[Any, Any]]:
    """Features of the candidates, and which are right, at each token of a line and at its end."""
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


def padded(found: list[tuple[Any, Any]]) -> tuple[Any, Any, Any]:
    """float32[n, CANDIDATES, features], which are right, which are there."""
    features = np.zeros((len(found), CANDIDATES, len(judge.FEATURES)), np.float32)
    right = np.zeros((len(found), CANDIDATES), np.float32)
    there = np.zeros((len(found), CANDIDATES), bool)
    for number, (some, which) in enumerate(found):
        features[number, : len(some)], right[number, : len(some)], there[number, : len(some)] = some, which, True
    return features, right, there


def fit_network(found: list[tuple[Any, Any]], hidden_units: int, passes: int) -> dict[str, Any]:
    """The perceptron's weights; the last twelfth of the examples is held out and its success printed."""
    features, right, there = padded(found)
    mean, spread = features[there].mean(axis=0), features[there].std(axis=0) + 1e-3
    features = ((features - mean) / spread).astype(np.float32)
    rng = np.random.default_rng(0)
    network = Perceptron(features.shape[2], hidden_units, rng, np.float32)
    cut_at = len(features) * 11 // 12
    order = np.arange(cut_at)

    def forward(which: Any) -> tuple[Any, Any]:
        layer, scores = network.forward(features[which])
        scores = np.where(there[which], scores, -1e9)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return layer, odds / odds.sum(axis=1, keepdims=True)

    for turn in range(passes):
        rng.shuffle(order)
        for start in range(0, cut_at, BATCH):
            which = order[start : start + BATCH]
            layer, share = forward(which)
            goal = right[which] * share
            goal /= goal.sum(axis=1, keepdims=True) + 1e-12
            slope = ((share - goal) / len(which)).astype(np.float32)
            back = slope[:, :, None] * network.weights[2] * (1 - layer * layer)
            slopes = [np.tensordot(features[which], back, ([0, 1], [0, 1])), back.sum(axis=(0, 1)),
                      np.einsum("nk,nkh->h", slope, layer), np.einsum("nk,nkf->f", slope, features[which])]
            network.learn(slopes, 3e-3 * (1 - 0.9 * turn / passes), 1e-5)
    _, share = forward(np.arange(cut_at, len(features)))
    best = right[cut_at:][np.arange(len(share)), share.argmax(axis=1)]
    print(f"{len(features)} tokens; held out: {100 * best.mean():.1f} % right, "
          f"{-np.log((share * right[cut_at:]).sum(axis=1) + 1e-9).mean():.3f} nats")
    return network.as_json(mean, spread)


def fit_confidence(rows: list[list[float]]) -> Any:
    """Logistic regression by Newton's method; the first number of a row is whether the line was right."""
    table = np.array(rows)
    right, traits = table[:, 0], np.column_stack([np.ones(len(table)), table[:, 1:]])
    weights = np.zeros(traits.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-traits @ weights))
        curve = (traits * (share * (1 - share))[:, None]).T @ traits + 1e-3 * np.eye(len(weights))
        weights += np.linalg.solve(curve, traits.T @ (right - share) - 1e-3 * weights)
    return weights


def traits_of(root: Path, view: IndexView, lines: int) -> list[list[float]]:
    """For each question whether the best line was right, its score, and its traits."""
    rows, seen = [], []
    weigh = predict.confidences
    predict.confidences = lambda found, now: seen.append((found, now)) or weigh(found, now)
    for query, buffers, index, wanted in questions(root, view, lines, CALIBRATED):
        seen.clear()
        offered = finish(predict.predict(query, buffers, index))
        if offered and seen:
            line, now = seen[0][0][0], seen[0][1]
            rows.append([float(offered[0].text.strip() == wanted), line.score, *map(float, confidence.traits(line, now))])
    predict.confidences = weigh
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=450)
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--passes", type=int, default=14)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engine-") as home:
        views = [(root.resolve(), index_of(root.resolve(), Path(home))) for root in args.trees]
        found: list[tuple[Any, Any]] = []
        for root, view in views:
            for query, buffers, index, wanted in questions(root, view, args.lines, FITTED):
                now = finish(scene(query, buffers, index, Recent()))
                words = split_line(query.document.before(query.position) + wanted)[1][len(now.lead) :]
                if 0 < len(words) <= 30:
                    found += examples(now, words)
            print(f"{root.name}: {len(found)} tokens so far", flush=True)
        args.out.write_text(json.dumps(fit_network(found, args.hidden, args.passes)) + "\n")
        judge.Network.load.cache_clear() if hasattr(judge.Network.load, "cache_clear") else None
        fitted = judge.Network(*(np.array(values, np.float32) for values in json.loads(args.out.read_text()).values()))
        judge.Network.load = lambda: fitted
        rows = [row for root, view in views for row in traits_of(root, view, args.lines // 2)]
        print("BIAS, SCORE, MATCH, MIDLINE, AGREED =", ", ".join(f"{weight:.3f}" for weight in fit_confidence(rows)))


if __name__ == "__main__":
    main()
