"""The order of a segment's positions by what stands before them.

Found by prefix doubling on the reversed stream: sort by the few tokens before each position that fit into one
number, then, knowing these ranks, by twice as many, and so on to `ORDER_DEPTH`, each time only what is still
tied (Larsson and Sadakane 2007). What is sorted is one number with its own place in its lowest bits, so that
equal ones keep their order: sorting numbers takes a quarter of what finding their order would.

Positions after the same token lie side by side in the order. So it is made in slices, and beside some numbers
a token no more memory is taken than sorting one slice needs, however long the stream is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pilotfish.platform.steps import Steps

ORDER_DEPTH = 24
"""So many tokens before a position are looked at, at least."""

SLICE_TOKENS = 1_000_000
"""About so many positions are sorted at once, in a tenth of a second; those after one token always are."""

_BITS = 64

Numbers = NDArray[np.uint32]
Places = NDArray[np.intp]


def context_order(stream: Numbers, kinds: int) -> Steps[Numbers]:
    """Positions 0 to n-1, sorted by the tokens before each, nearest first; yields after each slice.

    Those with `ORDER_DEPTH` equal tokens before them stand as in the stream, or sorted by still more tokens.

    Args:
        stream: token numbers, each below `kinds`.
        kinds: how many kinds of token there are; beyond the start of the stream stands this number.
    """
    if not len(stream):
        return np.zeros(0, np.uint32)
    bits, rank_bits = kinds.bit_length(), len(stream).bit_length()
    depth = max(1, min((_BITS - min(len(stream), SLICE_TOKENS).bit_length()) // bits, ORDER_DEPTH))
    order = np.empty(len(stream), np.uint32)
    # A position's rank is the place in the order of the first that is equal to it.
    ranks = np.zeros(len(stream) + ORDER_DEPTH, np.uint32)
    rank = ranks[ORDER_DEPTH:]

    def settle(places: Numbers, positions: Places, key: NDArray[np.uint64]) -> Numbers:
        """Rank positions, sorted by their keys; the places of those that are still tied."""
        is_first = np.ones(len(key) + 1, bool)
        np.not_equal(key[1:], key[:-1], out=is_first[1:-1])
        firsts = np.flatnonzero(is_first[:-1])
        rank[positions] = np.repeat(places[firsts], np.diff(firsts, append=len(places)))
        return places[~(is_first[:-1] & is_first[1:])]

    tied: list[Numbers] = []
    start = 0
    for positions in _slices(stream, kinds):
        end = start + len(positions)
        sequence, key = _sorted(_nearest(stream, positions, depth, kinds), bits * depth)
        sorted_positions = positions.astype(np.intp)[sequence]
        order[start:end] = sorted_positions
        tied.append(settle(np.arange(start, end, dtype=np.uint32), sorted_positions, key))
        start = end
        yield
    while depth < ORDER_DEPTH:
        step = min(depth, ORDER_DEPTH - depth)
        for number, places in enumerate(tied):
            if len(places):
                at = places.astype(np.intp)
                sorted_positions = order[at].astype(np.intp)
                key = _numbered(rank[sorted_positions])
                key_bits = rank_bits + int(key[-1]).bit_length()
                key <<= np.uint64(rank_bits)
                key |= ranks[ORDER_DEPTH - step :][sorted_positions]
                sequence, key = _sorted(key, key_bits)
                sorted_positions = sorted_positions[sequence]
                order[at] = sorted_positions
                if depth + step < ORDER_DEPTH:
                    tied[number] = settle(places, sorted_positions, key)
                yield
        depth += step
    return order


def _slices(stream: Numbers, kinds: int) -> Iterator[Numbers]:
    """The positions after some tokens, then those after the next, and so on; the first of all is the last."""
    if len(stream) <= SLICE_TOKENS:
        yield np.arange(len(stream), dtype=np.uint32)
        return
    counts = np.bincount(stream[:-1], minlength=kinds)
    slice_of = ((np.cumsum(counts) - counts) // SLICE_TOKENS).astype(np.uint16)
    last = slice_of.max(initial=0)
    of_position = np.concatenate([[last], slice_of[stream[:-1]]])
    for number in range(last + 1):
        positions = np.flatnonzero(of_position == number).astype(np.uint32)
        if len(positions):
            yield positions


def _nearest(stream: Numbers, positions: Numbers, depth: int, kinds: int) -> NDArray[np.uint64]:
    """The `depth` tokens before each position as one number, the nearest in the highest bits."""
    is_all, at = len(positions) == len(stream), positions.astype(np.intp)
    key = np.zeros(len(positions), np.uint64)
    for back in range(1, depth + 1):
        at -= 1
        key <<= np.uint64(kinds.bit_length())
        before = np.roll(stream, back) if is_all else stream.take(at, mode="wrap")
        before[: positions.searchsorted(np.uint32(back))] = kinds  # Beyond the start of the stream.
        key |= before
    return key


def _numbered(sorted_values: Numbers) -> NDArray[np.uint64]:
    """The different ones by their number in the row, from 0."""
    changes = np.zeros(len(sorted_values), np.uint64)
    np.not_equal(sorted_values[1:], sorted_values[:-1], out=changes[1:], casting="unsafe")
    return np.cumsum(changes, out=changes)


def _sorted(key: NDArray[np.uint64], bits: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The order of numbers of so many bits, equal ones as they stand, and the numbers in it."""
    place_bits = len(key).bit_length()
    if bits + place_bits > _BITS:
        sequence = np.argsort(key, kind="stable")
        return sequence, key[sequence]
    key <<= np.uint64(place_bits)
    key |= np.arange(len(key), dtype=np.uint64)
    key.sort()
    return (key & np.uint64((1 << place_bits) - 1)).view(np.int64), key >> np.uint64(place_bits)
