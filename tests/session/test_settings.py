"""Settings of a running session follow their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pilotfish.errors import PilotfishError
from pilotfish.index.process import IndexerProcess
from pilotfish.session.session import Session
from pilotfish.session.status import Status
from pilotfish.text.positions import Encoding


class Reports:
    """An editor that only remembers what was reported."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def report(self, error: PilotfishError) -> None:
        self.texts.append(str(error))

    def show_status(self, status: Status) -> None:
        pass


async def test_a_settings_file_that_is_saved_holds_from_then_on(tmp_path: Path, own_home: Path) -> None:
    users, kept = own_home / "config" / "pilotfish" / "config.toml", own_home / "dotfiles" / "config.toml"
    for file in (users, kept):
        file.parent.mkdir(parents=True)
    users.symlink_to(kept)
    editor = Reports()
    session = Session(editor, Encoding.UTF16, [tmp_path])
    for file, text, max_lines in [
        (tmp_path / ".pilotfish.toml", "completion.max_lines = 3", 3),
        (users, "completion.max_lines = 2", 2),  # The workspace's file may not raise it again.
        (tmp_path / ".pilotfish.toml", "completion.max_lines = 1", 1),
        (tmp_path / ".pilotfish.toml", "completion.max_lines = ", 2),
    ]:
        file.write_text(text)
        session.files_changed([tmp_path / "other.py"])
        session.files_changed([file])
        assert session.settings.completion.max_lines == max_lines
    assert [text.partition(": ")[2][:15] for text in editor.texts] == ["a workspace's f", "is not TOML, so"]
    await session.aclose()


async def test_what_the_editor_says_is_reported_once_however_often_it_says_it() -> None:
    editor = Reports()
    session = Session(editor, Encoding.UTF16, options={"completion": {"max_lines": "many"}})
    session.start()
    said: list[object] = [{"log": {"level": "loud"}}, {}, None, [], {"log": {"level": "loud"}}]
    for options in said:
        session.configure("workspace/configuration", options)
    assert [text.partition(":")[0] for text in editor.texts] == ["completion.max_lines", "log.level"]
    await session.aclose()


async def test_settings_that_say_nothing_of_the_index_leave_it_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []

    async def start(indexer: IndexerProcess, near: object) -> None:
        begun.append(indexer.root)

    monkeypatch.setattr(IndexerProcess, "start", start)
    session = Session(Reports(), Encoding.UTF16, [tmp_path])
    session.start()
    await session._background.finish()
    for options, times in (({"log.level": "error"}, 1), ({"index.exclude": ["x"]}, 2)):
        session.configure("workspace/configuration", options)
        await session._background.finish()
        assert begun == [tmp_path] * times
    await session.aclose()
