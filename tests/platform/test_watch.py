"""Watching a folder: what is told of, what is not, and what happens where the system cannot watch."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pilotfish.errors import IndexFault
from pilotfish.platform import watch
from pilotfish.platform.ignore import IgnoreRules

DEADLINE_S = 20


class Watched:
    """A folder being watched in a thread."""

    def __init__(self, root: Path, *, as_tree: bool) -> None:
        self.root = root
        self.seen: set[str] = set()
        self.faults: list[IndexFault] = []
        self.ready = threading.Event()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(as_tree,))

    def _run(self, as_tree: bool) -> None:
        try:
            for paths in watch.changes(self.root, lambda: IgnoreRules(self.root), self.stop, as_tree=as_tree):
                self.seen |= paths
                self.ready.set()
        except IndexFault as fault:
            self.faults.append(fault)
        self.ready.set()

    def sees(self, *paths: str) -> None:
        until = time.monotonic() + DEADLINE_S
        while not self.seen >= set(paths):
            assert time.monotonic() < until, (self.seen, paths)
            time.sleep(0.01)

    def write(self, path: str, text: str = "x = 1\n") -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)


@contextmanager
def watched(root: Path, *, as_tree: bool = False) -> Iterator[Watched]:
    one = Watched(root, as_tree=as_tree)
    one.thread.start()
    assert one.ready.wait(DEADLINE_S)
    try:
        yield one
    finally:
        one.stop.set()
        one.thread.join(DEADLINE_S)
        assert not one.thread.is_alive()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = (tmp_path / "work").resolve()
    for path in ("a.py", "lib/b.py", "lib/deep/c.py", "node_modules/d.js", "out/e.py", "gone/f.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("old = 1\n")
    (folder / ".gitignore").write_text("out/\n*.log\n")
    return folder


@pytest.mark.parametrize("as_tree", [False, True])
def test_what_changes_is_told_of_and_what_is_left_out_is_not(root: Path, as_tree: bool) -> None:
    with watched(root, as_tree=as_tree) as files:
        for path in ("node_modules/d.js", "out/e.py", "run.log", "a.py", "lib/deep/new é.py"):
            files.write(path)
        files.sees("a.py", "lib/deep/new é.py")
        (root / "lib" / "b.py").rename(root / "lib" / "moved.py")
        files.sees("lib/b.py", "lib/moved.py")
        shutil.rmtree(root / "gone")
        files.sees("gone")
        assert not {path for path in files.seen if path.startswith(("node_modules", "out", "run"))}


def made(files: Watched) -> None:
    files.write("new/folder/one.py")
    files.sees("new")
    files.write("new/folder/two.py")
    files.sees("new/folder/two.py")


def made_anew(files: Watched) -> None:
    shutil.rmtree(files.root / "lib")
    files.sees("lib")
    files.seen.clear()
    files.write("lib/b.py")
    files.sees("lib")
    files.write("lib/two.py")
    files.sees("lib/two.py")


def not_ignored_any_more(files: Watched) -> None:
    files.write(".gitignore", "")
    files.sees(".gitignore")
    files.write("out/e.py", "newer = 1\n")
    files.sees("out/e.py")


@pytest.mark.parametrize("happened", [made, made_anew, not_ignored_any_more])
def test_a_folder_that_comes_is_watched_too(root: Path, happened: Callable[[Watched], None]) -> None:
    with watched(root) as files:
        happened(files)


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "lib" / "loop").symlink_to(root)
    (root / "lib" / "out").symlink_to(outside)
    with watched(root) as files:
        (outside / "file.py").write_text("x")
        files.write("a.py")
        files.sees("a.py")
        assert files.seen == {"a.py"}


def test_too_many_folders_are_said(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = tmp_path / "bound"
    bound.write_text("6\n")
    monkeypatch.setattr(watch, "_BOUND", bound)
    with watched(root) as files:
        assert [str(fault) for fault in files.faults] == [f"{root} has 4 folders, too many to watch"]


def test_a_system_that_watches_no_more_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr("watchfiles._rust_notify.RustNotify", exhausted)
    with watched(root) as files:
        assert "limit reached" in str(files.faults[0])


def test_names_that_are_no_text_are_not_watched(root: Path) -> None:
    odd = root / os.fsdecode(b"caf\xe9")
    odd.mkdir()
    with watched(root) as files:
        files.write("a.py")
        files.sees("a.py")
        assert files.faults == []
    with watched(odd) as files:
        assert "does not watch" in str(files.faults[0])


def test_a_root_that_is_not_there_is_said(tmp_path: Path) -> None:
    with watched(tmp_path / "nothing") as files:
        assert len(files.faults) == 1
