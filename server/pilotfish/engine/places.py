"""Where else the tokens before the cursor occur: in open documents, and in the segments of the index.

A *place* is a position whose left context equals that of a hypothesis for some tokens; the token there is a
vote for what comes next. A *context* is an array of token identities, the nearest to the cursor first.
Sources answer for many contexts at once (the rows), since a call into numpy costs more than what it does
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotfish.index.segment import KEY_BITS, KEY_STRIDE, Ids, Positions, Segment
from pilotfish.syntax.lexer import FILE, SPACE_BIT, token_id

DEPTH = 48
"""Tokens of left context that are compared; longer matches count as this long."""

FIRST = 4
"""The number of the first source of a corpus: smaller ones are the voices of `near` and `between`."""

Weights = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Places:
    """Votes, one element each. Not frozen, which would cost as much as what is done with them.

    Attributes:
        row: which context it is a place of.
        token: identity of the token that stands there.
        length: how many tokens before it equal the context's, 1 to `DEPTH`.
        weight: how much the vote counts.
        source: which source it comes from.
        position: where it is, in the source's own numbering.
    """

    row: Positions
    token: Ids
    length: Positions
    weight: Weights
    source: Positions
    position: Positions

    def __getitem__(self, kept: NDArray[Any] | slice) -> Places:
        """Some of them, by mask, by index or side by side."""
        return Places(*(values[kept] for values in _values(self)))


class Corpus:
    """All segments of the index as one."""

    def __init__(self, sources: Sequence[SegmentSource]) -> None:
        self._sources = sources

    def places(self, contexts: Ids, width: int) -> Places:
        """The longest matches of each row of `contexts`, uint64[rows, DEPTH].

        Segments share `width` places a row among them, so that many cost little more than one.
        """
        if not self._sources:
            return nowhere()
        each = share(width, self._sources)
        return joined([source.places(contexts, each, at) for at, source in enumerate(self._sources, FIRST)])

    def followed(self, places: Places) -> Places:
        """The same places one token later, where their own token has been written at the cursor as well."""
        position = places.position + 1
        if len(self._sources) == 1:
            token = self._sources[0].tokens(position)
        else:
            token = np.empty_like(places.token)
            for at, source in enumerate(self._sources, FIRST):
                here = (places.source == at).nonzero()[0]
                token[here] = source.tokens(position[here])
        length = np.minimum(places.length + 1, DEPTH)
        return Places(places.row, token, length, places.weight, places.source, position)

    def around(self, places: Places, first: Positions, count: int) -> Ids:
        """So many tokens, a row each; `first` says how far from the place its first stands."""
        tokens, start = np.empty((len(places.row), count), np.uint64), places.position + first
        for at, source in enumerate(self._sources, FIRST):
            here = (places.source == at).nonzero()[0]
            tokens[here] = source.around(start[here], 0, count)
        return tokens

    def spread(self, tokens: Ids) -> Weights:
        """The share of files in which each word occurs, with a space before it or without."""
        return spread(tokens, self._sources)

    def path(self, places: Places, number: int) -> str:
        """The path of the file that one of the places is in, or where the text before it ends."""
        return self._sources[int(places.source[number]) - FIRST].path(int(places.position[number]))


def share(width: int, sources: Sequence[SegmentSource]) -> int:
    """How many of `width` places each source is asked for."""
    return max(width // len(sources), _FEWEST)


def spread(tokens: Ids, sources: Sequence[SegmentSource]) -> Weights:
    """The share of the sources' files in which each word occurs, with a space before it or without."""
    if not sources:
        return np.zeros(len(tokens))
    bare = tokens & ~np.uint64(SPACE_BIT)
    both = np.concatenate([bare, bare | np.uint64(SPACE_BIT)])
    files = np.sum([source.spread(both) for source in sources], axis=0).reshape(2, -1).sum(axis=0)
    return np.asarray(np.minimum(files / sum(source.files for source in sources), 1.0))


