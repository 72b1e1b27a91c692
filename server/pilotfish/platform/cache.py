"""What was computed or paid for once, kept on disk for the next time: a bounded cache, shared by processes.

A cache that fails is an empty one: nothing here raises, and what is wrong is logged once. The one room that
knows diskcache, of which three habits are unlearned (docs/decisions/0013-local-caches.md):

* its own `Disk` reads pickles, whatever was written: a planted row runs its code. Here a value is bytes with
  a checksum, in its row, and nothing else is read, whoever wrote it; no row names a file to read or remove;
* it may wait a minute for a lock when it opens: here a lock is waited for as long as the caller says;
* a mapped database that somebody cuts off kills the process: it is not mapped.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sqlite3
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pilotfish.errors import IndexBusy, IndexFault
from pilotfish.platform.paths import make_private

if TYPE_CHECKING:
    import diskcache

T = TypeVar("T")
log = logging.getLogger(__name__)

DATABASE = "cache.db"
_REST_S = 30.0
_BUSY_REST_S = 2.0
_ROWS_AT_ONCE = 256
_PRAGMAS = {"sqlite_mmap_size": 0, "sqlite_cache_size": 512, "disk_min_file_size": 0}
_LIBRARY_FAULTS = (sqlite3.Error, ValueError, TypeError, AttributeError, KeyError, AssertionError)
"""What diskcache raises over a database that somebody else has been at."""
_DAMAGE = ("no such", "malformed", "not decode")


class _Broken(IndexFault):
    """The database is not ours, or damaged: it can only be thrown away."""


class Cache:
    """Bytes by name. Belongs to one thread at a time; for the event loop there is `AsyncCache`.

    Args:
        directory: of this cache alone; made when it is first needed.
        max_bytes: the size on disk from which on what was stored longest ago is dropped.
        wait_s: for how long a database that another process writes is waited for.
        now_s: time, in seconds from anywhere.
    """

    def __init__(
        self,
        directory: Path,
        max_bytes: int,
        *,
        wait_s: float = 0.5,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._wait_s = wait_s
        self._now_s = now_s
        self._open: diskcache.Cache | None = None
        self._file: tuple[int, int] | None = None
        self._rests_until_s = -1.0
        self._said: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """What was put under this key, if it is still there and whole."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """What is there of these keys: about 30 µs each."""

        def read(database: diskcache.Cache) -> dict[str, bytes]:
            found = ((key, database.get(key)) for key in keys)
            return {key: value for key, value in found if isinstance(value, bytes)}

        return self._do(read, {})

    def put(self, key: str, value: bytes) -> bool:
        """Keep one value; see `put_many`."""
        return self.put_many({key: value})

    def put_many(self, values: Mapping[str, bytes]) -> bool:
        """Keep these values, in as few transactions as leave others their turn; whether they were stored."""

        def write(database: diskcache.Cache) -> bool:
            items = list(values.items())
            for start in range(0, len(items), _ROWS_AT_ONCE):
                with database.transact():
                    for key, value in items[start : start + _ROWS_AT_ONCE]:
                        database.set(key, value)
            if database.volume() > self._max_bytes:
                database.cull()
            return True

        return self._do(write, False)

    def close(self) -> None:
        """Let go of the database; the next call opens it again. Call it in the thread that used the cache."""
        database, self._open = self._open, None
        if database is not None:
            database.close()

    def _do(self, work: Callable[[diskcache.Cache], T], otherwise: T) -> T:
        """Do it now, with a new database if the old one is damaged; or leave it."""
        if self._now_s() < self._rests_until_s:
            return otherwise
        rest_s = _REST_S
        for is_last in (False, True):
            try:
                with _translated():
                    return work(self._opened())
            except IndexBusy:
                self.close()
                rest_s = _BUSY_REST_S
                break
            except _Broken as fault:
                self.close()
                self._say("is damaged and begun anew", fault)
                if is_last or not self._throw_away():
                    break
            except (OSError, IndexFault) as error:
                self.close()
                self._say("cannot be used now", error)
                break
        self._rests_until_s = self._now_s() + rest_s
        return otherwise

    def _opened(self) -> diskcache.Cache:
        """The database: opened, and opened anew where its file was removed or replaced under us."""
        path = self._directory / DATABASE
        if self._open is not None and _identity(path) == self._file:
            return self._open
        self.close()
        make_private(self._directory)
        _check(path, self._wait_s)
        self._open = _open(self._directory, self._max_bytes, self._wait_s)
        self._file = _identity(path)
        return self._open

    def _throw_away(self) -> bool:
        shutil.rmtree(self._directory, ignore_errors=True)
        return not (self._directory / DATABASE).exists()

    def _say(self, what: str, why: Exception) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning("The cache in %s %s (%s).", self._directory, what, why)


class AsyncCache:
    """A cache for the event loop: each call runs in the one thread that is kept for it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cache")

    async def get(self, key: str) -> bytes | None:
        """As `Cache.get`."""
        return await self._run(lambda: self._cache.get(key))

    async def get_many(self, keys: Collection[str]) -> dict[str, bytes]:
        """As `Cache.get_many`."""
        return await self._run(lambda: self._cache.get_many(keys))

    def get_many_within(self, keys: Collection[str], seconds: float) -> dict[str, bytes]:
        """As `Cache.get_many`, for another thread than the event loop's; nothing if it takes longer."""
        reading = self._thread.submit(self._cache.get_many, keys)
        try:
            return reading.result(seconds)
        except TimeoutError:
            reading.cancel()
            return {}

    async def put(self, key: str, value: bytes) -> bool:
        """As `Cache.put`."""
        return await self._run(lambda: self._cache.put(key, value))

    async def put_many(self, values: Mapping[str, bytes]) -> bool:
        """As `Cache.put_many`."""
        return await self._run(lambda: self._cache.put_many(values))

    async def aclose(self) -> None:
        """Finish what was begun, close the cache and end the thread; nothing may be asked afterwards."""
        await self._run(self._cache.close)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _open(directory: Path, max_bytes: int, wait_s: float) -> diskcache.Cache:
    import diskcache  # noqa: PLC0415 - only a session that keeps something needs it

    if os.path.expandvars(directory) != str(directory):
        raise IndexFault(f"diskcache would read a variable out of {directory}")
    return diskcache.Cache(
        str(directory),
        timeout=wait_s,
        disk=_disk(),
        size_limit=max_bytes,
        cull_limit=0,
        eviction_policy="least-recently-stored",
        **_PRAGMAS,
    )


