"""What the order of whole lines is: trees that ask the same on every path (numpy).

Each is fitted to what is still wrong with those before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BINS = 48
LISTS_SEEN = 0.7
DOUBT = 8.0
"""Added to the weight of a leaf: few examples move it little."""


@dataclass(frozen=True)
class Lists:
    """Lists of candidates one after the other: float32[n, width], which are right, how long each list is."""

    features: Any
    right: Any
    sizes: Any

    @property
    def starts(self) -> Any:
        """Where each begins."""
        return np.cumsum(self.sizes) - self.sizes

    def shares(self, scores: Any) -> Any:
        """The softmax of each list."""
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, self.starts), self.sizes))
        return odds / np.repeat(np.add.reduceat(odds, self.starts), self.sizes)

    def slopes(self, scores: Any) -> tuple[Any, Any]:
        """The slope and the curve of the loss at each candidate: how far it is from where it should be."""
        share = self.shares(scores)
        aim = self.right * share
        aim /= np.repeat(np.add.reduceat(aim, self.starts), self.sizes) + 1e-12
        return aim - share, np.maximum(share * (1 - share), 1e-3)

    def found(self, scores: Any) -> float:
        """The share of lists in which the best is right."""
        ends = np.cumsum(self.sizes)
        return float(
            np.mean(
                [
                    self.right[start + scores[start:end].argmax()]
                    for start, end in zip(self.starts, ends, strict=True)
                ]
            )
        )


def cuts_of(column: Any) -> Any:
    """Up to `BINS` - 1 numbers between the values of a column, about as many examples between each two."""
    values = np.unique(column)
    at = np.unique(
        np.searchsorted(values, np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1], method="nearest"))
    )
    at = at[at < len(values) - 1]
    return np.array([float(f"{(values[one] + values[one + 1]) / 2:.6g}") for one in at.tolist()])


def boosted(lists: Lists, trees: int, depth: int, rate: float, rng: np.random.Generator) -> dict[str, Any]:
    """Trees whose sum, added to the first feature, gives the right candidate most of its list's softmax.

    Each sees seven lists of ten, and asks of two features of five.

    Returns:
        asked, above, leaves: of each tree the features that it asks, what each must be above, and what is
        added to a candidate by its answers, the first answer being the lowest bit.
    """
    cuts = [cuts_of(column) for column in lists.features.T]
    useful = [number for number, some in enumerate(cuts) if len(some)]
    bins = {one: np.searchsorted(cuts[one], lists.features[:, one], side="left") for one in useful}
    scores = lists.features[:, 0].astype(float)
    fitted: dict[str, list[Any]] = {"asked": [], "above": [], "leaves": []}
    for _ in range(trees):
        slope, curve = lists.slopes(scores)
        seen = np.flatnonzero(np.repeat(rng.random(len(lists.sizes)) < LISTS_SEEN, lists.sizes))
        some = rng.permutation(useful)[: len(useful) * 2 // 5].tolist()
        own_bins = {one: bins[one][seen] for one in some}
        asked = questions(own_bins, slope[seen], curve[seen], {one: len(cuts[one]) for one in some}, depth)
        leaf = leaf_of(own_bins, asked)
        pull, weight = (np.bincount(leaf, each[seen], 1 << depth) for each in (slope, curve))
        leaves = np.round(rate * pull / (weight + DOUBT), 4)
        scores += leaves[leaf_of(bins, asked)]
        fitted["asked"].append([feature for feature, _ in asked])
        fitted["above"].append([cuts[feature][cut] for feature, cut in asked])
        fitted["leaves"].append(leaves.tolist())
    return fitted


def questions(
    bins: Mapping[int, Any], slope: Any, curve: Any, cuts: Mapping[int, int], depth: int
) -> list[tuple[int, int]]:
    """What a tree asks: feature and cut, each chosen for what it gains after those before.

    Args:
        bins: of each feature that it may ask, int64[n].
        slope, curve: of the loss, float64[n].
        cuts: how many each feature has.
        depth: how many questions.
    """
    asked: list[tuple[int, int]] = []
    leaf = np.zeros(len(slope), np.int64)
    for level in range(depth):
        best = {
            feature: best_cut(leaf, own, slope, curve, 1 << level, cuts[feature])
            for feature, own in bins.items()
        }
        feature = max(best, key=lambda one: best[one][1])
        cut, _ = best[feature]
        asked.append((feature, cut))
        leaf |= (bins[feature] > cut).astype(np.int64) << level
    return asked


def leaf_of(bins: Mapping[int, Any], asked: Sequence[tuple[int, int]]) -> Any:
    """The leaf to which each candidate's answers lead."""
    answers = ((bins[feature] > cut).astype(np.int64) << level for level, (feature, cut) in enumerate(asked))
    return sum(answers)


def best_cut(leaf: Any, bins: Any, slope: Any, curve: Any, leaves: int, cuts: int) -> tuple[int, float]:
    """After which bin to cut every leaf, and what that gains."""
    key = leaf * (cuts + 1) + bins
    pull, weight = (
        np.bincount(key, each, leaves * (cuts + 1)).reshape(leaves, -1) for each in (slope, curve)
    )
    low, light = pull.cumsum(axis=1)[:, :-1], weight.cumsum(axis=1)[:, :-1]
    high, heavy = pull.sum(axis=1, keepdims=True) - low, weight.sum(axis=1, keepdims=True) - light
    gain = (low**2 / (light + DOUBT) + high**2 / (heavy + DOUBT)).sum(axis=0)
    return int(gain.argmax()), float(gain.max())
