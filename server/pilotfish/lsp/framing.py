"""From bytes to message bodies and back: the protocol's base layer, without input or output of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 256 * 1024 * 1024
"""No editor sends this much in one message; a length beyond it is taken for a damaged header."""

MAX_HEADER_BYTES = 64 * 1024

_HEADER_END = re.compile(rb"\r?\n\r?\n")
# Not bound to a line's start: after a damaged header, the next one is glued to the end of a skipped body.
_LENGTH = re.compile(rb"(?<![\w-])content-length:[ \t]*(\d{1,20})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHARSET = re.compile(rb"charset=[\"']?(?!utf-?8\b)([\w-]{1,40})", re.IGNORECASE)


class Frames:
    """Cuts what arrives into message bodies.

    Whatever cannot be read as a header is skipped up to the next one that can, with one line in the log: a
    damaged message costs itself and at most the one after it, never the connection.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body_bytes: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that are complete with `data`, in order."""
        self._buffer += data
        while True:
            if self._body_bytes is None and not self._read_header():
                return
            if self._body_bytes is not None:
                if len(self._buffer) < self._body_bytes:
                    return
                body = bytes(self._buffer[: self._body_bytes])
                del self._buffer[: self._body_bytes]
                self._body_bytes = None
                yield body

    def _read_header(self) -> bool:
        """Take one block of header lines off the buffer; False where none is complete."""
        end = _HEADER_END.search(self._buffer)
        if end is None:
            if len(self._buffer) > MAX_HEADER_BYTES:
                log.warning("Skipped %d bytes of input without a header", len(self._buffer))
                del self._buffer[: -MAX_HEADER_BYTES // 8]
            return False
        block = bytes(self._buffer[: end.start()])
        del self._buffer[: end.end()]
        lengths = [int(digits) for digits in _LENGTH.findall(block)]
        if lengths and lengths[-1] <= MAX_BODY_BYTES:
            self._body_bytes = lengths[-1]
        elif block.strip():
            log.warning("Skipped %d bytes of input: no usable Content-Length among them", len(block))
        if charset := _CHARSET.search(block):
            log.warning("A message claims charset %s; it is read as UTF-8", charset[1].decode("ascii"))
        return True


def frame(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
