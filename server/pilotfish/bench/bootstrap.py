"""How sure one is of a ratio: percentile bootstrap over pairs (Efron and Tibshirani, 1993)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 1000
CERTAINTY = 0.95
TRIFLE = 0.02
"""A ratio that surely lies this close to 1 is no difference that anybody would feel."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio, and the interval in which it lies with a probability of 95 %."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """`faster`, `slower` or `no difference`, said of what stands above the line."""
        is_trifle = self.low >= 1 - TRIFLE and self.high <= 1 + TRIFLE
        if is_trifle or self.low <= 1 <= self.high:
            return "no difference"
        return "faster" if self.high < 1 else "slower"


def ratio(above: Sequence[float], below: Sequence[float], share: float, seed: int = 1) -> Ratio:
    """The ratio of two percentiles (`share` from 0 to 1) of values that were taken in pairs.

    Pairs are drawn again and again, each pair as a whole: what disturbed both of a pair stays with both.

    Args:
        above: positive values, at least two.
        below: as many.
        share: which percentile, from 0 to 1.
        seed: of the drawing.
    """
    import numpy as np  # noqa: PLC0415 - only a comparison needs it

    pairs = np.array([above, below])
    count = pairs.shape[1]
    chance = np.random.default_rng(seed)
    drawn = pairs[:, chance.integers(0, count, (RESAMPLES, count))]
    rank = max(int(np.ceil(count * share)), 1) - 1
    found = np.partition(drawn, rank, axis=2)[:, :, rank]
    ratios = np.sort(found[0] / found[1])
    tail = (1 - CERTAINTY) / 2
    low, high = ratios[int(tail * RESAMPLES)], ratios[int((1 - tail) * RESAMPLES) - 1]
    whole = np.partition(pairs, rank, axis=1)[:, rank]
    return Ratio(float(whole[0] / whole[1]), float(low), float(high))
