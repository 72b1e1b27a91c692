"""How completions fare, counted on this machine: a file a day, which any number of servers append to.

A line says how often something happened to completions of one language, backend and source. Days that are
over are added up once, so that a year takes some hundred kilobytes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pilotfish.errors import IndexFault
from pilotfish.platform.paths import make_private

if TYPE_CHECKING:
    from datetime import date

log = logging.getLogger(__name__)

ACTION = "action"
DAYS_KEPT = 400
_FLUSH_AFTER_S = 2.0


class Fate(NamedTuple):
    """What happened to a completion, or to a code action.

    Attributes:
        event: `shown`, `accepted`, `partly`, `typed`, `rejected`, or `kept` (still there after 30 s); of a
            code action `done`, `cancelled` or `given up`.
        language: the editor's name of it.
        backend: who made it, by its name in the settings.
        source: `embedded` or `model`; `cache` for what was kept on disk; `action` and its name.
    """

    event: str
    language: str
    backend: str
    source: str


class Tally:
    """Counts in memory, and writes in the background.

    Args:
        folder: of the days' files.
        today: the user's own day.
    """

    def __init__(self, folder: Path, today: Callable[[], date] | None = None) -> None:
        self._folder = folder
        self._today = today or _today
        self._counts: Counter[Fate] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None
        self._is_tidy = False

    def add(self, fate: Fate) -> None:
        """Once more."""
        self._counts[fate] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_AFTER_S, self._flush)

    async def counts(self, since: date | None = None) -> Counter[Fate]:
        """What was counted since a day, or ever, up to this moment, by all servers."""
        await self.aclose()
        return await asyncio.to_thread(counts, self._folder, since)

    async def aclose(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is not None:
            await self._writing
        if self._counts:
            await asyncio.to_thread(self._write, self._take())

    def _flush(self) -> None:
        self._timer = None
        self._writing = asyncio.ensure_future(asyncio.to_thread(self._write, self._take()))

    def _take(self) -> str:
        text, self._counts = lines(self._counts), Counter()
        return text

    def _write(self, text: str) -> None:
        """Runs in a thread. What cannot be written is not counted."""
        try:
            make_private(self._folder)
            if not self._is_tidy:
                self._is_tidy = True
                tidy(self._folder, self._today())
            with (self._folder / f"{self._today().isoformat()}.jsonl").open("a", encoding="utf-8") as file:
                file.write(text)
        except (OSError, IndexFault) as error:
            log.warning("How completions fare is not counted: %s", error)


def _today() -> date:
    from datetime import date  # noqa: PLC0415 - not before `initialize` is answered

    return date.today()


def counts(folder: Path, since: date | None = None) -> Counter[Fate]:
    """What was counted since a day, or ever; lines that cannot be read do not count."""
    found: Counter[Fate] = Counter()
    for file in sorted(folder.glob("????-??-??.jsonl")):
        if since is None or file.stem >= since.isoformat():
            found.update(dict(_sum(_read(file))))
    return found


def lines(counted: Counter[Fate]) -> str:
    """As they stand in the file."""
    return "".join(
        json.dumps([*fate, count], separators=(",", ":"), ensure_ascii=False) + "\n"
        for fate, count in sorted(counted.items())
    )


def tidy(folder: Path, today: date) -> None:
    """Add up the days that are over, and forget the oldest. Two servers that do it at once do the same."""
    files = sorted(folder.glob("????-??-??.jsonl"))
    for file in files[:-DAYS_KEPT]:
        file.unlink(missing_ok=True)
    for file in files[-DAYS_KEPT:]:
        text = file.read_text(encoding="utf-8", errors="replace")
        short = lines(Counter(dict(_sum(text.splitlines()))))
        if file.stem < today.isoformat() and len(short) < len(text):
            temporary = file.with_suffix(f".{os.getpid()}.new")
            temporary.write_text(short, encoding="utf-8")
            temporary.replace(file)


def _read(file: Path) -> list[str]:
    with suppress(OSError):
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    return []


def _sum(written: Iterable[str]) -> Iterator[tuple[Fate, int]]:
    total: Counter[Fate] = Counter()
    for line in written:
        with suppress(ValueError, TypeError):
            event, language, backend, source, count = json.loads(line)
            if isinstance(count, int):
                total[Fate(str(event), str(language), str(backend), str(source))] += count
    return iter(total.items())
