"""The text near at hand, compared with every hypothesis as it grows.

Near are the cursor's own document, the other open ones, and the regions of the index most like the cursor's
surroundings. Besides its tokens each place here has a *code*, in which the words that a program makes up are
replaced by how far back they last occurred (after Baker's parameterised matching). So `self.a = a` and
`self.b = b` have the same codes; and where a match by codes says "the word of 4 tokens ago" comes next, that
is a word of the cursor's own line: code is copied with what differs renamed.

How long the match before each place is, is kept for all places at once: it grows by one where the code
there is that of the token written, and falls to 0 elsewhere. That costs a few microseconds a token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.places import DEPTH, Places
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import SPACE_BIT, WORD_BIT, token_id

Lengths: TypeAlias = NDArray[np.uint8]

RENAME_REACH = 24
"""A word that occurred so few tokens before is told by that distance."""

COPY_REACH = 60
"""So far back the word that a place asks for is looked up."""

EXACT, OWN, REGION, BETWEEN = range(4)
"""The voices that speak for a token: exact matches, matches by code in open documents and in regions of the
index, and lines that stand before the one below the cursor."""

_KEYWORDS = """
abstract and any as assert async await bool boolean break byte case catch char class const continue def
default defer del do double elif else end enum err error except export extends extern false finally float fn
for foreach from func function get go if implements import in inline int interface internal is lambda let
list long map module namespace new nil none not null number object of or out override package pass private
protected public raise range readonly ref return sealed self set short static str string struct super switch
this throw throws trait true try type typeof undefined union unsafe use using var virtual void while with
yield True False None
"""
KEYWORDS = np.array(
    sorted(token_id(lead + word) for word in _KEYWORDS.split() for lead in ("", " ")), np.uint64
)

_KEYWORD_SET = frozenset(KEYWORDS.tolist())


def is_word(tokens: Ids) -> NDArray[np.bool_]:
    """Which tokens are words or numbers."""
    return np.asarray((tokens & np.uint64(WORD_BIT)) != 0)


def is_name(tokens: Ids) -> NDArray[np.bool_]:
    """Which tokens are words or numbers, but not keywords."""
    at = np.minimum(np.searchsorted(KEYWORDS, tokens), len(KEYWORDS) - 1)
    return np.asarray(is_word(tokens) & (KEYWORDS[at] != tokens))


@dataclass(frozen=True, slots=True)
class Trace:
    """One hypothesis against the near text.

    Attributes:
        exact: uint8[n], for each place how many tokens before it equal those before the hypothesis' end.
        coded: the same by codes.
        words: uint64[COPY_REACH], the tokens before its end, the nearest first; 0 beyond the start.
    """

    exact: Lengths
    coded: Lengths
    words: Ids


class Near:
    """See the module's text.

    Args:
        parts: runs of tokens; the first is the own document up to the cursor, the second what follows it.
        weights: what an exact match in each part counts; 0 for regions of the index, which come last.
        common: words that are not renamed, besides keywords: identities without the space bit, sorted.
    """

    def __init__(self, parts: Sequence[Ids], weights: Sequence[float], common: Ids) -> None:
        lengths = [len(part) for part in parts]
        self.tokens: Ids = np.concatenate([*parts, np.zeros(1, np.uint64)])
        self.own_end = lengths[0]
        self._below_end = lengths[0] + lengths[1]
        self._size = len(self.tokens)
        self._exact_size = sum(length for length, weight in zip(lengths, weights, strict=True) if weight) + 1
        self._weights = np.repeat([*weights, 0.0], [*lengths, 1])
        # What stands right after the end of a part follows nothing in it.
        self._weights[np.cumsum(lengths)] = 0
        self.vocabulary, numbers = np.unique(self.tokens, return_inverse=True)
        self._common = common
        self._common_set = frozenset(common.tolist())
        names = self.is_name(self.vocabulary)
        self._is_name = names[numbers]
        self._back = _distances(self.tokens, lengths)
        near_back = np.where(self._back <= RENAME_REACH, self._back, 0)
        spaced = (self.tokens & np.uint64(SPACE_BIT)).astype(np.int32)
        self._codes = np.where(self._is_name, -1 - 2 * near_back - spaced, numbers).astype(np.int32)
        self._numbers = numbers.astype(np.int32)

    @property
    def own_above(self) -> Ids:
        """The own document up to the cursor."""
        return self.tokens[: self.own_end]

    @property
    def own_below(self) -> Ids:
        """What follows the cursor's line in the own document."""
        return self.tokens[self.own_end : self._below_end]

    def is_name(self, tokens: Ids) -> NDArray[np.bool_]:
        """Which tokens are words that this program makes up, or numbers."""
        if not len(self._common):
            return is_name(tokens)
        at = np.minimum(np.searchsorted(self._common, tokens >> np.uint64(1)), len(self._common) - 1)
        return np.asarray(is_name(tokens) & (self._common[at] != tokens >> np.uint64(1)))

    def trace(self, context: Ids) -> Trace:
        """A hypothesis that ends with these tokens, the nearest first."""
        words = np.zeros(COPY_REACH, np.uint64)
        size = self._size
        now = Trace(np.zeros(self._exact_size, np.uint8), np.zeros(size, np.uint8), words)
        reach = min(len(context), DEPTH + RENAME_REACH)
        words[: max(0, reach - DEPTH)] = context[min(DEPTH, reach) : reach]
        for token in context[: min(DEPTH, reach)][::-1].tolist():
            now = self.extended(now, token)
        return now

    def extended(self, one: Trace, token: int) -> Trace:
        """The hypothesis with one more token."""
        number, code = self._code(one.words, token)
        exact = np.zeros_like(one.exact)
        np.add(one.exact[:-1], 1, out=exact[1:])
        exact[1:] *= self._numbers[: len(exact) - 1] == number
        coded = np.zeros_like(one.coded)
        np.add(one.coded[:-1], 1, out=coded[1:])
        coded[1:] *= self._codes[:-1] == code
        words = np.empty_like(one.words)
        words[0] = token
        words[1:] = one.words[:-1]
        return Trace(exact, coded, words)

    def places(self, traces: Sequence[Trace]) -> Places:
        """The votes of every place for every hypothesis, its row being its number in the list."""
        exact = np.stack([one.exact for one in traces])
        row, position = np.nonzero(exact != 0)
        weight = self._weights[position]
        kept = weight > 0
        row, position, weight = row[kept], position[kept], weight[kept]
        by_code = self._by_code(traces)
        return Places(
            np.concatenate([row, by_code.row]),
            np.concatenate([self.tokens[position], by_code.token]),
            np.minimum(np.concatenate([exact[row, position], by_code.length]), DEPTH).astype(np.int64),
            np.concatenate([weight, by_code.weight]),
            np.concatenate([np.full(len(row), EXACT), by_code.source]),
            np.concatenate([position, by_code.position]),
        )

    def before(self, pattern: Ids, count: int) -> list[Ids]:
        """Up to `count` tokens before the break of each line of the open documents that starts so."""
        tokens = self.tokens[: self._exact_size]
        starts = np.flatnonzero(tokens[: len(tokens) - len(pattern)] == pattern[0])
        for offset in range(1, len(pattern)):
            starts = starts[tokens[starts + offset] == pattern[offset]]
        starts = starts[starts != self.own_end + 1] - 1
        return [tokens[max(0, start - count) : start] for start in starts[:_MOST_BEFORE].tolist()]

    def _by_code(self, traces: Sequence[Trace]) -> Places:
        coded = np.stack([one.coded for one in traces])
        row, position = np.nonzero(coded != 0)
        kept = (position < self._size - 1) & (position != self.own_end)
        row, position = row[kept], position[kept]
        token = self.tokens[position]
        back = self._back[position]
        renamed = np.flatnonzero(self._is_name[position] & (back > 0) & (back <= COPY_REACH))
        words = np.stack([one.words for one in traces])[row[renamed], back[renamed] - 1]
        named = self.is_name(words)
        renamed, words = renamed[named], words[named]
        space = token[renamed] & np.uint64(SPACE_BIT)
        token[renamed] = words & ~np.uint64(SPACE_BIT) | space
        source = np.where(position < self._exact_size, OWN, REGION)
        return Places(row, token, coded[row, position], np.ones(len(row)), source, position)

    def _code(self, words: Ids, token: int) -> tuple[int, int]:
        """The number of a token here, -1 if it has none, and its code after `words`."""
        wanted = np.uint64(token)
        number = int(np.searchsorted(self.vocabulary, wanted))
        if number == len(self.vocabulary) or self.vocabulary[number] != wanted:
            number = -(1 << 30)
        if not token & WORD_BIT or token in _KEYWORD_SET or token >> 1 in self._common_set:
            return number, number
        same = np.flatnonzero(((words[:RENAME_REACH] ^ wanted) & ~np.uint64(SPACE_BIT)) == 0)
        return number, -1 - 2 * (int(same[0]) + 1 if len(same) else 0) - (token & SPACE_BIT)


_MOST_BEFORE = 40


def _distances(tokens: Ids, lengths: Sequence[int]) -> Positions:
    """How many tokens ago each word occurred last within its own part; 0 if it did not."""
    words = tokens >> np.uint64(1)
    order = np.argsort(words, kind="stable")
    same = words[order[1:]] == words[order[:-1]]
    back = np.zeros(len(tokens), np.int64)
    back[order[1:][same]] = (order[1:] - order[:-1])[same]
    ends = np.cumsum(lengths)
    # The own document goes on after the cursor, so distances may cross it; they must not cross other ends.
    starts = np.repeat([0, 0, *ends[1:]], [*lengths, len(tokens) - int(ends[-1])])
    back[back > np.arange(len(tokens)) - starts] = 0
    return back
