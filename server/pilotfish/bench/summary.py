"""From single times to the figures that are reported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypedDict


class Summary(TypedDict):
    """Milliseconds; `count` values went in."""

    count: int
    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the ascending values that at least `share` (0 to 1) of them do not exceed."""
    return ordered[max(math.ceil(len(ordered) * share), 1) - 1]


def summarize(times_ms: Sequence[float]) -> Summary:
    """Nearest-rank percentiles of at least one time; no value is interpolated, each one happened."""
    ordered = sorted(times_ms)
    return Summary(
        count=len(ordered),
        p50_ms=round(percentile(ordered, 0.50), 3),
        p90_ms=round(percentile(ordered, 0.90), 3),
        p95_ms=round(percentile(ordered, 0.95), 3),
        p99_ms=round(percentile(ordered, 0.99), 3),
        max_ms=round(ordered[-1], 3),
    )


def quantiles(times_ms: Sequence[float], steps: int = 100) -> list[float]:
    """The smallest time, then those of `steps` even shares up to the largest: a curve to draw."""
    ordered = sorted(times_ms)
    return [round(percentile(ordered, step / steps), 3) for step in range(steps + 1)]
