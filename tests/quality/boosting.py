"""What the order of whole lines is: small trees that ask the same on every path, each fitted to what is still wrong (numpy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

BINS = 48
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
        return np.cumsum(self.sizes) - self.sizes

    def shares(self, scores: Any) -> Any:
        """The softmax of each list."""
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, self.starts), self.sizes))
        return odds / np.repeat(np.add.reduceat(odds, self.starts), self.sizes)

    def found(self, scores: Any) -> float:
        """The share of lists in which the best is right."""
        ends = np.cumsum(self.sizes)
        return float(
            np.mean([self.right[a + scores[a:b].argmax()] for a, b in zip(self.starts, ends, strict=True)])
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
    """Trees whose sum, added to the first feature, gives the right candidate of each list most of its softmax.

    Each sees seven lists of ten, and asks of two features of five.
    """
    cuts = [cuts_of(column) for column in lists.features.T]
    useful = [number for number, some in enumerate(cuts) if len(some)]
    bins = {one: np.searchsorted(cuts[one], lists.features[:, one], side="left") for one in useful}
    scores = lists.features[:, 0].astype(float)
    fitted: dict[str, list[Any]] = {"asked": [], "above": [], "leaves": []}
    for _ in range(trees):
        share = lists.shares(scores)
        aim = lists.right * share
        aim /= np.repeat(np.add.reduceat(aim, lists.starts), lists.sizes) + 1e-12
        slope, curve = aim - share, np.maximum(share * (1 - share), 1e-3)
        seen = np.flatnonzero(np.repeat(rng.random(len(lists.sizes)) < 0.7, lists.sizes))
        some = rng.permutation(useful)[: len(useful) * 2 // 5].tolist()
        leaf, asked = np.zeros(len(seen), np.int64), []
        for level in range(depth):
            feature, cut = max(
                (
                    (
                        one,
                        *best_cut(
                            leaf, bins[one][seen], slope[seen], curve[seen], 1 << level, len(cuts[one])
                        ),
                    )
                    for one in some
                ),
                key=lambda found: found[2],
            )[:2]
            asked.append((feature, cut))
            leaf |= (bins[feature][seen] > cut).astype(np.int64) << level
        sums = [np.bincount(leaf, each[seen], 1 << depth) for each in (slope, curve)]
        leaves = np.round(rate * sums[0] / (sums[1] + DOUBT), 4)
        every = sum(
            (bins[feature] > cut).astype(np.int64) << level for level, (feature, cut) in enumerate(asked)
        )
        scores += leaves[every]
        fitted["asked"].append([feature for feature, _ in asked])
        fitted["above"].append([cuts[feature][cut] for feature, cut in asked])
        fitted["leaves"].append(leaves.tolist())
    return fitted


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
