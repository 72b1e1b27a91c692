"""The regions of the index that are most like the cursor's surroundings.

The rarest words around the cursor are looked up in each segment, and the blocks of text in which most of
them occur are taken, with what stands around them: retrieval, as language models are given it (RepoCoder,
Zhang et al. 2023), for a model that can use it in microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.names import is_word
from pilotfish.engine.places import SegmentSource, Weights, spread
from pilotfish.index.segment import Ids, Positions
from pilotfish.platform.steps import Steps

BLOCK_TOKENS = 32
REGIONS = 12
"""So many blocks are taken, each with the block before it and the one after it."""

WORDS = 28
"""So many of the rarest words are looked up."""

MOST_OCCURRENCES = 600
"""A word that occurs more often in a segment tells nothing."""

COMMON_SHARE = 0.25
"""A word that occurs in so large a share of the files is nobody's own."""

SPILL = 0.6
"""What a word counts for the blocks next to its own."""

NEAR_BONUS = 1.15
"""What a block in the cursor's own folder gains."""


def regions(around: Ids, sources: Sequence[SegmentSource]) -> Steps[list[Ids]]:
    """The runs of tokens that share most rare words with `around`; yields between sources."""
    words = distinct(around[is_word(around)])
    if not len(words) or not sources:
        return []
    counts = np.zeros(len(words), np.int64)
    for source in sources:
        counts += source.counts(words)
    yield
    known = np.flatnonzero((counts > 0) & (counts <= MOST_OCCURRENCES))
    known = known[np.argsort(counts[known], kind="stable")[:WORDS]]
    words = words[known]
    worth = np.log(sum(source.size for source in sources) / counts[known])
    scored = []
    for source in sources:
        scored.append(_blocks(source, words, worth))
        yield
    best = np.concatenate([score for _, score in scored])
    if not len(best):
        return []
    floor = np.partition(best, -REGIONS)[-REGIONS] if len(best) > REGIONS else 0.0
    found: list[Ids] = []
    for source, (block, score) in zip(sources, scored, strict=True):
        best_here = block[score >= floor][:REGIONS]
        if len(best_here):
            found += source.runs(_runs(best_here))
            yield
    return found


def common_words(tokens: Ids, sources: Sequence[SegmentSource]) -> Ids:
    """The words of `tokens` that nobody makes up for one place: identities without the space bit, sorted."""
    words = tokens[is_word(tokens)]
    bare = distinct(words >> np.uint64(1))
    found: Ids = bare[spread(bare << np.uint64(1), sources) > COMMON_SHARE]
    return found


def distinct(values: Ids) -> Ids:
    """The different ones, sorted; `np.unique` takes several times as long."""
    values = np.sort(values)
    return values[_changes(values)]


def _blocks(source: SegmentSource, words: Ids, worth: Weights) -> tuple[Positions, Weights]:
    """The numbers of the blocks in which some of the words occur, or next to such, and what they score."""
    number, position, bonus = source.occurrences(words)
    # A word counts once a block: where it is near, as that.
    bits = len(words).bit_length()
    key = ((position // BLOCK_TOKENS << bits | number) << 1) | (bonus <= 1)
    key.sort()
    key = key[_changes(key >> 1)]
    value = worth[key >> 1 & ((1 << bits) - 1)] * np.where(key & 1, 1.0, NEAR_BONUS)
    block, score = _summed(key >> (bits + 1), value)
    spread = np.concatenate([block, block - 1, block + 1])
    order = spread.argsort(kind="stable")  # Three runs in order: to merge them is quick.
    return _summed(spread[order], np.concatenate([score, SPILL * score, SPILL * score])[order])


def _changes(values: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it."""
    changes = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _summed(keys: Positions, values: Weights) -> tuple[Positions, Weights]:
    """The different ones of the sorted `keys`, and the sum of the values of each."""
    starts = np.flatnonzero(_changes(keys))
    return keys[starts], np.add.reduceat(values, starts) if len(starts) else values


def _runs(blocks: Positions) -> list[tuple[int, int]]:
    """Blocks and their neighbours as runs of positions that do not overlap."""
    runs: list[tuple[int, int]] = []
    for block in np.sort(blocks).tolist():
        first, last = max(0, block - 1) * BLOCK_TOKENS, (block + 2) * BLOCK_TOKENS
        if runs and first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs
