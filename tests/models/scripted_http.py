"""Connections without a network: what is answered is scripted, what was asked is kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pilotfish.errors import BackendError
from pilotfish.platform.http import Http
from pilotfish.platform.reply import Deadlines


@dataclass
class ScriptedReply:
    status: int
    headers: Mapping[str, str]
    pieces: Iterable[bytes]
    cut_by: BackendError | None = None
    origin: str = "https://scripted"

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        for piece in self.pieces:
            yield piece
        if self.cut_by is not None:
            raise self.cut_by

    async def body(self) -> bytes:
        return b"".join([piece async for piece in self.chunks()])


@dataclass
class ScriptedHttp(Http):
    """Answers each request with the next reply, the last one for ever."""

    replies: list[ScriptedReply]
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    open_streams: int = 0

    @asynccontextmanager
    async def post(  # type: ignore[override]
        self, url: str, body: Mapping[str, Any], headers: Mapping[str, str], deadlines: Deadlines
    ) -> AsyncIterator[ScriptedReply]:
        self.asked.append((url, dict(body), dict(headers)))
        self.open_streams += 1
        try:
            yield self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        finally:
            self.open_streams -= 1

    @asynccontextmanager
    async def get(  # type: ignore[override]
        self, url: str, headers: Mapping[str, str], deadlines: Deadlines
    ) -> AsyncIterator[ScriptedReply]:
        """Tells nothing."""
        yield ScriptedReply(404, {}, [])

    async def aclose(self) -> None:
        assert not self.open_streams


def answering(
    body: bytes,
    *,
    status: int = 200,
    content_type: str = "text/event-stream",
    cut_at: Iterable[int] = (),
    headers: Mapping[str, str] | None = None,
    cut_by: BackendError | None = None,
) -> ScriptedReply:
    """One reply, its body divided at `cut_at`."""
    edges = [0, *sorted(cut_at), len(body)]
    pieces = [body[start:end] for start, end in pairwise(edges)]
    return ScriptedReply(status, {"content-type": content_type, **(headers or {})}, pieces, cut_by)
