"""Vectors of a workspace's code: each text is sent once, whatever happens, and some are never sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from pilotfish.errors import BackendUnavailable
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.embed import Embed, EmbedLimits
from pilotfish.index.lookup import Lookup
from pilotfish.index.vectors import Vectors, row_bytes
from pilotfish.models.vectors import Matrix, unit_rows
from pilotfish.platform.cache import AsyncCache, Cache
from tests.index.workspace import LIMITS, lay_out

FILES = {f"pkg/mod{number}.py": f"def only_{number}():\n    return {number}\n" for number in range(40)}
EVERYTHING = EmbedLimits(per_minute=60_000_000, max_pieces=1_000, max_bytes=10_000_000)


class Counting:
    """A provider that remembers what it was sent, and fails once it was sent so much."""

    name = "counting"

    def __init__(self, *, is_remote: bool = True) -> None:
        self.is_remote = is_remote
        self.sent: list[str] = []
        self.fails_after: int | None = None

    async def embed(self, texts: Sequence[str]) -> Matrix:
        if self.fails_after is not None and len(self.sent) + len(texts) > self.fails_after:
            raise BackendUnavailable("away")
        self.sent += texts
        return unit_rows(np.array([[len(text), 1.0] for text in texts]))


class Workspace:
    """An indexed folder and its vectors."""

    def __init__(self, folder: Path) -> None:
        self.root, self.directory, self.cache_folder = folder / "ws", folder / "index", folder / "cache"
        self.provider = Counting()
        self.limits = EVERYTHING
        self.progress: list[tuple[int, int]] = []
        self.waits_s: list[float] = []
        self.turns = 0
        lay_out(self.root, FILES)

    async def catch_up(self) -> None:
        """With everything opened anew, as after a restart."""
        build(self.root, self.directory, LIMITS)
        async with self.vectors() as vectors:
            reader = CatalogReader(self.root, self.directory)
            try:
                await Embed(
                    lambda: ([self.root], Lookup([reader])),
                    self.provider,
                    vectors,
                    self.limits,
                    self._turn,
                    lambda *how_far: self.progress.append(how_far),
                    self._sleep,
                ).catch_up()
            finally:
                reader.close()

    @asynccontextmanager
    async def vectors(self) -> AsyncIterator[Vectors]:
        cache = AsyncCache(Cache(self.cache_folder, 10_000_000))
        yield Vectors(cache, self.provider.name)
        await cache.aclose()

    async def _turn(self) -> None:
        self.turns += 1

    async def _sleep(self, seconds: float) -> None:
        self.waits_s.append(seconds)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


async def test_each_text_is_sent_once(workspace: Workspace) -> None:
    lay_out(workspace.root, {"vendor/copy.py": FILES["pkg/mod0.py"]})
    await workspace.catch_up()
    assert sorted(workspace.provider.sent) == sorted(FILES.values())
    assert workspace.progress[-1] == (40, 40)
    assert workspace.turns == 5, "before each request the others have their turn"

    await workspace.catch_up()
    lay_out(workspace.root, {"pkg/mod1.py": "def other():\n    pass\n"})
    await workspace.catch_up()
    lay_out(workspace.root, {"pkg/mod1.py": FILES["pkg/mod1.py"]})
    await workspace.catch_up()
    assert workspace.provider.sent[40:] == ["def other():\n    pass\n"]


async def test_it_goes_on_after_a_failure(workspace: Workspace) -> None:
    workspace.provider.fails_after = 20
    with pytest.raises(BackendUnavailable):
        await workspace.catch_up()
    assert 0 < workspace.progress[-1][0] < 40
    workspace.provider.fails_after = None
    await workspace.catch_up()
    assert sorted(workspace.provider.sent) == sorted(FILES.values())


async def test_it_keeps_to_the_rate_and_the_bounds(workspace: Workspace) -> None:
    workspace.limits = EmbedLimits(per_minute=600, max_pieces=30, max_bytes=10_000_000)
    await workspace.catch_up()
    assert len(workspace.provider.sent) == 30
    assert sum(workspace.waits_s) == pytest.approx(3.0)
    assert workspace.progress[-1] == (30, 30)
    workspace.limits = EmbedLimits(per_minute=600, max_pieces=1_000, max_bytes=35 * row_bytes(2))
    await workspace.catch_up()
    await workspace.catch_up()
    assert len(workspace.provider.sent) == 35, "more would only push each other out"


@pytest.mark.parametrize("is_remote", [True, False])
async def test_what_was_ignored_since_it_was_indexed_does_not_leave(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, is_remote: bool
) -> None:
    workspace.provider = Counting(is_remote=is_remote)
    build(workspace.root, workspace.directory, LIMITS)
    lay_out(workspace.root, {".gitignore": "mod1?.py\n"})
    monkeypatch.setattr("tests.index.test_embed.build", lambda *_: None)
    await workspace.catch_up()
    assert len(workspace.provider.sent) == (30 if is_remote else 40)


async def test_what_is_secret_or_ignored_is_never_sent(workspace: Workspace) -> None:
    hidden = {
        ".env.py": "KEY = 1\n", "id_rsa": "SECRET = 2\n", ".gitignore": "out/\n", "out/a.py": "x = 3\n",
        ".pilotfishignore": "mine.py\n", "mine.py": "y = 4\n",
    }  # fmt: skip
    lay_out(workspace.root, hidden)
    await workspace.catch_up()
    sent = "".join(workspace.provider.sent)
    assert not [name for name in ("KEY", "SECRET", "x = 3", "y = 4") if name in sent]


async def test_a_vector_is_read_as_it_was_written_or_not_at_all(workspace: Workspace) -> None:
    async with workspace.vectors() as vectors:
        kept = {b"one": np.array([0.6, -0.8], np.float32), b"none": np.zeros(0, np.float32)}
        assert await vectors.put_many(kept)
        assert await vectors.put_many({b"broken": np.array([np.nan, 1], np.float32)})
        found = await vectors.get_many([b"one", b"none", b"broken", b"unknown"])
        assert found.keys() == kept.keys()
        assert found[b"one"] == pytest.approx(kept[b"one"], abs=1e-3)
    workspace.provider.name = "another model"
    async with workspace.vectors() as vectors:
        assert await vectors.get_many([b"one"]) == {}
