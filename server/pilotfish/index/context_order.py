"""The order of a segment's positions by what stands before them.

Found by prefix doubling on the reversed stream: sort by the few tokens before each position that fit into one
number, then, knowing these ranks, by twice as many, and so on to `ORDER_DEPTH`, each time only what is still
tied (Larsson and Sadakane 2007). What is sorted is one number with its own place in its lowest bits, so that
equal ones keep their order: sorting numbers takes a quarter of what finding their order would.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ORDER_DEPTH = 24
"""Positions with this many equal tokens before them are in the order of the stream."""

_BITS = 64


def context_order(stream: NDArray[np.uint32], kinds: int) -> NDArray[np.uint32]:
    """Positions 0 to n-1, sorted by the `ORDER_DEPTH` tokens before each, nearest first; ties by position.

    Args:
        stream: token numbers, each below `kinds`.
        kinds: how many kinds of token there are; beyond the start of the stream stands this number.
    """
    if not len(stream):
        return np.zeros(0, np.uint32)
    depth, key = _nearest(stream, kinds)
    ranks = np.zeros(len(stream) + ORDER_DEPTH, np.uint32)
    rank, rank_bits = ranks[ORDER_DEPTH:], len(stream).bit_length()  # Before the stream's start stand zeros.
    order = np.empty(len(stream), np.uint32)
    # `tied`: positions that may still be equal to others, in order; `places`: where in the order they stand.
    # A position's rank is the place of the first that is equal to it.
    tied, key = _sorted(key, kinds.bit_length() * depth)
    places = np.arange(len(stream))
    while True:
        order[places] = tied
        if depth >= ORDER_DEPTH:
            return order
        firsts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        sizes = np.diff(firsts, append=len(key))
        rank[tied] = np.repeat(places[firsts].astype(np.uint32), sizes)
        is_group = sizes > 1
        if not is_group.any():
            return order
        is_tied = np.repeat(is_group, sizes)
        places, tied, sizes = places[is_tied], tied[is_tied], sizes[is_group]
        step = min(depth, ORDER_DEPTH - depth)
        key = np.repeat(np.arange(len(sizes), dtype=np.uint64) << rank_bits, sizes)
        key |= ranks[ORDER_DEPTH - step :][tied]
        sequence, key = _sorted(key, rank_bits + len(sizes).bit_length())
        tied = tied[sequence]
        depth += step


def _nearest(stream: NDArray[np.uint32], kinds: int) -> tuple[int, NDArray[np.uint64]]:
    """How many tokens before each position fit into a number with the position, and these numbers."""
    bits = kinds.bit_length()
    depth = max(1, min((_BITS - len(stream).bit_length()) // bits, ORDER_DEPTH))
    padded = np.concatenate([np.full(depth, kinds, np.uint64), stream])
    key = padded[depth - 1 : -1].copy()
    for back in range(2, depth + 1):
        key <<= bits
        key |= padded[depth - back : -back]
    return depth, key


def _sorted(key: NDArray[np.uint64], bits: int) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
    """The order of numbers of so many bits, equal ones as they stand, and the numbers in it."""
    place_bits = len(key).bit_length()
    if bits + place_bits > _BITS:
        sequence = np.argsort(key, kind="stable")
        return sequence, key[sequence]
    key <<= place_bits
    key |= np.arange(len(key), dtype=np.uint64)
    key.sort()
    return (key & np.uint64((1 << place_bits) - 1)).astype(np.intp), key >> np.uint64(place_bits)
