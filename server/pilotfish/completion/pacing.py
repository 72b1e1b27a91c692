"""How long to wait for the next key before a model is asked.

The engine never waits, nor does a request that the user made by hand.
"""

from __future__ import annotations

from pilotfish.completion.request import CompletionRequest, Trigger


def pace_ms(request: CompletionRequest, *, max_wait_ms: float) -> float:
    """What is left of the user's ceiling after what the editor has waited itself; never negative."""
    if request.trigger is Trigger.INVOKED:
        return 0.0
    return max(0.0, max_wait_ms - request.waited_ms)
