"""The regions of the index that are most like the cursor's surroundings.

The rarest words around the cursor are looked up in each segment, and the blocks of text in which most of
them occur are taken, with what stands around them: retrieval, as language models are given it (RepoCoder,
Zhang et al. 2023), for a model that can use it in microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pilotfish.engine.near import is_word
from pilotfish.engine.places import SegmentSource, Weights
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import SPACE_BIT

BLOCK_TOKENS = 32
REGIONS = 24
"""So many blocks are taken, each with the block before it and the one after it."""

WORDS = 28
"""So many of the rarest words are looked up."""

MOST_OCCURRENCES = 600
"""A word that occurs more often in a segment tells nothing."""

COMMON_SHARE = 0.2
"""A word that occurs more often than so many times a file is nobody's own."""

SPILL = 0.6
"""What a word counts for the blocks next to its own."""

NEAR_BONUS = 1.15
"""What a block in the cursor's own folder gains."""


def regions(around: Ids, sources: Sequence[SegmentSource]) -> list[Ids]:
    """The runs of tokens, of all sources, that share most rare words with `around`."""
    words = np.unique(around[is_word(around)])
    if not len(words) or not sources:
        return []
    counts = _counts(words, sources)
    known = np.flatnonzero((counts > 0) & (counts <= MOST_OCCURRENCES))
    known = known[np.argsort(counts[known], kind="stable")[:WORDS]]
    words = words[known]
    worth = np.log(sum(source.size for source in sources) / counts[known])
    scored = [_blocks(source, words, worth) for source in sources]
    best = np.concatenate([score for _, score in scored])
    if not len(best):
        return []
    floor = np.partition(best, -REGIONS)[-REGIONS] if len(best) > REGIONS else 0.0
    found: list[Ids] = []
    for source, (block, score) in zip(sources, scored, strict=True):
        found += [source.run(first, last) for first, last in _runs(block[score >= floor][:REGIONS])]
    return found


def common_words(tokens: Ids, sources: Sequence[SegmentSource]) -> Ids:
    """The words of `tokens` that nobody makes up for one place: identities without the space bit, sorted."""
    words = tokens[is_word(tokens)]
    words = np.unique(np.concatenate([words, words ^ np.uint64(SPACE_BIT)]))
    counts = _counts(words, sources)
    bare, number = np.unique(words >> np.uint64(1), return_inverse=True)
    often = np.bincount(number, counts, len(bare)) > COMMON_SHARE * sum(source.files for source in sources)
    found: Ids = bare[often]
    return found


def _counts(words: Ids, sources: Sequence[SegmentSource]) -> Positions:
    """How often each word occurs in all sources."""
    counts = np.zeros(len(words), np.int64)
    for source in sources:
        counts += source.counts(words)
    return counts


def _blocks(source: SegmentSource, words: Ids, worth: Weights) -> tuple[Positions, Weights]:
    """The numbers of the blocks in which some of the words occur, or next to such, and what they score."""
    number, position, bonus = source.occurrences(words)
    block = position // BLOCK_TOKENS
    _, first = np.unique(block * len(words) + number, return_index=True)
    block, value = block[first], worth[number[first]] * np.where(bonus[first] > 1, NEAR_BONUS, 1.0)
    spread = np.concatenate([block, block - 1, block + 1])
    blocks, at = np.unique(spread, return_inverse=True)
    score = np.bincount(at, np.concatenate([value, SPILL * value, SPILL * value]), len(blocks))
    return blocks, score.astype(np.float64)


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
