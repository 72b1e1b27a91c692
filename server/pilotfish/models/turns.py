"""Whose turn it is at a model of this machine: a code action goes before completions, one action at a time.

Such a model has one processor or graphics card: completions beside an action would make the user wait for
what was asked by hand, and come too late themselves. Services on other machines share between their users;
they are not concerned.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pilotfish.errors import ModelTaken

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend, Chat, Prompt


@dataclass(slots=True)
class _Place:
    """One model: how many actions run or wait, and the completions that run, by what ends them."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    actions: int = 0
    completions: set[asyncio.Timeout] = field(default_factory=set)


class Turns:
    """One for a session, shared by completions and actions."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}

    @asynccontextmanager
    async def action(self, backend: Backend) -> AsyncGenerator[None, None]:
        """Around an action's whole stream: waits for other actions, and ends the completions that run."""
        if backend.is_remote:
            yield
            return
        place = self._place(backend)
        place.actions += 1
        try:
            for completion in place.completions:
                completion.reschedule(asyncio.get_running_loop().time())
            place.completions.clear()
            async with place.lock:
                yield
        finally:
            place.actions -= 1

    @asynccontextmanager
    async def completion(self, backend: Backend) -> AsyncGenerator[None, None]:
        """Around a completion's stream.

        Raises:
            ModelTaken: an action uses the model, or has begun to in the middle.
        """
        if backend.is_remote:
            yield
            return
        place = self._place(backend)
        if place.actions:
            raise _taken(backend)
        try:
            async with asyncio.timeout(None) as end:
                place.completions.add(end)
                try:
                    yield
                finally:
                    place.completions.discard(end)
        except TimeoutError as error:
            if not end.expired():
                raise
            raise _taken(backend) from error

    def _place(self, backend: Backend) -> _Place:
        """Two backends at one address are one model."""
        address = urlsplit(getattr(backend, "url", "")).netloc  # the built-in backends have one
        return self._places.setdefault(address or backend.name, _Place())


async def in_turn(backend: Backend, prompt: Prompt | Chat, turns: Turns) -> AsyncGenerator[str, None]:
    """A completion's stream in its turn, for `hedged`: its reader must wait for nothing but the next piece.

    Raises:
        BackendError: the backend's own, or `ModelTaken`.
    """
    async with turns.completion(backend), aclosing(backend.stream(prompt)) as pieces:
        async for piece in pieces:
            yield piece


def _taken(backend: Backend) -> ModelTaken:
    return ModelTaken(f"{backend.name} works at a code action; completions come without it meanwhile.")
