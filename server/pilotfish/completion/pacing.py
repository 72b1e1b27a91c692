"""How long to wait for the next key before a model is asked.

The first key after a pause waits for nothing: its answer may be there before the next key, and is then typed
along. While keys follow each other, a model is asked once the next one is overdue, as this user types. The
engine never waits, nor does a request that the user made by hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pilotfish.completion.request import CompletionRequest, Trigger

EDITORS_WAIT_MS: Mapping[str, float] = {
    "visual studio code": 50,
    "visual studio code - insiders": 50,
    "code - oss": 50,
    "code-server": 50,
    "vscodium": 50,
    "cursor": 50,
    "windsurf": 50,
    "neovim": 200,
}
"""What editors wait after a key before they ask, by their `clientInfo.name` in lower case; others nothing."""

PAUSE_MS = 600.0
"""After so long without a key the user has stopped to look."""

_GAPS_KEPT = 8
_LATE = 1.1
_LATE_MS = 8.0
"""The next key is overdue when it is later than almost all before it, and by a little more than chance."""

_SLOW_ANSWER_MS = 250.0
_EAGER_WITHIN_MS = 1000.0
_MOST_EAGER = 0.5
_NEWEST_SHARE = 0.3


@dataclass(slots=True)
class Rhythm:
    """How the user types: fed with the time of each edit."""

    _gaps_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_GAPS_KEPT))
    _last_ms: float | None = None
    _is_typing: bool = False

    def key(self, now_ms: float) -> None:
        """The user has changed the text."""
        gap_ms = now_ms - self._last_ms if self._last_ms is not None else PAUSE_MS
        self._last_ms = now_ms
        self._is_typing = gap_ms < PAUSE_MS
        if self._is_typing:
            self._gaps_ms.append(gap_ms)

    def gaps_ms(self, now_ms: float) -> tuple[float, ...]:
        """The times between the last keys; none at the first key after a pause, or long after the last."""
        is_typing = self._is_typing and self._last_ms is not None and now_ms - self._last_ms < PAUSE_MS
        return tuple(self._gaps_ms) if is_typing else ()


class AnswerTimes:
    """How long each model usually takes for its whole answer."""

    def __init__(self) -> None:
        self._usual_ms: dict[str, float] = {}

    def took(self, name: str, ms: float) -> None:
        """A model has answered."""
        usual_ms = self._usual_ms.get(name, ms)
        self._usual_ms[name] = usual_ms + _NEWEST_SHARE * (ms - usual_ms)

    def usual_ms(self, name: str) -> float:
        """0 for a model that has not answered yet."""
        return self._usual_ms.get(name, 0.0)


def pace_ms(request: CompletionRequest, *, max_wait_ms: float, answer_ms: float = 0.0) -> float:
    """What is still to be waited after what the editor has waited itself; never negative.

    Args:
        request: knows the user's last keys and what the editor has waited.
        max_wait_ms: the user's ceiling.
        answer_ms: what the model usually takes: the slower it is, the sooner it is asked.
    """
    if request.trigger is Trigger.INVOKED:
        return 0.0
    eager = min(max((answer_ms - _SLOW_ANSWER_MS) / _EAGER_WITHIN_MS, 0.0), _MOST_EAGER)
    wait_ms = min(overdue_ms(request.gaps_ms, max_wait_ms) * (1 - eager), max_wait_ms)
    return max(0.0, wait_ms - request.waited_ms)


def overdue_ms(gaps_ms: Sequence[float], max_wait_ms: float) -> float:
    """How long after a key the next one is overdue; 0 where none is expected in time to be waited for."""
    ordered = sorted(gaps_ms)
    if not ordered or ordered[len(ordered) // 2] > max_wait_ms:
        return 0.0
    almost_longest = ordered[-2 if len(ordered) > 4 else -1]
    return almost_longest * _LATE + _LATE_MS
