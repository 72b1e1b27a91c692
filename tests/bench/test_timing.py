from __future__ import annotations

import random
from statistics import fmean, stdev

import pytest

from pilotfish.bench.timing import KEY_MEAN_MS, KEY_SPREAD_MS, key_ms


def test_keys_come_as_often_and_as_unevenly_as_people_press_them() -> None:
    chance = random.Random(5)
    times = [key_ms(chance) for _ in range(20_000)]
    assert fmean(times) == pytest.approx(KEY_MEAN_MS, rel=0.02)
    assert stdev(times) == pytest.approx(KEY_SPREAD_MS, rel=0.05)
    assert min(times) > 0
