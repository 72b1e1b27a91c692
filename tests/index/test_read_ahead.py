"""An index is read once, in order, before it is asked; what cannot be read is left to whoever asks."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import pytest

from pilotfish.index import manifest as layout
from pilotfish.index import read_ahead as ahead
from pilotfish.index.catalog_reader import CatalogReader
from pilotfish.index.make_ready import make_ready
from pilotfish.index.read_ahead import read_ahead
from pilotfish.index.reader import IndexReader
from tests.index.workspace import lay_out, scan


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    scan(lay_out(tmp_path / "ws"), tmp_path / "i")
    return tmp_path / "i"


def data_of(directory: Path) -> list[Path]:
    return [*directory.rglob("data.bin"), *directory.rglob("catalog.sqlite")]


@pytest.mark.parametrize("is_told", [True, False])
def test_all_that_is_asked_is_read(directory: Path, monkeypatch: pytest.MonkeyPatch, is_told: bool) -> None:
    if not is_told:
        monkeypatch.delattr(os, "posix_fadvise", raising=False)
    assert read_ahead(directory, Event()) == sum(file.stat().st_size for file in data_of(directory)) > 0


def test_what_is_too_large_gone_or_not_there_yet_is_not_read(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = Event()
    stopped.set()
    assert read_ahead(directory, stopped) == 0
    assert read_ahead(tmp_path / "none", Event()) == 0
    monkeypatch.setattr(ahead, "MOST_BYTES", 1)
    assert read_ahead(directory, Event()) == 0
    monkeypatch.undo()
    (directory / layout.MANIFEST).write_bytes(b"{}")
    assert read_ahead(directory, Event()) == 0


def test_an_index_is_asked_once_and_nothing_raises(directory: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    catalog, segments = CatalogReader(root, directory), IndexReader(root, directory).view().segments
    list(make_ready(catalog, segments))
    assert all("line_ends" in vars(each.segment) for each in segments)
    for file in data_of(directory):
        file.write_bytes(b"no such thing")
    list(make_ready(CatalogReader(root, directory), segments[:0]))
    list(make_ready(CatalogReader(root, tmp_path / "none"), ()))
