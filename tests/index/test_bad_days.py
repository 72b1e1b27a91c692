"""What befalls a machine: whatever it was, the index ends as one that was built undisturbed."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pilotfish.index.build import build
from pilotfish.index.indexer import Indexer
from pilotfish.index.store import Store
from tests.index.workspace import LIMITS, catalogued, lay_out, read, undisturbed

DAY_NS = 24 * 3600 * 10**9


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "ws")


def check_ends_well(root: Path, directory: Path) -> None:
    """One more scan, and tokens and symbols are what an index built anew has."""
    with Store(root, directory) as store:
        Indexer(store, LIMITS).scan()
        while store.merge():
            pass
    assert read(root, directory) == undisturbed(root, directory.with_name("anew"))
    assert catalogued(directory).keys() == catalogued(directory.with_name("anew")).keys()


CLOCKS: dict[str, Callable[[random.Random], int]] = {
    "forward": lambda _: DAY_NS,
    "back": lambda _: -DAY_NS,
    "to and fro": lambda chance: chance.randrange(-DAY_NS, DAY_NS),
    "a little": lambda chance: chance.randrange(-3 * 10**9, 3 * 10**9),
    "before all time": lambda _: -(10**20),
}


@pytest.fixture(params=CLOCKS)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The system's clock, another time whenever it is asked."""
    chance, now = random.Random(1), time.time_ns

    def jumping() -> int:
        return max(0, now() + CLOCKS[request.param](chance))

    monkeypatch.setattr(time, "time_ns", jumping)
    return jumping


def test_a_clock_that_jumps_loses_nothing(root: Path, tmp_path: Path, clock: Callable[[], int]) -> None:
    file = root / "pkg0/mod0.py"
    for number in range(6):
        file.write_text(f"def f{number}(x):\n    return x + {number}\n")  # The size stays what it is.
        written = clock()
        os.utime(file, ns=(written, written))
        with Store(root, tmp_path / "i") as store:
            Indexer(store, LIMITS).scan()
    check_ends_well(root, tmp_path / "i")


def test_a_repository_without_a_commit_is_a_folder_like_any(root: Path, tmp_path: Path) -> None:
    git = shutil.which("git")
    assert git is not None
    subprocess.run([git, "init", "--quiet", str(root)], check=True)
    (root / ".gitignore").write_text("pkg1/\n")
    report = build(root, tmp_path / "i", LIMITS)
    found = read(root, tmp_path / "i")
    assert report.files == len(found) == len(catalogued(tmp_path / "i"))
    assert "pkg0/mod0.py" in found
    assert not any(path.startswith(("pkg1/", ".git/")) for path in found)


NAMES = [
    "Größe/ärger.py",
    "имя/файл.py",
    "名前/ファイル.py",
    "اسم/ملف.py",
    "שם/קובץ.py",
    "ชื่อ/ไฟล์.py",
    "😀/🙂.py",
    "a b/c'd%20#e.py",
]


def test_files_are_called_what_people_call_them(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {name: f"def f{n}(): pass\n" for n, name in enumerate(NAMES)}
    root = lay_out(tmp_path / "ws", files)
    check_ends_well(root, tmp_path / "i")
    assert set(read(root, tmp_path / "i")) == set(catalogued(tmp_path / "i")) == set(NAMES)


def test_thousands_of_files_in_one_folder_are_one_folder(tmp_path: Path) -> None:
    names = {f"flat/f{number}.py": f"x{number % 7} = {number % 7}\n" for number in range(3_000)}
    root = lay_out(tmp_path / "ws", names)
    report = build(root, tmp_path / "i", LIMITS)
    assert report.files == len(catalogued(tmp_path / "i")) == 3_000
    shutil.rmtree(root / "flat")
    build(root, tmp_path / "i", LIMITS)
    assert catalogued(tmp_path / "i") == {}
