"""The door to other machines: what goes to a remote backend, whoever asks, is redacted and recorded here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from pilotfish.errors import BackendError, PromptRefused
from pilotfish.models.backend import Backend, Chat, ModelProfile, Prompt, expect, is_metered
from pilotfish.models.usage import Counted, Usage, estimated_tokens
from pilotfish.platform.redact import redact, redact_around

if TYPE_CHECKING:
    from pilotfish.models.allowance import Allowance
    from pilotfish.models.embeddings import Embedder
    from pilotfish.platform.audit import Audit


_AT_ONCE_CHARS = 64_000
"""Redacting takes a millisecond for 16,000 characters; more than this would hold the event loop."""


class Outgoing:
    """A remote backend, given nothing but redacted text. It is a `Backend` itself.

    Attributes:
        backend: the backend behind the door.
        is_shut: whether nothing may pass, in either direction: not even the rest of an answer that comes.

    Args:
        allowance: how much may go through in a day.
        audit: where it is recorded, if the user wants that.
    """

    is_remote = True

    def __init__(self, backend: Backend, allowance: Allowance, audit: Audit | None = None) -> None:
        self.backend = backend
        self.is_shut = False
        self.name = backend.name
        self.abilities = backend.abilities
        self._allowance = allowance
        self._audit = audit

    @property
    def profile(self) -> ModelProfile:
        """The backend's, which may learn more of its model."""
        return self.backend.profile

    @property
    def is_metered(self) -> bool:
        """Whether an answer costs money, or a part of what the user allows a day."""
        return self._allowance.is_bounded or is_metered(self.backend)

    def expect(self) -> None:
        """See `backend.expect`."""
        if not self.is_shut:
            expect(self.backend)

    async def stream(self, prompt: Prompt | Chat) -> AsyncGenerator[str, None]:
        """The backend's answer to the redacted prompt.

        Raises:
            BackendError: the backend's own; or the door is shut, or today's tokens are used up, or the audit
                record cannot be written, and nothing was sent.
        """
        if len(spelled(prompt)) > _AT_ONCE_CHARS:
            prompt, redactions = await asyncio.to_thread(redacted, prompt)
        else:
            prompt, redactions = redacted(prompt)
        reserved = self._record(spelled(prompt), redactions, prompt.max_tokens)
        said: list[str] = []
        used: Usage | None = None
        try:
            async with aclosing(self.backend.stream(prompt)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Counted):
                        used = piece.usage
                        continue
                    said.append(piece)
                    self._check()
                    yield piece
        except BackendError:
            used = used if said else Usage()  # what is refused, or never arrives, is not paid for
            raise
        except (GeneratorExit, asyncio.CancelledError):
            self.expect()  # who leaves an answer types on; its connection has ended with it
            raise
        finally:
            received_tokens = estimated_tokens("".join(said))
            self._allowance.settle(reserved, used or Usage(reserved.sent_tokens, received_tokens))

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """The backend's vectors of the redacted texts; raises as `stream` does."""
        safe = await asyncio.to_thread(lambda: [redact(text) for text in texts])
        reserved = self._record("\n".join(text for text, _ in safe), sum(count for _, count in safe))
        try:
            vectors = await cast("Embedder", self.backend).embed([text for text, _ in safe])
        except BackendError:
            self._allowance.settle(reserved, Usage())
            raise
        self._check()
        return vectors

    def _record(self, text: str, redactions: int, max_tokens: int = 0) -> Usage:
        """Count and write down what is about to be sent; what was counted."""
        self._check()
        reserved = Usage(estimated_tokens(text), max_tokens)
        self._allowance.reserve(reserved)
        if self._audit is not None:
            url = getattr(self.backend, "url", "")  # the built-in backends have one
            try:
                self._audit.record(self.name, urlsplit(url).netloc or self.name, text, redactions)
            except BackendError:
                self._allowance.settle(reserved, Usage())
                raise
        return reserved

    def _check(self) -> None:
        if self.is_shut:
            raise PromptRefused(f"{self.name} is on another machine, and privacy.local_only holds.")

    async def aclose(self) -> None:
        """Close the backend."""
        await self.backend.aclose()


def shut(backend: Backend, *, is_shut: bool) -> None:
    """Shut the door to a backend, or open it; one on this machine has none."""
    if isinstance(backend, Outgoing):
        backend.is_shut = is_shut


def redacted(prompt: Prompt | Chat) -> tuple[Prompt | Chat, int]:
    """The prompt without secret-looking strings, and how many there were."""
    if isinstance(prompt, Chat):
        return _redacted_chat(prompt)
    prefix, suffix, count = redact_around(prompt.prefix, prompt.suffix)
    texts = [redact(part.text) for part in prompt.context]
    context = tuple(replace(part, text=text) for part, (text, _) in zip(prompt.context, texts, strict=True))
    total = count + sum(count for _, count in texts)
    return replace(prompt, prefix=prefix, suffix=suffix, context=context), total


def _redacted_chat(chat: Chat) -> tuple[Chat, int]:
    """Where the cursor stands in a secret, an answer that was begun with its first half is begun anew."""
    turns, total = [], 0
    half, safe_half = "", ""
    for turn in chat.messages:
        text = turn.text
        if turn.role == "assistant" and half and text.endswith(half):
            text = text.removesuffix(half) + safe_half
        before, mark, after = text.rpartition(chat.cursor) if chat.cursor else ("", "", text)
        safe_before, safe_after, count = redact_around(before, after)
        if mark:
            half, safe_half = (side.rpartition("\n")[2].rstrip() for side in (before, safe_before))
        turns.append(replace(turn, text=safe_before + mark + safe_after))
        total += count
    return replace(chat, messages=tuple(turns)), total


def spelled(prompt: Prompt | Chat) -> str:
    """All text of a prompt, for the record; a block marks the cursor."""
    if isinstance(prompt, Chat):
        return "\n".join(f"[{message.role}] {message.text}" for message in prompt.messages)
    name = f"[{prompt.path}]\n" if prompt.path else ""
    return "".join((*(part.text for part in prompt.context), name, prompt.prefix, "█", prompt.suffix))
