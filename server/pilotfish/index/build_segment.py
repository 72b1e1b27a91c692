"""Writing segments: from text, or by merging older segments without lexing again.

Building takes about 28 bytes of memory a token, so callers bound the size of a segment.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotfish.errors import IndexFault
from pilotfish.index.context_order import context_order
from pilotfish.index.segment import KEY_BITS, KEY_STRIDE, SegmentInfo, folder_of, path_id
from pilotfish.index.segment_header import DATA, FORMAT, HEADER, header_checksum
from pilotfish.index.token_stream import RARE, VOCABULARY_LIMIT, token_stream
from pilotfish.index.view import SegmentView, SourceFile
from pilotfish.platform.freed_memory import keep_freed_memory
from pilotfish.platform.steps import Steps, finish
from pilotfish.syntax.lexer import SPACE_BIT, token_id

_FILES_AT_ONCE = 500
_ALIGNMENT = 64
_WRITTEN_AT_ONCE = 1 << 16
"""Linux holds in one piece, up to 2 MB, what is written at once, and maps all of it where one byte is read. A
question to a large index would map 300 MB instead of 50."""

_MAGIC = b"pilotfish segment".ljust(_ALIGNMENT, b"\0")


@dataclass(slots=True)
class _Content:
    """What a segment says, before it is sorted: token numbers are places in `ids` and `texts`."""

    stream: NDArray[np.uint32]
    lengths: list[int]
    paths: list[str]
    ids: NDArray[np.uint64]
    texts: list[bytes]


def write_segment(directory: Path, files: Iterable[SourceFile]) -> SegmentInfo:
    """Lex files into a new segment in `directory`, which is made if it is not there.

    Raises:
        IndexFault: it cannot be written, with the reason as a sentence.
    """
    paths: list[str] = []

    def texts() -> Iterator[str]:
        for file in files:
            paths.append(file.path)
            yield file.text

    keep_freed_memory()
    stream, lengths, vocabulary = token_stream(texts())
    ids = np.fromiter(_ids(vocabulary), np.uint64, len(vocabulary))
    content = _Content(stream, lengths, paths, ids, [_encode(token) for token in vocabulary])
    return finish(_write(directory, content))


def _ids(vocabulary: Iterable[str]) -> Iterator[int]:
    """The `token_id` of each; a word with its space and without are hashed once."""
    known: dict[str, int] = {}
    for token in vocabulary:
        has_space = token[0] == " " and token[1:].isidentifier()
        bare = token[1:] if has_space else token
        number = known.get(bare) or known.setdefault(bare, token_id(bare))
        yield number | SPACE_BIT if has_space else number


def merge_segments(directory: Path, sources: Sequence[SegmentView]) -> Steps[SegmentInfo]:
    """Write one segment with the living files of all `sources`, in their order; nothing is lexed again.

    Yields every few tenths of a second: a large one takes some.

    Raises:
        IndexFault: it cannot be written, with the reason as a sentence.
    """
    ids = np.unique(np.concatenate([np.zeros(0, np.uint64), *(view.segment.vocabulary for view in sources)]))
    texts = [b""] * len(ids)
    stream = np.empty(sum(view.segment.tokens for view in sources), np.uint32)
    length, lengths, paths = 0, list[int](), list[str]()
    for view in sources:
        segment = view.segment
        place = np.searchsorted(ids, segment.vocabulary).astype(np.uint32)
        for number, text in zip(place.tolist(), segment.texts, strict=True):
            texts[number] = texts[number] or _encode(text)
        starts = segment.starts.tolist()
        for number in sorted(set(range(len(segment.paths))) - view.dead):
            tokens = segment.stream[starts[number] : starts[number + 1]]
            stream[length : length + len(tokens)] = place[tokens]
            length += len(tokens)
            lengths.append(len(tokens))
            paths.append(segment.paths[number])
        yield
    content = _Content(stream[:length], lengths, paths, ids, texts)
    del stream  # `_write` lets go of it as soon as it can.
    return (yield from _write(directory, _within_limit(content)))


def _within_limit(content: _Content) -> _Content:
    """The same with `RARE` in place of the rarest tokens, where there are more kinds than can be numbered."""
    if len(content.ids) <= VOCABULARY_LIMIT:
        return content
    rare = np.uint64(token_id(RARE))
    counts = np.bincount(content.stream, minlength=len(content.ids))
    counts[content.ids == rare] = 0
    place = np.arange(len(content.ids), dtype=np.uint32)
    place[np.argsort(-counts, kind="stable")[VOCABULARY_LIMIT - 1 :]] = len(place)
    place[content.ids == rare] = len(place)
    ids, texts = np.append(content.ids, rare), [*content.texts, _encode(RARE)]
    return _Content(place[content.stream], content.lengths, content.paths, ids, texts)


def _write(directory: Path, content: _Content) -> Steps[SegmentInfo]:
    used = np.flatnonzero(np.bincount(content.stream, minlength=len(content.ids)))  # Others had dead files.
    by_id = used[np.argsort(content.ids[used])]
    place = np.zeros(len(content.ids), np.uint32)
    place[by_id] = np.arange(len(by_id), dtype=np.uint32)
    stream = place[content.stream]
    content.stream = stream[:0]
    if len(stream):
        stream = np.append(stream, stream[0])  # A last `FILE`, so that the end of every line can be seen.
    order = yield from context_order(stream, len(by_id))
    texts, paths = [content.texts[i] for i in by_id.tolist()], [_encode(path) for path in content.paths]
    arrays: dict[str, NDArray[Any]] = {
        "vocabulary": content.ids[by_id],
        "ends": np.cumsum(np.bincount(stream[:-1], minlength=len(by_id))).astype(np.uint32),
        "spread": _spread(stream, content.lengths, len(by_id)),
        "stream": stream,
        "starts": np.array([0, *accumulate(content.lengths)], np.uint32),
        "order": order,
        "keys": _keys(stream, order[::KEY_STRIDE], len(by_id)),
        "path_ids": np.array([path_id(path) for path in content.paths], np.uint64),
        "folder_ids": np.array([path_id(folder_of(path)) for path in content.paths], np.uint64),
        "text": np.frombuffer(b"".join(texts), np.uint8),
        "text_ends": np.array(list(accumulate(map(len, texts))), np.uint32),
        "path": np.frombuffer(b"".join(paths), np.uint8),
        "path_ends": np.array(list(accumulate(map(len, paths))), np.uint32),
    }
    try:
        size = _write_files(directory, arrays, len(stream))
    except OSError as error:
        raise IndexFault(f"The index cannot be written to {directory}: {error.strerror or error}.") from error
    return SegmentInfo(len(paths), len(stream), size)


def _spread(stream: NDArray[np.uint32], lengths: Sequence[int], kinds: int) -> NDArray[np.uint32]:
    """In how many files each token occurs."""
    spread = np.zeros(kinds, np.int64)
    starts = [0, *accumulate(lengths)]
    for first in range(0, len(lengths), _FILES_AT_ONCE):
        last = min(first + _FILES_AT_ONCE, len(lengths))
        fitting: type[np.unsignedinteger[Any]] = np.uint32 if (last - first) * kinds < 1 << 32 else np.uint64
        files = np.repeat(np.arange(0, (last - first) * kinds, kinds).astype(fitting), lengths[first:last])
        seen = files + stream[starts[first] : starts[last]]
        seen.sort()
        is_first = np.ones(len(seen), bool)
        np.not_equal(seen[1:], seen[:-1], out=is_first[1:])
        spread += np.bincount((seen[is_first] % kinds).astype(np.intp), minlength=kinds)
    return spread.astype(np.uint32)


def _keys(stream: NDArray[np.uint32], positions: NDArray[np.uint32], kinds: int) -> NDArray[np.uint64]:
    """The three tokens before each of some positions, the nearest in the highest bits."""
    padded = np.concatenate([np.full(3, kinds, np.uint64), stream])
    keys: NDArray[np.uint64] = padded[positions + np.uint32(2)]
    for back in (1, 0):
        keys <<= np.uint64(KEY_BITS)
        keys |= padded[positions + np.uint32(back)]
    return keys


def _write_files(directory: Path, arrays: dict[str, NDArray[Any]], tokens: int) -> int:
    """Write the data, then the header that makes them valid; returns bytes on disk."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    table: dict[str, list[Any]] = {}
    with (directory / DATA).open("wb") as file:
        file.write(_MAGIC)
        for name, values in arrays.items():
            data = np.ascontiguousarray(values).view(np.uint8).data
            table[name] = [values.dtype.newbyteorder("<").str, file.tell(), len(values), zlib.crc32(data)]
            for start in range(0, len(data), _WRITTEN_AT_ONCE):
                file.write(data[start : start + _WRITTEN_AT_ONCE])
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))
        size = file.tell()
        file.flush()
        os.fsync(file.fileno())
    header = {"format": FORMAT, "tokens": tokens, "bytes": size, "arrays": table}
    sealed = json.dumps({"header": header, "checksum": header_checksum(header)}).encode()
    with (directory / HEADER).open("wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    return size + len(sealed)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
