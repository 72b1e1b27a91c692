"""When keys are pressed: intervals as people have them, drawn by a seed.

The mean and the spread between two keys, 238.7 and 111.6 ms, are those of 168,000 people (Dhakal, Feit,
Kristensson and Oulasvirta, "Observations on Typing from 136 Million Keystrokes", CHI 2018), drawn here from a
log-normal distribution. How long a person thinks before a new line or a jump is a choice of ours.
"""

from __future__ import annotations

import math
import random

KEY_MEAN_MS = 238.7
KEY_SPREAD_MS = 111.6
THINKING_MEDIAN_MS = 800.0
THINKING_SIGMA = 0.5

_SIGMA = math.sqrt(math.log(1 + (KEY_SPREAD_MS / KEY_MEAN_MS) ** 2))
_MU = math.log(KEY_MEAN_MS) - _SIGMA**2 / 2


def key_ms(chance: random.Random) -> float:
    """The time from one key to the next."""
    return chance.lognormvariate(_MU, _SIGMA)


def thinking_ms(chance: random.Random) -> float:
    """The time before a person goes on somewhere else."""
    return chance.lognormvariate(math.log(THINKING_MEDIAN_MS), THINKING_SIGMA)
