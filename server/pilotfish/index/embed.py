"""Making the vectors of a workspace's code: piece by piece from the catalogs, each text once.

The catalogs know no secret and no ignored file; where texts leave the machine, that is looked at once more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pilotfish.index.found import FoundChunk
from pilotfish.index.lookup import Lookup
from pilotfish.index.vectors import Vectors, row_bytes
from pilotfish.models.vectors import Provider
from pilotfish.platform.ignore import IgnoreRules
from pilotfish.platform.secrets import is_secret_path

log = logging.getLogger(__name__)

PAGE = 256
AT_ONCE = 8
"""So many pieces go in one request: a local model is free for a completion again within moments, and reading
the numbers of an answer (a thousand or four for each) holds the event loop for a few milliseconds."""


@dataclass(frozen=True, slots=True)
class EmbedLimits:
    """What the settings say: pieces a minute and in all, and bytes on disk."""

    per_minute: int
    max_pieces: int
    max_bytes: int


class Embed:
    """Brings the vectors of one provider up to date.

    Args:
        folders: the workspace folders and their catalogs, as they are now; asked in a thread.
        provider: who makes vectors.
        vectors: where they are kept.
        limits: from the settings.
        turn: returns when nobody else needs the processor or the model.
        on_progress: is told how many pieces have a vector, and how many will have.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        folders: Callable[[], tuple[Sequence[Path], Lookup]],
        provider: Provider,
        vectors: Vectors,
        limits: EmbedLimits,
        turn: Callable[[], Awaitable[None]],
        on_progress: Callable[[int, int], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._folders = folders
        self._provider = provider
        self._vectors = vectors
        self._limits = limits
        self._turn = turn
        self._on_progress = on_progress
        self._sleep = sleep

    async def catch_up(self) -> None:
        """Ask for all vectors that are missing.

        Raises:
            BackendError: of the provider; what came before is kept, and is not asked for the next time.
        """
        done, total, width = await self._count()
        most = self._bound(total, width)
        self._on_progress(min(done, most), most)
        if most < total:
            log.info("Of %d pieces of code, %d get vectors", total, most)
        async for page in self._pages():
            for missing in await self._missing(page):
                if done >= most:
                    return
                await self._turn()
                batch = missing[: most - done]
                width = await self._make(batch) or width
                most = self._bound(total, width)
                done += len(batch)
                self._on_progress(min(done, most), most)
                await self._sleep(60 * len(batch) / self._limits.per_minute)
        done, *_ = await self._count()  # one text may be several pieces, and some cannot be read now
        self._on_progress(min(done, most), most)

    def _bound(self, total: int, width: int) -> int:
        """How many pieces get vectors: more than fit on disk would push each other out, again and again."""
        return min(total, self._limits.max_pieces, self._limits.max_bytes // row_bytes(width))

    async def _count(self) -> tuple[int, int, int]:
        """How many pieces have a vector, how many there are, and how wide the vectors are, 0 if unknown."""
        done = total = width = 0
        async for page in self._pages():
            known = await self._vectors.get_many({chunk.hash for chunk in page})
            total += len(page)
            done += sum(chunk.hash in known for chunk in page)
            width = max((len(vector) for vector in known.values()), default=width)
        return done, total, width

    async def _missing(self, page: Sequence[FoundChunk]) -> list[list[FoundChunk]]:
        """The pieces of a page that have no vector, each text once, in batches."""
        known = await self._vectors.get_many({chunk.hash for chunk in page})
        wanted = list({chunk.hash: chunk for chunk in page if chunk.hash not in known}.values())
        return [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]

    async def _make(self, batch: Sequence[FoundChunk]) -> int:
        """Make and keep the vectors of some pieces; how wide they are, or 0 where there are none."""
        texts = await asyncio.to_thread(self._texts, batch)
        if not texts:
            return 0
        started = time.monotonic()
        rows = await self._provider.embed(list(texts.values()))
        seconds = time.monotonic() - started
        is_kept = await self._vectors.put_many(dict(zip(texts, rows, strict=True)), seconds)
        return rows.shape[1] if is_kept else 0

    def _texts(self, batch: Sequence[FoundChunk]) -> dict[bytes, str]:
        """The texts by hash, without those that have changed meanwhile or must not leave the machine."""
        _, lookup = self._folders()
        rules = {root: IgnoreRules(root) for root in {chunk.root for chunk in batch}}

        def may_go(chunk: FoundChunk) -> bool:
            stays = is_secret_path(chunk.path) or rules[chunk.root].ignores(chunk.path)
            return not (self._provider.is_remote and stays)

        texts = {chunk.hash: lookup.text(chunk) for chunk in batch if may_go(chunk)}
        return {each: text for each, text in texts.items() if text is not None}

    async def _pages(self) -> AsyncIterator[Sequence[FoundChunk]]:
        """All pieces of code that the catalogs know, in a fixed order."""
        roots, _ = self._folders()
        for root in roots:
            number = 0
            while page := await asyncio.to_thread(self._page, root, number):
                yield page
                number = page[-1].number

    def _page(self, root: Path, number: int) -> Sequence[FoundChunk]:
        return self._folders()[1].chunks_after(root, number, PAGE)
