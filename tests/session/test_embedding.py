"""Vectors made in the background: who may be asked, who goes first, and what happens where asking fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from pilotfish.context.embeddings import Alike
from pilotfish.context.place import Place, look_around
from pilotfish.errors import BackendUnavailable, KeyRefused, PilotfishError
from pilotfish.index.build import build
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.lookup import Lookup
from pilotfish.models.backend import Abilities
from pilotfish.session.embedding import FIRST_WAIT_S, REST_S, Embedding
from pilotfish.session.status import EmbeddingStatus
from pilotfish.settings.embeddings import EmbeddingSettings
from pilotfish.settings.model import PrivacySettings, Settings
from pilotfish.text.document import Document, Position
from tests.index.workspace import FILES, LIMITS, lay_out

if TYPE_CHECKING:
    from pilotfish.models.backend import Backend
    from pilotfish.session.completions import Completions
    from pilotfish.session.privacy import Privacy
    from pilotfish.session.reporter import Reporter
    from pilotfish.session.workspace import Workspace

SETTINGS = Settings(embeddings=EmbeddingSettings(backend="service", per_minute=1_000_000))


class Service:
    """A backend that makes vectors, once it does not fail any more."""

    name = "service"
    abilities = Abilities(embed=True)

    def __init__(self, *failures: Exception, is_remote: bool = False) -> None:
        self.is_remote = is_remote
        self.failures = list(failures)
        self.sent: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.failures:
            raise self.failures.pop(0)
        self.sent += texts
        return [[1.0, len(text)] for text in texts]


class Surroundings:
    """What a session has around the embedding: an indexed folder, completions, somebody to report to."""

    def __init__(self, folder: Path) -> None:
        self.root = lay_out(folder / "ws")
        build(self.root, folder / "index", LIMITS)
        self.catalog = CatalogReader(self.root, folder / "index")
        self.roots = [self.root]
        self.ready = asyncio.Event()
        self.ready.set()
        self.running = 0
        self.noted: list[PilotfishError] = []
        self.is_well = True
        self.waits_s: list[float] = []
        self.hears: Callable[[], None] = lambda: None

    def lookup(self, hidden: Collection[Path]) -> Lookup:
        return Lookup([self.catalog], hidden)

    def __len__(self) -> int:
        return self.running

    def is_private(self, path: Path) -> bool:
        return path.name == "private.py"

    def note(self, area: str, error: PilotfishError) -> None:
        self.noted.append(error)
        self.is_well = False

    def mended(self, area: str) -> None:
        self.is_well = True

    def show_status(self) -> None:
        self.hears()

    async def sleep(self, seconds: float) -> None:
        if seconds > 0.01:
            self.waits_s.append(seconds)
        if seconds == 0.1:
            self.running = 0
        await asyncio.sleep(0)


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


async def embedded(
    around: Surroundings, service: Service, settings: Settings = SETTINGS, *, close: bool = True
) -> Embedding:
    """What came of it once everything has a vector, or once nothing is to be made."""
    embedding = Embedding(
        cast("Workspace", around),
        cast("Completions", around),
        cast("Reporter", around),
        cast("Privacy", around),
        around.sleep,
    )
    done = asyncio.Event()

    def hear() -> None:
        if embedding.status and embedding.status.done == embedding.status.total:
            done.set()

    around.hears = hear
    embedding.use(cast("Mapping[str, Backend]", {"service": service}), settings)
    if embedding._task is not None:
        async with asyncio.timeout(30):
            await done.wait()
    if close:
        await embedding.aclose()
        around.catalog.close()
    return embedding


async def test_every_piece_gets_a_vector(around: Surroundings) -> None:
    service = Service()
    embedding = await embedded(around, service)
    assert embedding.status == EmbeddingStatus(len(FILES), len(FILES))
    assert len(service.sent) == len(FILES)
    assert not around.noted


def at(document: Document, line: int) -> Place:
    return look_around(document, Position(line, 0))


async def test_pieces_are_compared_with_what_surrounds_the_cursor(around: Surroundings) -> None:
    service = Service(is_remote=True)
    embedding = await embedded(around, service, close=False)
    [chunk] = around.lookup(frozenset()).chunks_of(around.root / "pkg0" / "mod0.py")
    private = Document("p", around.root / "private.py", "python", 1, ["x\n"] * 50)
    document = Document("d", around.root / "pkg0" / "mod0.py", "python", 1, ["y\n"] * 50)
    assert embedding.likeness(at(private, 3)) is None
    assert embedding.likeness(at(document, 3)) is None, "nobody waits for a service"
    async with asyncio.timeout(30):
        while (likeness := embedding.likeness(at(document, 5))) is None:  # noqa: ASYNC110 - as completions do
            await asyncio.sleep(0)
    assert service.sent[len(FILES) :] == ["y\n" * 50], "once for the stretch, and nothing private"
    alike = await asyncio.to_thread(likeness.of, [chunk, replace(chunk, hash=b"unknown")])
    text = around.lookup(frozenset()).text(chunk)
    assert text is not None
    here, there = np.array([1.0, 100.0]), np.array([1.0, len(text)])
    expected = here @ there / np.linalg.norm(here) / np.linalg.norm(there)
    assert alike == {chunk.hash: pytest.approx(expected, abs=1e-3)}
    assert embedding.likeness(at(document, 25)) is None
    await embedding.aclose()
    around.catalog.close()


async def test_completions_go_first(around: Surroundings) -> None:
    around.running = 1
    await embedded(around, Service())
    assert around.waits_s == [0.1]


@pytest.mark.parametrize(
    ("failure", "waits_s"),
    [
        (BackendUnavailable("away"), [FIRST_WAIT_S, 2 * FIRST_WAIT_S]),
        (BackendUnavailable("busy", retry_after_s=90), [90, 90]),
        (KeyRefused("no key"), [REST_S, REST_S]),
    ],
)
async def test_a_failure_is_said_and_waited_out(
    around: Surroundings, failure: PilotfishError, waits_s: list[float]
) -> None:
    service = Service(failure, failure)
    await embedded(around, service)
    assert around.noted == [failure, failure]
    assert {getattr(error, "named_in", None) for error in around.noted} == {"embeddings.backend"}
    assert around.is_well
    assert around.waits_s == waits_s
    assert len(service.sent) == len(FILES)


@pytest.mark.parametrize(
    ("settings", "is_remote", "is_asked"),
    [
        (SETTINGS, True, True),
        (replace(SETTINGS, privacy=PrivacySettings(local_only=True)), True, False),
        (replace(SETTINGS, privacy=PrivacySettings(local_only=True)), False, True),
        (replace(SETTINGS, embeddings=EmbeddingSettings("off")), False, False),
        (Settings(), False, False),
    ],
)
async def test_who_may_be_asked(
    around: Surroundings, settings: Settings, is_remote: bool, is_asked: bool
) -> None:
    service = Service(is_remote=is_remote)
    embedding = await embedded(around, service, settings)
    assert bool(service.sent) is is_asked
    assert (embedding.status is not None) is is_asked


@pytest.mark.parametrize(("name", "kind"), [("embedded", Alike), ("service", Alike), ("off", type)])
async def test_names_are_compared_unless_that_is_switched_off(
    around: Surroundings, name: str, kind: type
) -> None:
    settings = Settings(embeddings=EmbeddingSettings(name, per_minute=1_000_000))
    embedding = await embedded(around, Service(), settings)
    assert type(embedding.reorder(at(Document("d", None, "python", 1, ["x\n"]), 0).region, {})) is kind
