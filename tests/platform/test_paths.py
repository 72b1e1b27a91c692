"""Where things are kept, and that nobody else can look in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pilotfish.errors import IndexFault
from pilotfish.platform import paths


def test_places_are_below_the_users_own_directories(own_home: Path) -> None:
    assert paths.config_file() == own_home / "config" / "pilotfish" / "config.toml"
    assert paths.trace_file() == own_home / "cache" / "pilotfish" / "traces.jsonl"
    assert not (own_home / "cache").exists(), "asking creates nothing"


def test_without_a_home_nothing_is_created_beside_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what Python does where there is none
    assert paths.config_file() is None
    assert paths.cache_directory().is_absolute()
    assert paths.audit_file().is_absolute()


@pytest.mark.parametrize(
    ("name", "slug"),
    [("My Project", "my-project-"), ("😀", "root-"), ("x" * 300, "x" * 40 + "-"), ("..a", "a-")],
)
def test_index_directory_is_readable_and_short(tmp_path: Path, name: str, slug: str) -> None:
    found = paths.index_directory(tmp_path / name).name
    assert found.startswith(slug)
    assert len(found) == len(slug) + 16


def test_one_folder_has_one_index_however_it_is_spelled(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    spellings = {tmp_path / "real", tmp_path / "link", tmp_path / "real" / ".." / "real"}
    assert len({paths.index_directory(root) for root in spellings}) == 1
    assert paths.index_directory(tmp_path / "real") != paths.index_directory(tmp_path / "other" / "real")


def test_directories_are_private(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    made = paths.make_private(tmp_path / "open" / "new" / "newer")
    assert {oct(level.stat().st_mode & 0o777) for level in (made, made.parent)} == {"0o700"}
    assert paths.make_private(tmp_path / "open").stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexFault, match=r"cannot use the folder .*: (Not a directory|File exists)"):
        paths.make_private(tmp_path / "file" / "below")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as on a disk that is mounted to be read only
    with pytest.raises(IndexFault, match="cannot write to the folder"):
        paths.make_private(tmp_path)
