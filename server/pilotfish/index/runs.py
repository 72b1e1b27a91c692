"""Runs in ASCII text: its words, blanks and other signs, found by arrays, and which of them are equal."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

PLACE = "\0"
"""Counts as a letter: with a number behind it, it can stand for what is not ASCII."""

_BLANK, _WORD, _SIGN = 0, 1, 2
_KINDS = bytes(
    _BLANK if chr(code).isspace() else _WORD if chr(code).isalnum() or chr(code) in f"_{PLACE}" else _SIGN
    for code in range(128)
).ljust(256)
_IS_DIGIT = np.array([chr(code).isdigit() for code in range(128)])

_WORD_BYTES = 8
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD_BYTES + 1)], np.uint64)
"""What stays of a word of eight bytes, of which so many count."""

_ODD, _HALF = 0x9E3779B97F4A7C15, np.uint64(32)
_BITS = 64

Places: TypeAlias = NDArray[np.intp]


def run_starts(data: bytes) -> Places:
    """Where words, blanks and other signs begin; a number with decimals is one word."""
    kinds = np.frombuffer(data.translate(_KINDS), np.uint8)
    starts = np.flatnonzero(np.concatenate([[True], kinds[1:] != kinds[:-1]]))
    first = np.frombuffer(data, np.uint8)[starts]
    dots = np.flatnonzero(first[1:-1] == ord(".")) + 1
    dots = dots[
        _IS_DIGIT[first[dots - 1]] & _IS_DIGIT[first[dots + 1]] & (starts[dots + 1] - starts[dots] == 1)
    ]
    # Of `1.2.3` only the first two belong together: in a row of dots it is every other one.
    row_starts = np.diff(dots, prepend=-2) != 2
    places = np.arange(len(dots))
    dots = dots[(places - np.maximum.accumulate(np.where(row_starts, places, 0))) % 2 == 0]
    return np.delete(starts, np.concatenate([dots, dots + 1]))


def distinct_runs(data: bytes, starts: Places, sizes: Places) -> tuple[Places, Places]:
    """One of each kind of equal runs, by its place among them; and of which of these kinds each run is."""
    keys = _keys(data, starts, sizes)
    examples = _examples(keys)
    is_example = np.zeros(len(keys), bool)
    is_example[examples] = True
    return np.flatnonzero(is_example), (np.cumsum(is_example) - 1)[examples]


def _keys(data: bytes, starts: Places, sizes: Places) -> NDArray[np.uint64]:
    """A number for each run, the same for the same bytes; others have the same as seldom as two hashes."""
    words = np.ndarray(len(data), "<u8", data + bytes(_WORD_BYTES), strides=(1,))
    keys = words[starts] & _MASKS[np.minimum(sizes, _WORD_BYTES)]
    keys += sizes.astype(np.uint64) * np.uint64(_ODD)
    longer = np.flatnonzero(sizes > _WORD_BYTES)
    starts, sizes = starts[longer], sizes[longer]
    while len(longer):
        starts, sizes = starts + _WORD_BYTES, sizes - _WORD_BYTES
        key = keys[longer]
        key ^= key >> _HALF
        key *= np.uint64(_ODD)
        key += words[starts] & _MASKS[np.minimum(sizes, _WORD_BYTES)]
        keys[longer] = key
        is_longer = sizes > _WORD_BYTES
        longer, starts, sizes = longer[is_longer], starts[is_longer], sizes[is_longer]
    return keys


def _examples(keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """For each key the place of one that is equal: a hash table into which all are put at once.

    Each goes into its slot, where the last one stays. Whoever finds another key there tries another hash.
    """
    bits = len(keys).bit_length()
    table = np.empty(1 << bits, np.uint32)
    examples = np.empty(len(keys), np.uint32)
    places, left, odd = np.arange(len(keys), dtype=np.uint32), keys, _ODD
    while len(left):
        slots = ((left * np.uint64(odd)) >> np.uint64(_BITS - bits)).view(np.int64)
        table[slots] = places
        held = table[slots]
        examples[places] = held
        others = np.flatnonzero(keys[held] != left)
        places, left, odd = places[others], left[others], odd * odd % (1 << _BITS)
    return examples
