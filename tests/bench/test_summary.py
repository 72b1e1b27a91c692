from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.bench.summary import percentile, quantiles, summarize


@given(st.lists(st.floats(0, 1000), min_size=1), st.floats(0.01, 1))
def test_percentile_is_the_smallest_value_that_enough_do_not_exceed(
    values: list[float], share: float
) -> None:
    ordered = sorted(values)
    found = percentile(ordered, share)
    enough = math.ceil(len(values) * share)
    assert sum(value <= found for value in values) >= enough
    assert sum(value < found for value in values) < enough


@pytest.mark.parametrize(
    ("values", "p50", "p90", "p95", "p99"),
    [([5.0], 5, 5, 5, 5), (list(range(1, 101)), 50, 90, 95, 99), (list(range(1, 21)), 10, 18, 19, 20)],
)
def test_summary(values: list[float], p50: float, p90: float, p95: float, p99: float) -> None:
    assert summarize(values[::-1]) == {
        "count": len(values), "p50_ms": p50, "p90_ms": p90, "p95_ms": p95, "p99_ms": p99, "max_ms": values[-1]
    }  # fmt: skip


def test_quantiles_make_a_curve_from_the_least_to_the_most() -> None:
    assert quantiles([4.0, 1.0, 3.0, 2.0], steps=4) == [1, 1, 2, 3, 4]
