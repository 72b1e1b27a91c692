"""A segment: the token stream of some files, and its order by left context, mapped from disk.

Nothing of it is copied into memory. On disk it is a folder with `data.bin`, arrays one after the other, and
`header.json`, written last of all, which says where they lie. For `n` tokens of `v` kinds in `f` files:

    vocabulary  uint64[v]  identities of the tokens (`token_id`), sorted; a token's *number* is its place here
    ends        uint32[v]  where in `order` the places after each token end, and those after the next begin
    spread      uint32[v]  in how many files each token occurs
    stream      uint32[n]  the files' tokens, by number, one file after the other, and a last `FILE`
    starts      uint32[f+1]  where each file starts in the stream, and where the last one ends
    order       uint32[n]  all positions, sorted by the tokens before them, the nearest first
    keys        uint64[n/KEY_STRIDE]  the three tokens before every KEY_STRIDE-th position of `order`, packed
    path_ids, folder_ids  uint64[f]  identities of each file's path and folder
    text, text_ends, path, path_ends  the spellings of tokens and paths, and where each ends

`order` is a suffix array of the reversed stream (after the infini-gram engine, Liu et al. 2024), so that all
places with the same left context, however long, lie side by side.
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from pilotfish.errors import IndexFault
from pilotfish.index.segment_header import DATA, read_header
from pilotfish.syntax.lexer import BREAK_BIT, token_id

_AT_ONCE = 1000
_OFFSET = 1
KEY_STRIDE = 16
KEY_BITS = 21
"""Bits of one token in a packed key, which also bounds a segment's vocabulary."""

Ids: TypeAlias = NDArray[np.uint64]
Positions: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What was written: files, tokens, and bytes on disk."""

    files: int
    tokens: int
    bytes: int


class Segment:
    """A mapped segment; read-only, and safe to use while newer ones appear.

    Attributes:
        directory: where it lies.
        tokens: how many there are.
        paths: the files' paths as they were given, by file number.
        vocabulary, ends, spread, stream, starts, order, keys, path_ids, folder_ids: see the module's text.
    """

    def __init__(self, directory: Path, mapped: mmap.mmap, header: dict[str, Any]) -> None:
        self.directory = directory
        self._mapped = mapped
        self._arrays: dict[str, list[Any]] = header["arrays"]
        self.tokens: int = header["tokens"]
        self.vocabulary: Ids = self._array("vocabulary")
        self.ends: NDArray[np.uint32] = self._array("ends")
        self.spread: NDArray[np.uint32] = self._array("spread")
        self.stream: NDArray[np.uint32] = self._array("stream")
        self.starts: NDArray[np.uint32] = self._array("starts")
        self.order: NDArray[np.uint32] = self._array("order")
        self.keys: Ids = self._array("keys")
        self.path_ids: Ids = self._array("path_ids")
        self.folder_ids: Ids = self._array("folder_ids")
        self.texts = Texts(self._array("text"), self._array("text_ends"))
        self.paths = Texts(self._array("path"), self._array("path_ends"))

    @classmethod
    def open(cls, directory: Path) -> Segment:
        """Map a segment; reads its header only.

        Raises:
            IndexFault: it is not there, not whole, or of another format.
        """
        try:
            header = read_header(directory)
            with (directory / DATA).open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexFault(f"The index segment {directory} cannot be opened: {error}.") from error
        if len(mapped) != header["bytes"]:
            raise IndexFault(f"The index segment {directory} is damaged: its data have the wrong length.")
        return cls(directory, mapped, header)

    def verify(self) -> None:
        """Read everything and compare checksums; a few milliseconds a megabyte.

        Raises:
            IndexFault: something differs from what was written.
        """
        for name, (kind, offset, length, checksum) in self._arrays.items():
            end = offset + length * np.dtype(kind).itemsize
            if zlib.crc32(memoryview(self._mapped)[offset:end]) != checksum:
                raise IndexFault(f"The index segment {self.directory} is damaged: wrong checksum of {name}.")

    def release(self, *, only_large: bool = False) -> None:
        """Give the mapped pages back; the page cache keeps them, and a query maps what it needs again.

        Args:
            only_large: only those of the stream and its order; every question reads all over the vocabulary.
        """
        if hasattr(mmap, "MADV_DONTNEED") and not self._mapped.closed:
            first, last = 0, len(self._mapped)
            if only_large:
                first, last = (self._arrays[name][_OFFSET] for name in ("stream", "path_ids"))
                first += -first % mmap.PAGESIZE
            if first < last:
                self._mapped.madvise(mmap.MADV_DONTNEED, first, last - first)

    def close(self) -> None:
        """Unmap as soon as nobody uses its arrays any more; the segment must not be used again."""
        for name in [name for name in vars(self) if name not in ("directory", "_mapped", "tokens")]:
            delattr(self, name)
        with suppress(BufferError):  # A query that still holds an array keeps the map until it ends.
            self._mapped.close()

    def file_of(self, positions: NDArray[np.integer[Any]]) -> Positions:
        """The number of the file in which each position lies."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def numbers(self, ids: Ids) -> Positions:
        """The numbers of tokens by identity; `len(vocabulary)` stands for one that does not occur."""
        if not len(self.vocabulary):
            return np.zeros(len(ids), np.int64)
        numbers = np.searchsorted(self.vocabulary, ids)
        found = self.vocabulary[np.minimum(numbers, len(self.vocabulary) - 1)] == ids
        numbers[~found] = len(self.vocabulary)
        return numbers

    def spelling(self, identity: int) -> str | None:
        """The text of a token by its identity, or None if it does not occur."""
        number = int(self.numbers(np.array([identity], np.uint64))[0])
        return self.texts[number] if number < len(self.vocabulary) else None

    @cached_property
    def first_break(self) -> int:
        """The number of the first token that is a break; all after it are breaks too."""
        return int(np.searchsorted(self.vocabulary, np.uint64(BREAK_BIT)))

    @cached_property
    def line_ends(self) -> NDArray[np.uint8]:
        """How many lines each break ends, from `first_break` on."""
        return self.texts.how_many(b"\n", self.first_break)

    def _array(self, name: str) -> NDArray[Any]:
        kind, offset, length, _ = self._arrays[name]
        return np.frombuffer(self._mapped, np.dtype(kind), length, offset)


