"""The text near at hand, compared with every hypothesis as it grows.

Near are the cursor's own document, the other open ones, and the regions of the index most like the cursor's
surroundings. Besides its tokens each place here has a *code*, in which the words that a program makes up are
replaced by how far back they last occurred (after Baker's parameterised matching). So `self.a = a` and
`self.b = b` have the same codes; and where a match by codes says "the word of 4 tokens ago" comes next, that
is a word of the cursor's own line: code is copied with what differs renamed.

How long the match before each place is grows by one where the token there is the one written, and is 0
elsewhere. So a trace holds only the places after the last token written, and extending it is one look-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.names import is_a_name, is_name
from pilotfish.engine.occurrences import NOWHERE, Matches, Occurrences, by_word, compared, distances
from pilotfish.engine.places import DEPTH, Places
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import FILE, SPACE_BIT, token_id

RENAME_REACH = 24
"""A word that occurred so few tokens before is told by that distance."""

COPY_REACH = 60
"""So far back the word that a place asks for is looked up."""

EXACT, OWN, REGION, BETWEEN = range(4)
"""The voices that speak for a token: exact matches, matches by code in open documents and in regions of the
index, and lines that stand before the one below the cursor."""

_FILE = np.uint64(token_id(FILE))
_SPACE = np.uint64(SPACE_BIT)
_MOST_AROUND = 40


@dataclass(slots=True, eq=False)
class Trace:
    """One hypothesis against the near text.

    Attributes:
        exact: matches of its tokens in the open documents.
        coded: matches of its codes.
        names: the last `COPY_REACH` tokens, the nearest first, as they are in `Near.words`; 0 where one is no
            name.
    """

    exact: Matches
    coded: Matches
    names: tuple[int, ...]


class Near:
    """See the module's text.

    Attributes:
        tokens: uint64[n], all of them, one part after the other, and a last 0.
        words: uint64[w], the different words, without the space bit and shifted by it, sorted.
        how_near: float64[w, 2], how many tokens above and below the cursor each of them comes first in the
            own document; infinite where it does not.

    Args:
        parts: runs of tokens; the first is the own document up to the cursor, the second what follows it.
        weights: float64 per part: what an exact match in it counts; 0 for regions of the index.
        common: words that are not renamed, besides keywords: identities without the space bit, sorted.
    """

    def __init__(self, parts: Sequence[Ids], weights: Sequence[float], common: Ids) -> None:
        lengths = [len(part) for part in parts]
        self.tokens: Ids = np.concatenate([*parts, np.zeros(1, np.uint64)])
        self._own_end = lengths[0]
        self._below_end = lengths[0] + lengths[1]
        self._common = frozenset(common.tolist())
        self._exact_size = sum(length for length, weight in zip(lengths, weights, strict=True) if weight) + 1
        self._weights = np.repeat([*weights, 0.0], [*lengths, 1])
        self._voices = np.where(np.arange(len(self.tokens)) < self._exact_size, OWN, REGION)
        order, starts = by_word(self.tokens)
        words = np.empty(len(order), np.int64)
        words[order] = np.cumsum(starts) - 1
        self.words: Ids = self.tokens[order[starts]] >> np.uint64(1)
        at = np.minimum(self.words.searchsorted(common), len(self.words) - 1)
        made_up = is_name(self.words << np.uint64(1))
        made_up[at[self.words[at] == common]] = False
        named = made_up[words]
        spaced = (self.tokens & _SPACE).astype(np.int64)
        numbers = self._numbers = 2 * words + spaced
        above, below = words[: self._own_end][::-1], words[self._own_end : self._below_end]
        self.how_near = np.stack([_first(above, len(self.words)), _first(below, len(self.words))], axis=1)
        back = distances(order, starts, lengths)
        self._copied = np.where(named & (back <= COPY_REACH), back, 0)
        self._codes = np.where(named, -1 - 2 * np.where(back <= RENAME_REACH, back, 0) - spaced, numbers)
        # What stands right after the end of a part follows nothing in it.
        ends = np.cumsum(lengths)
        self._weights[ends] = 0
        size = self._exact_size
        self._by_number = Occurrences(numbers[: size - 1], ends[ends < size])
        self._by_code = Occurrences(self._codes[:-1], ends[[0, -1]])
        self._named = named
        # How long the match at each place of a hypothesis is, and the same one place further on.
        lengths_at = np.zeros(len(self.tokens) + 1, np.int64)
        self._length, self._length_before = lengths_at[1:], lengths_at[:-1]
        self._known: dict[int, tuple[int, int]] = {}

    def times_above(self, at: Positions) -> Positions:
        """How often the own document has each of some `words` up to the cursor, by their numbers there."""
        return np.bincount(self._numbers[: self._own_end] >> 1, minlength=len(self.words))[at]

    @property
    def own_above(self) -> Ids:
        """The own document up to the cursor."""
        return self.tokens[: self._own_end]

    @property
    def own_below(self) -> Ids:
        """What follows the cursor's line in the own document."""
        return self.tokens[self._own_end : self._below_end]

    def trace(self, line: Sequence[int] = ()) -> Trace:
        """The hypothesis that ends with the own document's text up to the cursor, and a line after it."""
        end = self._own_end
        recent = slice(max(0, end - COPY_REACH), end)
        words = np.where(self._named[recent], self.tokens[recent] >> _SPACE, np.uint64(0))
        names = (*words[::-1].tolist(), *[0] * (COPY_REACH - len(words)))
        numbers, codes = self._numbers[recent].tolist(), self._codes[recent].tolist()
        for token in line:
            number, code, name = self._coded(token, names)
            numbers.append(number)
            codes.append(code)
            names = (name, *names[:-1])
        exact = compared(self._numbers, self._by_number, numbers)
        return Trace(exact, compared(self._codes, self._by_code, codes), names)

    def extended(self, one: Trace, token: int) -> Trace:
        """The hypothesis with one more token."""
        number, code, name = self._coded(token, one.names)
        exact = self._followed(one.exact, self._by_number.after(number))
        coded = self._followed(one.coded, self._by_code.after(code))
        return Trace(exact, coded, (name, *one.names[:-1]))

    def places(self, traces: Sequence[Trace], least: Positions | None = None) -> Places:
        """The votes of every place for every hypothesis, its row being its number in the list.

        With `least` those alone that match at least so many tokens, which it says for each.
        """
        matches = [one.exact for one in traces] + [one.coded for one in traces]
        sizes = [len(one.position) for one in matches]
        row = np.repeat([*range(len(traces))] * 2, sizes)
        position = np.concatenate([one.position for one in matches])
        length = np.minimum(np.concatenate([one.length for one in matches]), DEPTH)
        exact = sum(sizes[: len(traces)])
        if least is not None:
            kept = (length >= least[row]).nonzero()[0]
            exact = int(kept.searchsorted(exact))
            row, position, length = row[kept], position[kept], length[kept]
        token, voice, weight = self.tokens[position], self._voices[position], self._weights[position]
        voice[:exact], weight[exact:] = EXACT, 1
        self._rename(token[exact:], position[exact:], row[exact:], [one.names for one in traces])
        return Places(row, token, length, weight, voice, position)

    def exact(self, one: Trace) -> Places:
        """The places in the open documents that match token by token."""
        position, length = one.exact.position, np.minimum(one.exact.length, DEPTH)
        none = np.zeros(len(position), np.int64)
        return Places(none, self.tokens[position], length, self._weights[position], none + EXACT, position)

    def followed(self, places: Places) -> Places:
        """The same places one token later; at the end of a part, and on the cursor's line, stands `FILE`.

        Args:
            places: some of those that `exact` gave.
        """
        position = places.position + 1
        is_over = (position == self._own_end - 1) | (self._weights[position] == 0)
        token = np.where(is_over, _FILE, self.tokens[position])
        length = np.minimum(places.length + 1, DEPTH)
        return Places(places.row, token, length, places.weight, places.source, position)

    def sure(self, one: Trace, length: int) -> Ids:
        """The tokens at all places in the open documents that match at least so many tokens."""
        return self.tokens[one.exact.position[one.exact.length >= length]]

    def around(self, pattern: Ids, before: int, after: int) -> tuple[Ids, Ids]:
        """So many tokens before a line's break and after the line, a row for each place in open documents."""
        tokens = self.tokens[: self._exact_size]
        starts = np.flatnonzero(tokens[: len(tokens) - len(pattern)] == pattern[0])
        for offset in range(1, len(pattern)):
            starts = starts[tokens[starts + offset] == pattern[offset]]
        starts = starts[starts != self._own_end + 1][:_MOST_AROUND, None]
        at = starts - 1 + np.arange(-before, 0)
        above = np.where(at >= 0, tokens.take(at, mode="clip"), np.uint64(0))
        return above, tokens.take(starts + len(pattern) + np.arange(after), mode="clip")

    def _rename(
        self, token: Ids, position: Positions, row: Positions, names: Sequence[tuple[int, ...]]
    ) -> None:
        """Put, in place, the hypothesis' own name for each word that a place tells by its distance."""
        back = self._copied[position]
        renamed = back.nonzero()[0]
        own = np.array(names, np.uint64)[row[renamed], back[renamed] - 1]
        named = token[renamed]
        token[renamed] = np.where(own, (own << _SPACE) | (named & _SPACE), named)

    def _followed(self, before: Matches, written: Positions) -> Matches:
        """The places `written`, those after the token that is written now."""
        self._length[before.position] = before.length
        length = self._length_before[written] + 1
        self._length[before.position] = 0
        return Matches(written, length)

    def _coded(self, token: int, names: tuple[int, ...]) -> tuple[int, int, int]:
        """The number and the code of a token that follows these names, and the name that it is, or 0."""
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._look_up(token)
        number, name = known
        if not name:
            return number, number, 0
        near = names[:RENAME_REACH]
        back = near.index(name) + 1 if name in near else 0
        return number, -1 - 2 * back - (token & SPACE_BIT), name

    def _look_up(self, token: int) -> tuple[int, int]:
        """The number of a token here, `NOWHERE` if it has none; and the name that it is, or 0."""
        word = token >> 1
        at = int(self.words.searchsorted(np.uint64(word)))
        is_here = at < len(self.words) and int(self.words[at]) == word
        number = 2 * at + (token & SPACE_BIT) if is_here else NOWHERE
        return number, word if is_a_name(token) and word not in self._common else 0


def _first(words: Positions, kinds: int) -> NDArray[np.float64]:
    """Where each of the words 0 to `kinds` - 1 occurs first; infinite where it does not."""
    first = np.full(kinds, np.inf)
    first[words[::-1]] = np.arange(len(words))[::-1]  # Of equal indices the last one counts.
    return first