def nowhere() -> Places:
    """No places."""
    none = np.zeros(0, np.int64)
    return Places(none, none.astype(np.uint64), none, none.astype(np.float64), none, none)


def joined(places: Sequence[Places]) -> Places:
    """All of them as one."""
    if len(places) == 1:
        return places[0]
    return Places(*map(np.concatenate, zip(*map(_values, places), strict=True)))


class SegmentSource:
    """One segment of the index.

    Args:
        segment: what is searched.
        weights: float64 per file: what a vote in it counts; 0 hides the file.
        gone: from where to where positions are hidden as well, as if there a file ended.
    """

    def __init__(self, segment: Segment, weights: Weights, gone: Iterable[tuple[int, int]] = ()) -> None:
        self._segment = segment
        self._weights = weights
        self._gone = np.array([edge for span in sorted(gone) if span[0] < span[1] for edge in span], np.int64)

    def places(self, contexts: Ids, width: int, source: int = 0) -> Places:
        """About `width` places for each row of `contexts`; `source` is written into them.

        They are those on both sides of where the context would stand in the order.
        """
        segment = self._segment
        numbers = segment.numbers(contexts.ravel()).reshape(contexts.shape).astype(np.uint32)
        at = self._insertion(numbers, width // _OFF_CENTRE)
        width = min(width, segment.tokens)
        start = np.minimum(np.maximum(at - width // 2, 0), segment.tokens - width)
        position = segment.order.take(start[:, None] + np.arange(width)).astype(np.int64)
        length = _lengths(segment.stream, position, numbers)
        # The end of a file is told by the first token of the next.
        weight = self._weight(position - 1)
        kept = (length > 0) & (weight > 0) & (position > 0)
        row, position = kept.nonzero()[0], position[kept]
        sources = np.full(len(position), source)
        return Places(row, self.tokens(position), length[kept], weight[kept], sources, position)

    def tokens(self, positions: Positions) -> Ids:
        """The tokens that stand there."""
        found = self._segment.vocabulary.take(self._segment.stream.take(positions, mode="clip"), mode="clip")
        if len(self._gone):
            found[self._is_gone(positions)] = _FILE
        return found

    def path(self, position: int) -> str:
        """The path of the file in which what stands before a place ends."""
        file = int(self._segment.file_of(np.array([position - 1]))[0])
        return self._segment.paths[min(file, len(self._segment.paths) - 1)]

    @property
    def size(self) -> int:
        """How many tokens it has."""
        return self._segment.tokens

    @property
    def files(self) -> int:
        """How many files it has."""
        return len(self._segment.paths)

    def counts(self, words: Ids) -> Positions:
        """How often each word occurs; with and without a space before it are two words."""
        first, last = self._after(self._segment.numbers(words))
        return last - first

    def spread(self, words: Ids) -> Positions:
        """In how many files each word occurs."""
        numbers = self._segment.numbers(words)
        known = self._segment.spread.take(numbers, mode="clip").astype(np.int64)
        known[numbers == len(self._segment.vocabulary)] = 0
        return known

    def occurrences(self, words: Ids) -> tuple[Positions, Positions, Weights]:
        """Where words occur in files that count: the word's place in `words`, position, the file's weight.

        They come by position, since the files of such are found in a fifth of the time.
        """
        first, last = self._after(self._segment.numbers(words))
        counts = last - first
        number = np.arange(len(words)).repeat(counts)
        at = np.arange(len(number)) + (first - (np.cumsum(counts) - counts)).repeat(counts)
        bits = len(words).bit_length()
        both = ((self._segment.order.take(at, mode="clip").astype(np.int64) - 1) << bits) | number
        both.sort()
        number, position = both & ((1 << bits) - 1), both >> bits
        weight = self._weight(position)
        kept = weight > 0
        return number[kept], position[kept], weight[kept]

    def runs(self, bounds: Sequence[tuple[int, int]]) -> list[Ids]:
        """The tokens from each first position up to each last, of files that count."""
        end = self._segment.tokens - 1
        position = np.concatenate([np.arange(first, min(last, end)) for first, last in bounds])
        counts = self._weight(position) > 0
        tokens = np.where(counts, self.tokens(position), np.uint64(0))
        cuts = np.cumsum([max(min(last, end) - first, 0) for first, last in bounds])[:-1]
        return [run[run != 0] for run in np.split(tokens, cuts)]

    def around(self, positions: Positions, first: int, last: int) -> Ids:
        """The tokens from `first` up to `last`, counted from each position, a row each."""
        return self.tokens(positions[:, None] + np.arange(first, last))

    def _weight(self, positions: Positions) -> Weights:
        """What a vote counts whose context ends with these tokens."""
        found = self._weights.take(self._segment.file_of(positions), mode="clip")
        if len(self._gone):
            found[self._is_gone(positions)] = 0
        return found

    def _is_gone(self, positions: Positions) -> NDArray[np.bool_]:
        """Whether they are within what is hidden: there an odd number of its edges has gone by."""
        return np.asarray(self._gone.searchsorted(positions, side="right") & 1 == 1)

    def _after(self, numbers: Positions) -> tuple[Positions, Positions]:
        """Where in the order the places after each token begin and end: nowhere, if it does not occur."""
        ends = self._segment.ends
        last = ends.take(numbers, mode="clip").astype(np.int64)
        return np.where(numbers > 0, ends.take(numbers - 1, mode="clip"), 0), last

    def _insertion(self, numbers: NDArray[np.uint32], within: int) -> Positions:
        """For each context about the place in the order before which all smaller ones stand."""
        segment = self._segment
        key = numbers[:, :3].astype(np.uint64) @ _KEY_PLACES
        low = np.maximum(segment.keys.searchsorted(key) - 1, 0) * KEY_STRIDE
        high = np.minimum(segment.keys.searchsorted(key, side="right") * KEY_STRIDE, segment.tokens)
        every = np.arange(len(low))
        while (gap := high - low).max() > within:
            edges = low[:, None] + gap[:, None] * _PROBES // _PARTS
            position = segment.order.take(edges[:, 1:-1]).astype(np.int64)
            count = _is_below(segment.stream, position, numbers).sum(axis=1)
            low, high = edges[every, count], edges[every, count + 1]
        return (low + high) // 2


_FILE = np.uint64(token_id(FILE))
_values = attrgetter(*Places.__dataclass_fields__)
_FEWEST = 16
_PARTS = 16
_PROBES = np.arange(_PARTS + 1)
_OFF_CENTRE = 4
"""So large a part of the places that are looked at may lie more to one side than to the other."""

_KEY_PLACES = np.array([1 << (2 * KEY_BITS), 1 << KEY_BITS, 1], np.uint64)
_BACK = np.arange(1, DEPTH + 1)


def _lengths(stream: NDArray[Any], position: Positions, contexts: NDArray[Any]) -> Positions:
    """int64[rows, n], how many tokens before each position, of the same shape, equal its row's context."""
    differs = np.ones((*position.shape, DEPTH + 1), np.bool_)
    before = stream.take(position[:, :, None] - _BACK, mode="clip")
    np.not_equal(before, contexts[:, None], out=differs[:, :, :DEPTH])
    return np.asarray(differs.argmax(axis=2))


def _is_below(
    stream: NDArray[np.uint32], position: Positions, contexts: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """bool[rows, n], whether what stands before each position sorts before its context.

    Args:
        stream: the tokens.
        position: int64[rows, n].
        contexts: uint32[rows, DEPTH].
    """
    before = stream.take(position[:, :, None] - _BACK, mode="clip")
    at = (before != contexts[:, None]).argmax(axis=2)
    row = np.arange(len(contexts))[:, None]
    return np.asarray(before[row, np.arange(position.shape[1]), at] < contexts[row, at])
