"""Vectors of the workspace's code from a service: made in the background, by `index/embed.py`, and compared.

Making them gives way to completions and waits out failures; what is in the cache is never asked for again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pilotfish.errors import BackendError
from pilotfish.platform import paths
from pilotfish.session.background import Background
from pilotfish.session.status import EmbeddingStatus

if TYPE_CHECKING:
    from pilotfish.context.embeddings import Likeness
    from pilotfish.context.gather import Reorder
    from pilotfish.context.place import Place
    from pilotfish.index.lookup import Lookup
    from pilotfish.index.vectors import Vectors
    from pilotfish.models.backend import Backend
    from pilotfish.models.vectors import Provider
    from pilotfish.platform.cache import AsyncCache
    from pilotfish.session.completions import Completions
    from pilotfish.session.likeness import Surroundings
    from pilotfish.session.privacy import Privacy
    from pilotfish.session.reporter import Reporter
    from pilotfish.session.workspace import Workspace
    from pilotfish.settings.embeddings import EmbeddingSettings
    from pilotfish.settings.model import Settings

SETTLE_S = 2.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 300.0
REST_S = 600.0
"""After a failure that asking again does not mend: perhaps the user has mended it."""
TELL_EVERY = 64
_IDLE_S = 0.1
_AREA = "embeddings"


class Embedding:
    """Keeps the vectors of all folders up to date.

    Args:
        workspace: what is known of the folders.
        completions: they go first.
        reporter: is told how far it is, and what goes wrong.
        privacy: which files may not leave this machine.
        sleep: waits so many seconds.

    Attributes:
        status: how far it is; None where no service makes vectors.
    """

    def __init__(
        self,
        workspace: Workspace,
        completions: Completions,
        reporter: Reporter,
        privacy: Privacy,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._workspace = workspace
        self._completions = completions
        self._reporter = reporter
        self._sleep = sleep
        self._used: tuple[Backend | None, EmbeddingSettings | None] = None, None
        self._background = Background()
        self._task: asyncio.Task[None] | None = None
        self._cache: AsyncCache | None = None
        self._changed = asyncio.Event()
        self._ready: tuple[Provider, Vectors] | None = None
        self._privacy = privacy
        self._surroundings: Surroundings | None = None
        self._is_off = False
        self.status: EmbeddingStatus | None = None

    def use(self, backends: Mapping[str, Backend], settings: Settings) -> None:
        """Make vectors with the backend that the settings name, if it may be asked; otherwise make none."""
        self._is_off = settings.embeddings.is_off
        backend = backends.get(settings.embedder)
        if backend is not None and backend.is_remote and settings.privacy.local_only:
            backend = None
        if self._used == (backend, settings.embeddings):
            return
        self._used = backend, settings.embeddings
        if self._task is not None:
            self._task.cancel()
        self._task = self.status = self._ready = None
        self._reporter.mended(_AREA)
        if backend is not None:
            self._task = self._background.run(self._run(backend, settings.embeddings))

    def likeness(self, place: Place) -> Likeness | None:
        """How like a place pieces of code are, where a service's vectors are there to tell it."""
        if self._ready is None or self._surroundings is None:
            return None
        return self._surroundings.likeness(place.document, place.start.line, *self._ready)

    def reorder(self, region: Place, known: dict[str, float]) -> Reorder:
        """How what was found for a place in a region is put in order; see `context.embeddings.Alike`."""
        if self._is_off:
            return list
        from pilotfish.context.embeddings import Alike  # noqa: PLC0415 - brings numpy

        return Alike(region, known)

    def index_changed(self) -> None:
        """There may be new pieces of code."""
        self._changed.set()

    async def aclose(self) -> None:
        """End it. What was made so far is kept."""
        await self._background.aclose()
        if self._surroundings is not None:
            await self._surroundings.aclose()
        if self._cache is not None:
            await self._cache.aclose()

    async def _run(self, backend: Backend, settings: EmbeddingSettings) -> None:
        await self._completions.ready.wait()  # until then the engine is loading, and goes first
        await asyncio.to_thread(_bring)
        from pilotfish.index.embed import Embed, EmbedLimits  # noqa: PLC0415 - brought in a thread, above
        from pilotfish.index.vectors import Vectors  # noqa: PLC0415
        from pilotfish.models.vectors import service_vectors  # noqa: PLC0415
        from pilotfish.platform.cache import AsyncCache, Cache  # noqa: PLC0415
        from pilotfish.session.likeness import Surroundings  # noqa: PLC0415

        self._surroundings = self._surroundings or Surroundings(self._privacy.is_private)
        if self._cache is None:
            self._cache = AsyncCache(Cache(paths.embeddings_directory(), settings.max_bytes))
        cache = self._cache
        limits = EmbedLimits(settings.per_minute, settings.max_pieces, settings.max_bytes)

        async def catch_up() -> None:
            if self._ready is None:
                provider = await service_vectors(backend)
                self._ready = provider, Vectors(cache, provider.name)
            work = Embed(self._folders, *self._ready, limits, self._turn, self._progress, self._sleep)
            await work.catch_up()

        while True:
            self._changed.clear()
            await self._patiently(catch_up)
            self._reporter.show_status()
            await self._changed.wait()
            await self._sleep(SETTLE_S)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it until it is done, however often it fails."""
        wait_s = FIRST_WAIT_S
        while True:
            before = self.status
            try:
                await work()
            except BackendError as error:
                error.named_in = "embeddings.backend"
                self._reporter.note(_AREA, error)
                wait_s = FIRST_WAIT_S if self.status != before else min(2 * wait_s, LONGEST_WAIT_S)
                await self._sleep(max(wait_s, error.retry_after_s or 0) if error.may_retry else REST_S)
            else:
                self._reporter.mended(_AREA)
                return

    async def _turn(self) -> None:
        while len(self._completions):
            await self._sleep(_IDLE_S)

    def _folders(self) -> tuple[Sequence[Path], Lookup]:
        return self._workspace.roots, self._workspace.lookup(frozenset())

    def _progress(self, done: int, total: int) -> None:
        told = self.status.done // TELL_EVERY if self.status else -1
        self.status = EmbeddingStatus(done, total)
        if done // TELL_EVERY != told:
            self._reporter.mended(_AREA)
            self._reporter.show_status()


def _bring() -> None:
    """Import what takes long."""
    import pilotfish.index.embed  # noqa: F401, PLC0415 - in a thread
