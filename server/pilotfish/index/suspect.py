"""Remembering which text is being read, so that one that kills the process is not read a fourth time.

Grammars are C code of many authors: one that crashes takes the whole indexer along, and the next one, started
in its place, would come to the same file. What is killed from outside meanwhile is only late: the same text
has to be met at the death of three indexers in a row.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEATHS = 3

_DIGEST_BYTES = 16
_NONE = bytes(_DIGEST_BYTES + 1)


class Suspect:
    """A file of 17 bytes: the hash of the text that is being read, and how many processes died over it.

    Args:
        file: whose folder is there; what it says is lost with it, which does no harm.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, file: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(file, flags, 0o600)
        said = os.read(self._descriptor, len(_NONE)).ljust(len(_NONE), b"\0")
        self._digest, self._deaths = said[:_DIGEST_BYTES], said[-1]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def is_guilty(self, digest: bytes) -> bool:
        """Whether too many processes ended while they read this text (by its blake2b-128)."""
        return digest == self._digest and self._deaths >= DEATHS

    @contextmanager
    def reading(self, digest: bytes) -> Iterator[None]:
        """While a text is read; costs two small writes into the page cache."""
        deaths = self._deaths if digest == self._digest else 0
        self._write(digest + bytes([min(deaths + 1, 255)]))
        yield
        self._write(_NONE)

    def _write(self, said: bytes) -> None:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, said)
