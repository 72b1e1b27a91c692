"""One log for all of pilotfish: one line a record, on standard error.

There is no log file of our own: every editor keeps and shows what a server writes to standard error (Neovim
in `lsp.log`, VS Code in its output panel), and a second copy would have to be bounded and private as well.
Libraries are heard from WARNING up, whatever the level: pygls tells whole messages, source code included,
at INFO.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import threading

STDERR = 2
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_WAITING_RECORDS = 1_000
_LAST_WORDS_SECONDS = 0.5


def log_to(descriptor: int = STDERR, level: str = "info") -> None:
    """Write records there from now on; `level` is a value of the setting `log.level`."""
    root = logging.getLogger()
    for former in [handler for handler in root.handlers if isinstance(handler, _Writer)]:
        root.removeHandler(former)
        former.close()
    root.addHandler(_Writer(descriptor))
    root.setLevel(logging.WARNING)
    set_level(level)


def set_level(level: str) -> None:
    """Say more or less: one of `error`, `warning`, `info`, `debug`. Only `debug` may hold source text."""
    logging.getLogger("pilotfish").setLevel(level.upper())


def without_text(error: BaseException) -> str:
    """What an unexpected error is and where it was raised, without its words: they may hold source text."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_qualname}:{last.tb_lineno}" if last else "?"
    return f"{type(error).__name__} in {place}"


class _Writer(logging.Handler):
    """Writes from a thread of its own: an editor that never reads our standard error must not stop us.

    What cannot be written in time is dropped. The descriptor is written to directly, since Python ends with
    an abort where a thread sits in a buffered stream at the end.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.setFormatter(_OneLine(_FORMAT, "%H:%M:%S"))
        self._lines: queue.Queue[str | None] = queue.Queue(_WAITING_RECORDS)
        self._thread = threading.Thread(target=self._write, args=(descriptor,), name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line over, or drop it."""
        try:
            self._lines.put_nowait(self.format(record) + "\n")
        except queue.Full:
            pass
        except Exception:  # noqa: BLE001 - logging's own rule: a bad record never harms who logs it
            self.handleError(record)

    def close(self) -> None:
        """Write what waits, for a moment at most; `logging` calls this at the end of the process."""
        super().close()
        if self._thread.is_alive():
            try:
                self._lines.put(None, timeout=_LAST_WORDS_SECONDS)
            except queue.Full:
                return
            self._thread.join(_LAST_WORDS_SECONDS)

    def _write(self, descriptor: int) -> None:
        for line in iter(self._lines.get, None):
            try:
                os.write(descriptor, line.encode(errors="backslashreplace"))
            except OSError:
                return


class _OneLine(logging.Formatter):
    """Writes control characters as escapes, so that no file's name can forge a record or steer a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The record's line; a traceback follows on lines of its own."""
        return _CONTROL.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))
