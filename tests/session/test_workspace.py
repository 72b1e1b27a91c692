"""Which folders are worth an index."""

from __future__ import annotations

from pathlib import Path

from pilotfish.session.status import IndexState
from pilotfish.session.workspace import Workspace, indexable
from pilotfish.settings.model import IndexSettings


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
        workspace.expect([tmp_path], settings)
        states.append(workspace.status.state)
    assert states == [IndexState.OFF, IndexState.BUILDING, IndexState.OFF]
