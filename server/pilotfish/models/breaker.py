"""Leaving a failing service alone: for as long as it asks, else twice as long after each further failure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from pilotfish.errors import BackendError, BackendResting, KeyRefused, NoCredit

FAILURES = 3
FIRST_REST_S = 2.0
LONGEST_REST_S = 60.0
LONGEST_ASKED_S = 3600.0


class Breaker:
    """One for a backend.

    Args:
        now_s: time, in seconds from anywhere.
        chance: from 0 to 1; rests differ, so that many machines do not come back at once.
    """

    def __init__(
        self, now_s: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random
    ) -> None:
        self._now_s = now_s
        self._chance = chance
        self._failures = 0
        self._rests_until_s = 0.0
        self._why = ""

    def check(self, name: str) -> None:
        """Go on, or not.

        Raises:
            BackendResting: not yet; says for how long, and what went wrong.
        """
        left_s = self._rests_until_s - self._now_s()
        if left_s > 0:
            raise BackendResting(
                f"{name} is left alone for {left_s:.0f} s. {self._why}", retry_after_s=left_s
            )

    def succeeded(self) -> None:
        """An answer began to come."""
        self._failures = 0

    def failed(self, error: BackendError) -> None:
        """An answer did not come. Nothing but time mends a key or an account, so they rest at once."""
        self._failures += 1
        self._why = str(error)
        rest_s = 0.0
        if isinstance(error, KeyRefused | NoCredit):
            rest_s = LONGEST_REST_S
        elif self._failures >= FAILURES:
            doubled_s = FIRST_REST_S * 2.0 ** min(self._failures - FAILURES, 10)
            rest_s = min(doubled_s, LONGEST_REST_S) * (0.5 + self._chance() / 2)
        if error.retry_after_s is not None:
            rest_s = max(rest_s, min(error.retry_after_s, LONGEST_ASKED_S))
        self._rests_until_s = self._now_s() + rest_s