class Texts(Sequence[str]):
    """Strings that lie one after the other in mapped UTF-8; each is decoded when it is asked for.

    None of them is empty. IndexFault where that does not hold: somebody has changed the file.
    """

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.uint32]) -> None:
        self._text = text
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return self.some(range(*number.indices(len(self))))
        number = range(len(self))[number]
        start = int(self._ends[number - 1]) if number else 0
        return self._decoded([(start, int(self._ends[number]))])[0]

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _AT_ONCE):
            yield from self[start : start + _AT_ONCE]

    def some(self, numbers: Sequence[int]) -> list[str]:
        """Those of these numbers, in this order: many at once cost a fifth of one by one."""
        places = np.asarray(numbers, np.int64)
        ends = self._ends.take(places)
        starts = np.where(places, self._ends.take(places - 1, mode="wrap"), 0)
        return self._decoded(zip(starts.tolist(), ends.tolist(), strict=True))

    def how_many(self, sign: bytes, first: int) -> NDArray[np.uint8]:
        """How often a sign, one byte, stands in each from this number on."""
        ends = self._ends[first:].astype(np.int64)
        if not len(ends):
            return np.zeros(0, np.uint8)
        start = int(self._ends[first - 1]) if first else 0
        found = (self._text[start : ends[-1]] == ord(sign)).view(np.uint8)
        return np.add.reduceat(found, np.concatenate([[0], ends[:-1] - start]), dtype=np.uint8)

    def _decoded(self, places: Iterable[tuple[int, int]]) -> list[str]:
        data = self._text.data
        try:
            texts = [str(data[start:end], "utf-8", "surrogatepass") for start, end in places]
        except UnicodeDecodeError:
            texts = [""]
        if not all(texts):
            raise IndexFault("The index is damaged: it holds what is no text.")
        return texts


def path_id(path: str) -> int:
    """The identity of a path, or of a folder, relative to the root and with `/`."""
    return token_id(f"/{path}")


def folder_of(path: str) -> str:
    """The folder of a path that uses `/`; empty for the root."""
    return path.rpartition("/")[0]