def _disk() -> type[diskcache.Disk]:
    """The part of diskcache that turns keys and values into columns and back, here without any pickle."""
    import diskcache  # noqa: PLC0415

    class BytesOnly(diskcache.Disk):  # type: ignore[misc]
        """Keys are text, values bytes with a checksum in the row itself. Everything else reads as missing."""

        def put(self, key: str) -> tuple[str, bool]:
            if type(key) is not str:
                raise TypeError("a cache's key is text")
            return key, True

        def get(self, key: object, raw: object) -> str:
            return key if raw and isinstance(key, str) else ""

        def store(self, value: bytes, read: object, key: object = None) -> tuple[int, int, None, bytes]:
            del read, key
            return 0, diskcache.core.MODE_RAW, None, zlib.crc32(value).to_bytes(4, "big") + value

        def fetch(self, mode: object, filename: object, value: object, read: object) -> bytes | None:
            del read
            if mode != diskcache.core.MODE_RAW or filename is not None or not isinstance(value, bytes):
                return None
            body = value[4:]
            return body if zlib.crc32(body).to_bytes(4, "big") == value[:4] else None

        def remove(self, file_path: object) -> None:
            """No value lies in a file of its own: who names one has planted it."""

    return BytesOnly


def _check(path: Path, wait_s: float) -> None:
    """Whether the database can be read and is free to be written.

    Raises:
        sqlite3.Error: it is neither; diskcache would wait a minute for the lock.
    """
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@contextmanager
def _translated() -> Iterator[None]:
    """The faults of sqlite3 and diskcache as `IndexBusy`, as `_Broken`, or as the system's own (OSError)."""
    import diskcache  # noqa: PLC0415

    try:
        yield
    except diskcache.Timeout as error:
        raise IndexBusy("the cache is locked by another process") from error
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise IndexBusy("the cache is locked by another process") from error
        if any(sign in text for sign in _DAMAGE):
            raise _Broken(text) from error
        raise OSError(text) from error  # full, read-only, cannot be opened
    except _LIBRARY_FAULTS as error:
        raise _Broken(str(error) or type(error).__name__) from error
