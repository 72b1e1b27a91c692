"""Text that grows faster than anybody can read: told at once, then at intervals, the last for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Paced:
    """Hands a growing text on.

    Args:
        tell: is given the text as it is then.
        every_s: the shortest time between two calls.
    """

    def __init__(self, tell: Callable[[str], None], every_s: float) -> None:
        self._tell = tell
        self._every_s = every_s
        self._due: str | None = None
        self._told_s = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def put(self, text: str) -> None:
        """The text is now this."""
        self._due = text
        loop = asyncio.get_running_loop()
        rest_s = self._told_s + self._every_s - loop.time()
        if rest_s <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(rest_s, self.flush)

    def flush(self) -> None:
        """Tell what was not told yet."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._due is not None:
            text, self._due = self._due, None
            self._told_s = asyncio.get_running_loop().time()
            self._tell(text)
