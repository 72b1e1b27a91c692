"""From all sources to one ranked list within a token budget and a time budget.

Each source is a step function with the same deadline; one that is late is left out, and the result says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from pilotfish.context.snippet import Context, LeftOut, Snippet
from pilotfish.platform.clock import Clock
from pilotfish.platform.steps import Steps


async def gather(
    sources: Mapping[str, Steps[list[Snippet]]], *, max_tokens: int, max_wait_ms: float, clock: Clock
) -> Context:
    """Run the sources by turns until all are done or the time is over; keep what fits, best first.

    The result is ordered from the least to the most relevant: the best snippet stands next to the code.
    """
    deadline_ms = clock.now_ms() + max_wait_ms
    found: list[Snippet] = []
    left_out: list[LeftOut] = []
    waiting = dict(sources)
    try:
        while waiting and clock.now_ms() < deadline_ms:
            for name, steps in list(waiting.items()):
                try:
                    next(steps)
                except StopIteration as stop:
                    found += stop.value
                    del waiting[name]
            await asyncio.sleep(0)
    finally:
        for steps in waiting.values():
            steps.close()
    left_out += [LeftOut(name, f"late: not done in {max_wait_ms:g} ms") for name in waiting]
    chosen: list[Snippet] = []
    used_tokens = 0
    for snippet in sorted(found, key=lambda s: (-s.score, s.path, s.start_line)):
        name = f"{snippet.path}:{snippet.start_line + 1}"
        if any(_overlap(snippet, other) for other in chosen):
            left_out.append(LeftOut(name, "overlaps a better snippet"))
        elif used_tokens + snippet.tokens > max_tokens:
            left_out.append(LeftOut(name, "over the token budget"))
        else:
            chosen.append(snippet)
            used_tokens += snippet.tokens
    return Context(tuple(reversed(chosen)), tuple(left_out))


def _overlap(one: Snippet, other: Snippet) -> bool:
    if one.path != other.path:
        return False
    first, second = sorted((one, other), key=lambda s: s.start_line)
    return second.start_line < first.start_line + first.text.count("\n")
