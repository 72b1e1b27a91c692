"""What became of the last requests: a ring in memory, and a bounded file that outlives the session."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import time
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotfish.errors import IndexFault
from pilotfish.platform.paths import make_private
from pilotfish.platform.trace import Trace

if TYPE_CHECKING:
    from pilotfish.platform.clock import Clock
    from pilotfish.text.document import Document

log = logging.getLogger(__name__)

KEPT = 500
"""Traces kept in memory."""

MAX_FILE_BYTES = 2_000_000
"""At this size the file is set aside as `….1`, and the one before it forgotten: twice this at most."""

_FLUSH_AFTER_S = 2.0


class Traces:
    """Appended to by every request; written in the background, a batch at a time.

    Args:
        file: JSON lines, without any source text; None to write none.
        clock: what times the stages.
    """

    def __init__(self, file: Path | None, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._ids = itertools.count(1)
        self._events: OrderedDict[str, list[str]] = OrderedDict()
        self._ring: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._unwritten: list[Mapping[str, Any]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None

    def begin(self, document: Document) -> Trace:
        """A trace for one more request; its id is this process's and its own number."""
        return Trace(
            f"{os.getpid()}-{next(self._ids)}",
            document.uri,
            document.version,
            self._clock,
            language=document.language_id,
            at=time.time(),
        )

    def add(self, trace: dict[str, Any]) -> None:
        """Keep the trace of one finished request."""
        self._ring.append(trace)
        self._write_later(trace)

    def note(self, trace_id: str, event: str) -> None:
        """Keep that the user did something with what a request offered, for example `accepted`."""
        self._events.setdefault(trace_id, []).append(event)
        if len(self._events) > KEPT:
            self._events.popitem(last=False)
        self._write_later({"id": trace_id, "event": event})

    @property
    def events(self) -> Mapping[str, Sequence[str]]:
        """What the user did with what requests offered, by their ids."""
        return self._events

    def last(self, count: int) -> list[dict[str, Any]]:
        """The last `count` traces, the newest last."""
        return list(self._ring)[-count:] if count > 0 else []

    async def aclose(self) -> None:
        """Write what is left."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await self._writing
        if self._unwritten:
            await asyncio.to_thread(self._write, self._take())

    def _write_later(self, line: Mapping[str, Any]) -> None:
        if self._file is None:
            return
        self._unwritten.append(line)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_AFTER_S, self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._writing = asyncio.ensure_future(asyncio.to_thread(self._write, self._take()))

    def _take(self) -> str:
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in self._unwritten)
        self._unwritten.clear()
        return text

    def _write(self, text: str) -> None:
        """Runs in a thread. A file that cannot be written is given up: it is a convenience."""
        if self._file is None:
            return
        try:
            make_private(self._file.parent)
            if self._file.exists() and self._file.stat().st_size > MAX_FILE_BYTES:
                self._file.replace(self._file.with_suffix(self._file.suffix + ".1"))
            with self._file.open("a", encoding="utf-8") as file:
                file.write(text)
        except (OSError, IndexFault) as error:
            log.warning("Traces are not kept on disk: %s", error)
            self._file = None


def read_traces(file: Path) -> Iterator[dict[str, Any]]:
    """The lines of the file and of the one before it, the oldest first; what cannot be read is left out."""
    for each in (file.with_suffix(file.suffix + ".1"), file):
        with suppress(OSError):
            for line in each.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError):
                    found = json.loads(line)
                    if isinstance(found, dict):
                        yield found
