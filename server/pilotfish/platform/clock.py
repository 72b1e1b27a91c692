"""Time as an argument, so that tests of pacing and deadlines need no sleeping."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic time in milliseconds, and waiting."""

    def now_ms(self) -> float:
        """Milliseconds from an arbitrary zero."""
        ...

    async def sleep_ms(self, duration_ms: float) -> None:
        """Wait; other tasks run meanwhile."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def now_ms(self) -> float:
        """Milliseconds from an arbitrary zero."""
        return time.perf_counter() * 1000

    async def sleep_ms(self, duration_ms: float) -> None:
        """Wait with `asyncio.sleep`."""
        await asyncio.sleep(duration_ms / 1000)
