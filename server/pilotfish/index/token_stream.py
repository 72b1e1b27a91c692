"""Texts as one stream of token numbers, made for many texts at once.

Text in ASCII is a row of runs (`runs.py`), of which a few in a hundred are distinct: only these are cut as
`syntax.lexer` cuts a text, which takes half the time in all. What is not ASCII in a line is cut by itself,
and a word stands in its place meanwhile. What depends on two pieces, such as a break between lines, is made
out of their numbers, for all texts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from pilotfish.index.runs import PLACE, distinct_runs, run_starts
from pilotfish.index.segment import KEY_BITS
from pilotfish.syntax.lexer import FILE, break_between, counted, is_between_lines, pieces_of_counted

RARE = "\0"
"""Stands for every new token once a segment's vocabulary is full; no code base of people comes near that."""

VOCABULARY_LIMIT = (1 << KEY_BITS) - 2
_CHARS_AT_ONCE = 500_000


class _Numbers(dict[str, int]):
    """Numbers tokens from 0 in the order in which they are first met."""

    def __missing__(self, token: str) -> int:
        if len(self) >= VOCABULARY_LIMIT and token != RARE:
            return self[RARE]
        self[token] = number = len(self)
        return number


def token_stream(texts: Iterable[str]) -> tuple[NDArray[np.uint32], list[int], list[str]]:
    """What `syntax.lexer.lex` makes of each text, one after the other.

    Returns:
        The tokens as places in the vocabulary; how many each text has; the vocabulary, of which some may not
        occur.
    """
    stream = _Stream()
    for text in texts:
        stream.add(text)
    stream.flush()
    tokens, lengths, numbers = np.concatenate(stream.pieces), stream.lengths, stream.numbers
    _put_breaks(tokens, lengths, numbers)
    return tokens, lengths, list(numbers)


class _Stream:
    """Collects what texts say, some at once.

    Attributes:
        numbers: of all tokens, and of what stands between lines.
        pieces: of the texts so far, by number.
        lengths: how many each text has.
    """

    def __init__(self) -> None:
        self.numbers = _Numbers({FILE: 0})
        self.pieces = [np.zeros(0, np.uint32)]
        self.lengths: list[int] = []
        self._waiting: list[str] = []
        self._waiting_chars = 0
        self._foreign: dict[str, int] = {}

    def add(self, text: str) -> None:
        """Take one text."""
        text = counted(text)
        plain = self._plain(text)
        if plain is not None:
            self._waiting.append(plain)
            self._waiting_chars += len(plain)
            if self._waiting_chars < _CHARS_AT_ONCE:
                return
        self.flush()
        if plain is None:
            pieces = pieces_of_counted(text)
            self.pieces.append(np.fromiter(map(self.numbers.__getitem__, pieces), np.uint32, len(pieces)))
            self.lengths.append(len(pieces))

    def _plain(self, text: str) -> str | None:
        """A text as ASCII, with what is none in a line's place for it; None where that cannot be."""
        if len(text) < 2 or PLACE in text:
            return None
        if text.isascii():
            return text
        lines = text.split("\n")
        for number, line in enumerate(lines):
            if not line.isascii():
                body = line.strip()
                before, _, after = line.partition(body or line)
                if not (body and before.isascii() and after.isascii()):
                    return None  # There are blanks beyond ASCII.
                place = self._foreign.setdefault(body, len(self._foreign))
                lines[number] = f"{before}{PLACE}{place}{after}"
        return "\n".join(lines)

    def flush(self) -> None:
        """Cut what waits."""
        if not self._waiting:
            return
        text = "".join(self._waiting)
        data = text.encode("ascii")
        starts = run_starts(data)
        sizes = np.diff(starts, append=len(data))
        is_space = (sizes == 1) & (np.frombuffer(data, np.uint8)[starts] == ord(" "))
        runs = np.flatnonzero(~is_space)  # A single space belongs to what follows.
        starts, sizes, has_space = starts[runs], sizes[runs], is_space[runs - 1]

        examples, which = distinct_runs(data, starts, sizes)
        begins, ends = starts[examples].tolist(), (starts + sizes)[examples].tolist()
        pieces, counts = self._cut(text[begin:end] for begin, end in zip(begins, ends, strict=True))
        held, counts = (np.cumsum(counts) - counts)[which], counts[which]
        at = np.cumsum(counts) - counts
        stream = pieces[np.repeat(held - at, counts) + np.arange(at[-1] + counts[-1])]
        spaced = at[has_space]
        stream[spaced] = _with_space(stream[spaced], self.numbers)

        firsts = at[np.searchsorted(starts, [0, *accumulate(map(len, self._waiting))][:-1])]
        self.pieces.append(stream)
        self.lengths += np.diff(firsts, append=len(stream)).tolist()
        self._waiting.clear()
        self._foreign.clear()
        self._waiting_chars = 0

    def _cut(self, runs: Iterable[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The pieces of runs, one after the other, and how many each has."""
        foreign = list(self._foreign)

        def pieces_of(run: str) -> list[str]:
            return pieces_of_counted(foreign[int(run[1:])] if run[0] == PLACE else run)

        cut = [[run] if run.isidentifier() else pieces_of(run) for run in runs]
        counts = np.fromiter(map(len, cut), np.intp, len(cut))
        pieces = map(self.numbers.__getitem__, chain.from_iterable(cut))
        return np.fromiter(pieces, np.uint32, counts.sum()), counts


def _with_space(tokens: NDArray[np.uint32], numbers: _Numbers) -> NDArray[np.uint32]:
    """The same tokens with the space that stands before them."""
    texts = list(numbers)
    used = np.flatnonzero(np.bincount(tokens))
    spaced = np.zeros(len(texts), np.uint32)
    spaced[used] = [numbers[f" {texts[number]}"] for number in used.tolist()]
    return spaced[tokens]


def _put_breaks(pieces: NDArray[np.uint32], lengths: Sequence[int], numbers: _Numbers) -> None:
    """Put tokens in place of what stands between lines; new ones are numbered.

    A break depends on what stands before its own line and before the last one: there are few such pairs.
    """
    texts = list(numbers)
    is_between = np.fromiter(map(is_between_lines, texts), bool, len(texts))
    at = np.flatnonzero(is_between[pieces])
    between = pieces[at].astype(np.int64)
    pairs, which = np.unique((between[:-1] << 32) | between[1:], return_inverse=True)
    breaks = [break_between(texts[pair >> 32], texts[pair & 0xFFFFFFFF]) for pair in pairs.tolist()]
    pieces[at[1:]] = np.array([numbers[token] for token in breaks], np.uint32)[which]
    pieces[[0, *accumulate(lengths)][:-1]] = numbers[FILE]
