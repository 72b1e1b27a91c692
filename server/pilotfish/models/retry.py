"""Asking again, for whoever waits for an answer (a code action). Inline completion never does."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend, Chat, Prompt

TRIES = 3
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 20.0


async def stream_patiently(
    backend: Backend,
    prompt: Prompt | Chat,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> AsyncGenerator[str, None]:
    """The answer of up to `TRIES` tries, each after twice the wait or what the service asks for.

    Once a piece was given it is never asked again: the reader would see the beginning twice.

    Raises:
        BackendError: the last one; at once if asking again does not help, or only after `LONGEST_WAIT_S`.
    """
    for number in range(TRIES):
        said = False
        try:
            async with aclosing(backend.stream(prompt)) as pieces:
                async for piece in pieces:
                    said = True
                    yield piece
            return
        except BackendError as error:
            asked_s = error.retry_after_s
            wait_s = FIRST_WAIT_S * 2.0**number * (0.5 + chance() / 2) if asked_s is None else asked_s
            if said or not error.may_retry or number == TRIES - 1 or wait_s > LONGEST_WAIT_S:
                raise
        await sleep(wait_s)
