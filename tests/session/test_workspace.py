"""Which folders are worth an index."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.process import IndexerProcess
from pilotfish.session.configuration import Configuration
from pilotfish.session.status import IndexState
from pilotfish.session.workspace import Workspace, indexable
from pilotfish.settings.model import IndexSettings


def folders_in(above: Path, *names: str) -> list[Path]:
    folders = [above.resolve() / name for name in names]
    for folder in folders:
        folder.mkdir()
    return folders


def test_each_folder_once_and_no_whole_home_or_disk(tmp_path: Path, own_home: Path) -> None:
    project, inner = tmp_path / "project", tmp_path / "project" / "inner"
    inner.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(project)
    folders = [inner, link, project, own_home, Path(project.anchor), tmp_path / "gone"]
    assert indexable(folders) == [project]


async def test_the_index_is_building_as_long_as_it_is_to_come(tmp_path: Path) -> None:
    workspace = Workspace(lambda: None, lambda _: None)
    states = [workspace.status.state]
    for settings in (IndexSettings(), IndexSettings(enabled=False)):
        workspace.expect({tmp_path: settings})
        states.append(workspace.status.state)
    assert states == [IndexState.OFF, IndexState.BUILDING, IndexState.OFF]


async def test_what_befalls_one_folder_leaves_the_others_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def start(indexer: IndexerProcess, near: object) -> None:
        told.append(f"+{indexer.root.name}")

    async def close(indexer: IndexerProcess) -> None:
        told.append(f"-{indexer.root.name}")

    monkeypatch.setattr(IndexerProcess, "start", start)
    monkeypatch.setattr(IndexerProcess, "aclose", close)
    one, two, three = folders_in(tmp_path, "one", "two", "three")
    plain, other, off = IndexSettings(), IndexSettings(exclude=("x",)), IndexSettings(enabled=False)
    workspace = Workspace(lambda: None, lambda _: None)
    generations = [workspace.generation]
    for folders, expected in [
        ({one: plain, two: plain}, ["+one", "+two"]),
        ({two: plain, three: plain}, ["-one", "+three"]),
        ({two: plain, three: plain}, []),
        ({two: plain, three: other}, ["-three", "+three"]),
        ({two: off, three: other}, ["-two"]),
    ]:
        told.clear()
        await workspace.use(folders, watched=True)
        assert told == expected
        generations.append(workspace.generation)
    assert generations == sorted(generations)
    await workspace.use({three: other}, watched=False)
    await workspace.aclose()
    await asyncio.sleep(0)
    assert told == ["-two", "-three", "+three", "-three"]


def test_each_folder_has_its_own_word_on_what_is_indexed_of_it(tmp_path: Path) -> None:
    roots = folders_in(tmp_path, "one", "two")
    (roots[0] / ".pilotfish.toml").write_text("index.exclude = ['gen']\nprivacy.local_only = true\n")
    configuration = Configuration(roots, {"index": {"max_file_bytes": 5_000}})
    assert [configuration.folders[root].exclude for root in roots] == [("gen",), ()]
    assert [configuration.folders[root].max_file_bytes for root in roots] == [5_000, 5_000]
    assert configuration.settings.privacy.local_only, "what is not of one folder holds for all"


@pytest.fixture
def no_indexers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers are made, but run no process."""

    async def nothing(*_: object) -> None:
        return

    monkeypatch.setattr(IndexerProcess, "start", nothing)
    monkeypatch.setattr(IndexerProcess, "aclose", nothing)


@pytest.mark.usefixtures("no_indexers")
async def test_a_catalog_found_damaged_is_looked_at_by_its_indexer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damages, told = [False, True, False], []

    monkeypatch.setattr(IndexerProcess, "rescan", lambda indexer: told.append(indexer.root.name))
    monkeypatch.setattr(CatalogReader, "take_damage", lambda _: damages.pop(0))
    workspace = Workspace(lambda: None, lambda _: None)
    await workspace.use({folder: IndexSettings() for folder in folders_in(tmp_path, "one")}, watched=True)
    for expected in ([], ["one"], ["one"]):
        assert workspace.lookup([]).definitions(["anything"]) == []
        assert told == expected
    await workspace.aclose()


@pytest.mark.usefixtures("no_indexers")
async def test_an_indexer_is_told_what_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, Path]] = []

    monkeypatch.setattr(
        IndexerProcess, "opened", lambda indexer, file: told.append((indexer.root.name, file))
    )
    workspace = Workspace(lambda: None, lambda _: None)
    (folder,) = folders_in(tmp_path, "one")
    await workspace.use({folder: IndexSettings()}, watched=True)
    workspace.opened(folder / "pkg" / "a.py")
    assert told == [("one", folder / "pkg" / "a.py")]
    await workspace.aclose()


@pytest.mark.usefixtures("no_indexers")
async def test_an_index_that_is_there_is_made_ready_once_it_may_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_ready: list[Path] = []

    def make_ready(catalog: CatalogReader, _: object) -> Iterator[None]:
        made_ready.append(catalog.root)
        yield

    monkeypatch.setattr("pilotfish.index.make_ready.make_ready", make_ready)
    workspace = Workspace(lambda: None, lambda _: None)
    folders = folders_in(tmp_path, "one", "two")
    await workspace.use({folders[0]: IndexSettings()}, watched=True)
    assert (workspace.view().roots, made_ready) == ((), [])
    monkeypatch.setattr("pilotfish.session.workspace.REST_S", 0.01)
    workspace.read()
    await workspace.use({folder: IndexSettings() for folder in folders}, watched=True)
    assert workspace.view().roots == tuple(folders)
    async with asyncio.timeout(10):
        while {*made_ready} != {*folders}:  # noqa: ASYNC110 - it happens in a thread
            await asyncio.sleep(0.01)
    await workspace.aclose()


@pytest.mark.usefixtures("no_indexers")
async def test_it_is_made_ready_while_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []

    def make_ready(*_: object) -> Iterator[None]:
        for number in range(1000):
            steps.append(number)
            yield

    monkeypatch.setattr("pilotfish.index.make_ready.make_ready", make_ready)
    workspace = Workspace(lambda: None, lambda _: None)
    await workspace.use({folders_in(tmp_path, "one")[0]: IndexSettings()}, watched=True)
    workspace.read()
    workspace.view()
    async with asyncio.timeout(10):
        while not steps:  # noqa: ASYNC110 - it happens in a thread
            await asyncio.sleep(0.01)
        monkeypatch.setattr("pilotfish.session.workspace.REST_S", 60.0)
        workspace.view()
        await asyncio.sleep(0.1)
        made = len(steps)
        await asyncio.sleep(0.1)
        assert len(steps) == made < 1000
        await workspace.aclose()
