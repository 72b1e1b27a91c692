import os
import socket
from pathlib import Path

import pytest

from pilotfish.platform.files import WalkReport, concerns_rules, decode, find, is_folder, read_bytes, walk
from pilotfish.platform.ignore import IgnoreRules


def names(root: Path) -> list[str]:
    return [file.path for file in walk(IgnoreRules(root))]


def test_a_walk_has_a_fixed_order_and_says_size_and_time(tmp_path: Path) -> None:
    for path in ["b/z.py", "a.py", "b/c/d.py", "b/a.py", "ä.py", "C.py"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    found = list(walk(IgnoreRules(tmp_path)))
    assert [file.path for file in found] == ["C.py", "a.py", "ä.py", "b/a.py", "b/z.py", "b/c/d.py"]
    assert found[0].size == 4
    assert found[0].mtime_ns == (tmp_path / "C.py").stat().st_mtime_ns


def test_links_are_not_followed_so_loops_do_not_matter(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "private.py").write_text("x")
    (root / "a.py").write_text("x")
    (root / "sub" / "loop").symlink_to(root, target_is_directory=True)
    (root / "out").symlink_to(outside, target_is_directory=True)
    (root / "file.py").symlink_to(outside / "private.py")
    assert names(root) == ["a.py"]
    rules = IgnoreRules(root)
    assert find(rules, "a.py") is not None
    for path in [
        "out/private.py",
        "file.py",
        "sub/loop/a.py",
        "../outside/private.py",
        "nowhere.py",
        "",
        "sub",
    ]:
        assert find(rules, path) is None


def test_pipes_sockets_data_secrets_and_odd_names_are_not_found(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.py"))
        (tmp_path / os.fsdecode(b"na\xffme.py")).write_text("x")
        (tmp_path / "line\nend.py").write_text("x")
        for name in [".git", ".env", "logo.PNG", "package-lock.json", "poetry.lock", "plain.py"]:
            (tmp_path / name).write_text("x")
        (tmp_path / ".ssh").mkdir()
        (tmp_path / ".ssh" / "config.py").write_text("x")
        report = WalkReport()
        assert [file.path for file in walk(IgnoreRules(tmp_path), report)] == ["plain.py"]
        assert report.unreadable == ["line\\nend.py", "na\\udcffme.py"]
        assert find(IgnoreRules(tmp_path), ".git") is None
        assert read_bytes(tmp_path / "pipe.py", 10) == "unreadable"
        assert read_bytes(tmp_path / "s.py", 10) == "unreadable"


def test_a_folder_that_cannot_be_read_is_reported_and_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run as a user whom no permission stops, so the refusals are made here."""
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "a.py").write_text("x")
    (tmp_path / "open.py").write_text("x")
    scandir, lstat, status = os.scandir, Path.lstat, Path.stat

    def check(path: Path, *, inside: bool) -> None:
        if path.name == "locked" if not inside else path.parent.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))

    def guarded_scandir(path: Path | str) -> object:
        check(Path(path), inside=False)
        return scandir(path)

    def guarded_lstat(path: Path) -> os.stat_result:
        check(path, inside=True)
        return lstat(path)

    def guarded_stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        check(path, inside=True)
        return status(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "scandir", guarded_scandir)
    monkeypatch.setattr(Path, "lstat", guarded_lstat)
    monkeypatch.setattr(Path, "stat", guarded_stat)
    report = WalkReport()
    rules = IgnoreRules(tmp_path)
    assert [file.path for file in walk(rules, report)] == ["open.py"]
    assert report.unreadable == ["locked/"]
    assert find(rules, "locked/a.py") is None
    assert not rules.ignores("locked/a.py")
    assert not is_folder(tmp_path / "locked" / "a.py")


def test_a_file_that_cannot_be_looked_at_is_reported_and_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder that may be listed and not entered."""
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("x")
    scandir = os.scandir

    class Refused:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.is_dir, self.is_file = entry.name, entry.is_dir, entry.is_file

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            raise PermissionError(13, "Permission denied", self.name)

    class Listing:
        def __init__(self, path: str) -> None:
            self._listing = scandir(path)

        def __enter__(self) -> list[object]:
            return [Refused(entry) if entry.name == "a.py" else entry for entry in self._listing]

        def __exit__(self, *_: object) -> None:
            self.close()

        def close(self) -> None:
            self._listing.close()

    monkeypatch.setattr(os, "scandir", Listing)
    report = WalkReport()
    assert [file.path for file in walk(IgnoreRules(tmp_path), report)] == ["b.py"]
    assert report.unreadable == ["a.py"]


def test_a_root_that_cannot_be_read_is_an_error_and_not_an_empty_workspace(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        list(walk(IgnoreRules(tmp_path / "gone")))


def test_files_and_folders_that_vanish_during_a_walk_are_passed(tmp_path: Path) -> None:
    for path in ["a.py", "b.py", "sub/c.py"]:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x")
    walking = walk(IgnoreRules(tmp_path))
    assert next(walking).path == "a.py"
    (tmp_path / "b.py").unlink()
    (tmp_path / "sub" / "c.py").unlink()
    (tmp_path / "sub").rmdir()
    assert list(walking) == []
    assert read_bytes(tmp_path / "b.py", 10) == "unreadable"


def test_a_deep_tree_is_walked_to_its_end(tmp_path: Path) -> None:
    path = "d/" * 300 + "deep.py"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("x")
    assert names(tmp_path) == [path]
    assert find(IgnoreRules(tmp_path), path) is not None


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(50_000_000)
    assert read_bytes(tmp_path / "huge.py", 1_000_000) == "large"
    (tmp_path / "fits.py").write_bytes(b"abc")
    assert read_bytes(tmp_path / "fits.py", 3) == b"abc"
    assert read_bytes(tmp_path / "fits.py", 2) == "large"
    assert read_bytes(tmp_path, 10) == "unreadable"


LINES = "x = 1\n" * 100

TEXTS = {
    "plain": (b"a = 1\n", "a = 1\n"),
    "utf-8": ("größe 日本 😀".encode(), "größe 日本 😀"),
    "utf-8 with mark": ("\ufeffé".encode(), "é"),
    "utf-16 le": ("aé😀\n".encode("utf-16-le"), None),
    "utf-16 with mark": ("aé😀\n".encode("utf-16"), "aé😀\n"),
    "utf-16 be with mark": (b"\xfe\xff" + "aé".encode("utf-16-be"), "aé"),
    "utf-32 with mark": (b"\xff\xfe\0\0" + "aé".encode("utf-32-le"), None),
    "broken utf-16": (b"\xff\xfea", None),
    "latin-1": (LINES.encode() + b"# caf\xe9", LINES + "# café"),
    "mostly foreign": (b"\xe9\xe8\xf0" * 50 + b"abc", None),
    "control bytes": (b"\x01\x02\xe9 abc abc", None),
    "null": (b"abc\0def", None),
    "form feed": (b"a\x0cb\n", "a\x0cb\n"),
    "one long line among others": ((LINES * 10 + "y" * 5_000).encode(), LINES * 10 + "y" * 5_000),
}


@pytest.mark.parametrize("case", TEXTS)
def test_bytes_are_text_or_not(case: str) -> None:
    data, text = TEXTS[case]
    assert decode(data) == ((text, None) if text is not None else (None, "binary"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\t\n", "empty"), (b"var a=1;" * 25_000, "generated"), (b"\x7fELF\0", "binary")],
)
def test_what_is_not_source_has_a_reason(data: bytes, reason: str) -> None:
    assert decode(data) == (None, reason)


def test_ignore_files_concern_the_rules() -> None:
    assert all(map(concerns_rules, [".gitignore", "a/b/.ignore", ".pilotfishignore", ".git/info/exclude"]))
    assert not any(map(concerns_rules, ["a.py", ".git/index", "gitignore"]))
