"""The cache on disk: what comes back, what never does, and that its misfortunes are its own."""

from __future__ import annotations

import logging
import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pilotfish.platform import cache as module
from pilotfish.platform.cache import DATABASE, AsyncCache, Cache

MEGABYTE = 1_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "things"


@pytest.fixture
def cache(folder: Path) -> Iterator[Cache]:
    opened = Cache(folder, 10 * MEGABYTE, wait_s=0.05)
    yield opened
    opened.close()


def database(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / DATABASE, isolation_level=None))


def test_what_was_put_is_there_for_the_next_process(cache: Cache, folder: Path) -> None:
    assert cache.get("key") is None
    assert cache.put_many({"key": b"value", "empty": b"", "large": bytes(300_000), "é 😀": b"\x00"})
    cache.close()
    assert cache.get("key") == b"value", "a closed one opens again"
    child = (
        "import sys; from pathlib import Path; from pilotfish.platform.cache import Cache\n"
        "cache = Cache(Path(sys.argv[1]), 10_000_000)\n"
        "found = cache.get_many(['key', 'empty', 'large', 'é 😀', 'other'])\n"
        "assert {name: len(value) for name, value in found.items()}"
        " == {'key': 5, 'empty': 0, 'large': 300_000, 'é 😀': 1}, found\n"
        "assert cache.put('key', b'newer')"
    )
    subprocess.run([sys.executable, "-X", "utf8", "-c", child, folder], check=True)
    assert cache.get("key") == b"newer"
    assert sorted(path.suffix for path in folder.iterdir() if path.is_dir()) == [], "no files of values"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_user_can_enter_it(cache: Cache, folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    cache.put("key", b"value")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_it_does_not_grow_and_drops_the_oldest_first(folder: Path) -> None:
    cache = Cache(folder, MEGABYTE)
    for number in range(30):
        cache.put_many({f"{number:02}-{each}": os.urandom(1_000) for each in range(100)})
        assert (folder / DATABASE).stat().st_size <= MEGABYTE * 1.2
    left = sorted(cache.get_many(f"{number:02}-{each}" for number in range(30) for each in range(100)))
    assert len(left) > 500
    assert left[0] > "20"
    assert left[-1] == "29-99"
    cache.close()


class Planted:
    """Unpickling this writes a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("mode", range(-1, 6))
@pytest.mark.parametrize("where", ["value", "file", "elsewhere"])
def test_a_planted_row_gains_nothing(cache: Cache, folder: Path, mode: int, where: str) -> None:
    cache.put("key", b"value")
    cache.close()
    gained, outside = folder.parent / "gained", folder.parent / "outside.val"
    data = pickle.dumps(Planted(str(gained)))
    (folder / "planted.val").write_bytes(data)
    outside.write_bytes(data)
    name = {"value": None, "file": "planted.val", "elsewhere": "../outside.val"}[where]
    with database(folder) as planting:
        columns = (mode, name, None if name else data)
        planting.execute("UPDATE Cache SET mode=?, filename=?, value=?", columns)
        planting.execute("INSERT INTO Cache(key, raw, mode, value) VALUES (?, 0, 4, ?)", (data, data))
    assert cache.get("key") is None
    assert cache.put("key", b"again")
    assert cache.get("key") == b"again"
    assert not gained.exists()
    assert outside.exists(), "nor is a file removed because a row names it"


def test_a_value_that_was_changed_is_not_given(cache: Cache, folder: Path) -> None:
    cache.put_many({"one": b"first value", "two": b"second value", "three": b"third"})
    with database(folder) as planting:
        planting.execute("UPDATE Cache SET value = x'00000000' || 'first value' WHERE key = 'one'")
        planting.execute("UPDATE Cache SET value = CAST(value AS BLOB)")
        planting.execute("UPDATE Cache SET value = 'text' WHERE key = 'three'")
    assert cache.get_many(["one", "two", "three"]) == {"two": b"second value"}


def wreck(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"no database " * 1_000)


def damage_a_page(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.seek(4096 * 2)
        file.write(os.urandom(4096 * 20))


def plant_a_setting(folder: Path) -> None:
    with database(folder) as planting:
        planting.execute("INSERT INTO Settings VALUES ('get', 1)")


def cut_off(folder: Path) -> None:
    os.truncate(folder / DATABASE, 5_000)


@pytest.mark.parametrize("damage", [wreck, damage_a_page, plant_a_setting, cut_off])
def test_a_damaged_one_is_begun_anew(
    cache: Cache, folder: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    values = {f"{number}": bytes(500) for number in range(400)}
    cache.put_many(values)
    cache.close()
    for path in folder.glob("*-*"):
        path.unlink()
    damage(folder)
    cache.get_many(values)
    assert cache.put_many(values)
    assert cache.get_many(values) == values
    assert len([record for record in caplog.records if "begun anew" in record.message]) == 1


@pytest.mark.skipif(os.name != "posix", reason="an open file stays where it is on Windows")
def test_it_may_be_deleted_at_any_time(cache: Cache, folder: Path) -> None:
    cache.put("key", b"value")
    for path in (*folder.iterdir(), folder):
        path.unlink() if path.is_file() else path.rmdir()
    assert cache.get("key") is None
    assert cache.put("key", b"again")
    assert cache.get("key") == b"again"
    assert (folder / DATABASE).exists()


def test_a_locked_one_is_left_alone_for_a_moment(folder: Path) -> None:
    now_s = 0.0
    cache = Cache(folder, MEGABYTE, wait_s=0.01, now_s=lambda: now_s)
    cache.put("key", b"value")
    with database(folder) as other:
        other.execute("BEGIN IMMEDIATE")
        assert cache.get("key") == b"value", "who only reads does not wait"
        assert not cache.put("key", b"newer")
        other.execute("ROLLBACK")
    assert not cache.put("key", b"newer")
    now_s = 60.0
    assert cache.put("key", b"newer")
    cache.close()
    with database(folder) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert not cache.put("key", b"newest"), "opening waits no longer than the rest"
    cache.close()


def test_a_full_disk_costs_only_what_it_cannot_hold(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._PRAGMAS, "sqlite_max_page_count", 50)
    now_s = 0.0
    cache = Cache(folder, MEGABYTE, now_s=lambda: now_s)
    assert cache.put("key", b"value")
    assert not cache.put("large", bytes(400_000))
    now_s = 60.0
    assert not cache.put("large", bytes(400_000))
    now_s = 120.0
    assert cache.get("key") == b"value"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "full" in caplog.records[0].message
    cache.close()


def test_a_place_that_cannot_be_used_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    now_s = 0.0
    cache = Cache(tmp_path / "file" / "cache", MEGABYTE, now_s=lambda: now_s)
    for minute in range(3):
        now_s = minute * 60.0
        assert cache.get("key") is None
        assert not cache.put("key", b"value")
    assert len(caplog.records) == 1


def test_several_processes_write_at_once(folder: Path) -> None:
    child = (
        "import sys; from pathlib import Path; from pilotfish.platform.cache import Cache\n"
        "cache = Cache(Path(sys.argv[1]), 10_000_000, wait_s=30)\n"
        "for start in range(0, 300, 10):\n"
        "    keys = [f'{sys.argv[2]}-{start + n}' for n in range(10)]\n"
        "    assert cache.put_many(dict.fromkeys(keys, sys.argv[2].encode() * 100))"
    )
    children = [subprocess.Popen([sys.executable, "-c", child, folder, name]) for name in "abc"]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    cache = Cache(folder, 10 * MEGABYTE)
    keys = [f"{name}-{number}" for name in "abc" for number in range(300)]
    assert cache.get_many(keys) == {key: key[0].encode() * 100 for key in keys}
    cache.close()


async def test_on_the_loop_it_has_a_thread_of_its_own(folder: Path) -> None:
    cache = AsyncCache(Cache(folder, MEGABYTE))
    assert await cache.put_many({"one": b"1", "two": b"2"})
    assert await cache.put("three", b"3")
    assert await cache.get("three") == b"3"
    assert await cache.get_many(["one", "two", "four"]) == {"one": b"1", "two": b"2"}
    await cache.aclose()
