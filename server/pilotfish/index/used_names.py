"""The names used in chunks, found by what they look like, for many texts at once by arrays.

To look at every word costs a third of parsing the text, to capture the identifiers with a query two to four
tenths. Here all texts are one row of words, of which a few in a hundred are distinct; which of them a chunk
has is a row of numbers, sorted. Besides, this way the words of comments and strings count too, which is
right for finding code by words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from pilotfish.index.runs import Places, distinct_runs

MAX_NAME_CHARS = 80
"""A longer word is data, not a name."""

_MAX_NAME_BYTES = 4 * MAX_NAME_CHARS
_IS_WORD = bytes(code >= 0x80 or chr(code).isalnum() or chr(code) == "_" for code in range(256))
_NAME = re.compile(r"[^\W\d]\w+")


@dataclass(frozen=True, slots=True)
class ChunkedText:
    """A text that was cut into chunks.

    Attributes:
        data: in UTF-8.
        starts: the byte at which each chunk begins.
        defined: names that it defines, each with the number of the chunk that it stands in.
        keywords: the words of its language, which are no names.
    """

    data: bytes
    starts: Sequence[int]
    defined: Sequence[tuple[str, int]]
    keywords: frozenset[str]


@dataclass(frozen=True, slots=True)
class UsedNames:
    """What is used in each of some chunks, in their order.

    Attributes:
        counts: how many different names.
        joined: the names, in no order, with blanks between.
    """

    counts: list[int]
    joined: list[str]


def used_names(texts: Sequence[ChunkedText]) -> UsedNames:
    """The names in each chunk of each text: of two letters or more, and none of the language's own.

    A name that is defined in a chunk counts only if it is used there as well.
    """
    data = b"\n".join([b"", *(text.data for text in texts), b""])
    bases = accumulate((len(text.data) + 1 for text in texts), initial=1)
    chunks = [base + start for base, text in zip(bases, texts, strict=False) for start in text.starts]
    if not chunks:
        return UsedNames([], [])
    starts, sizes = _words(data)
    examples, which = distinct_runs(data, starts, sizes)
    words = _names(data, starts[examples], sizes[examples])
    in_chunk = np.diff(np.searchsorted(starts, chunks), append=len(starts))
    # A word in a chunk is one number: that of the chunk times the words that there are, and the word's.
    uses = np.repeat(np.arange(len(chunks)) * len(words), in_chunk) + which
    uses, times = np.unique(uses, return_counts=True)
    defined = _definitions(texts, words)
    places = np.searchsorted(uses, defined)
    times[places[uses.take(places, mode="clip") == defined]] -= 1
    uses = uses[times > 0]
    chunk, word = np.divmod(uses, len(words))
    is_name = _are_names(texts, words, chunk, word)
    counts = np.bincount(chunk[is_name], minlength=len(chunks)).tolist()
    spelled = [words[place] for place in word[is_name].tolist()]
    ends = accumulate(counts, initial=0)
    return UsedNames(counts, [" ".join(spelled[start:end]) for start, end in pairwise(ends)])


def _words(data: bytes) -> tuple[Places, Places]:
    """Where words begin that may be names, and their bytes; what is not ASCII counts as letters."""
    is_word = np.frombuffer(data.translate(_IS_WORD), bool)
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts, sizes = edges[::2], edges[1::2] - edges[::2]
    first = np.frombuffer(data, np.uint8)[starts]
    may_be = np.flatnonzero((sizes > 1) & (first > ord("9")) & (sizes <= _MAX_NAME_BYTES))
    return starts[may_be], sizes[may_be]


def _names(data: bytes, starts: Places, sizes: Places) -> list[str]:
    """How words are spelled; for one that is not ASCII the names in it, and nothing for one that is none."""
    slices = [data[start : start + size] for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)]
    words = b" ".join(slices).decode("utf-8", "replace").split(" ")
    return [word if word.isascii() and len(word) <= MAX_NAME_CHARS else _names_in(word) for word in words]


def _names_in(word: str) -> str:
    return " ".join(name for name in _NAME.findall(word) if len(name) <= MAX_NAME_CHARS)


def _definitions(texts: Sequence[ChunkedText], words: Sequence[str]) -> Places:
    """What is defined in the chunks, numbered as a use."""
    place = {word: number for number, word in enumerate(words)}
    first_chunks = accumulate((len(text.starts) for text in texts), initial=0)
    defined = [
        (first_chunk + chunk) * len(words) + place[name]
        for first_chunk, text in zip(first_chunks, texts, strict=False)
        for name, chunk in text.defined
        if name in place
    ]
    return np.array(defined, np.intp)


def _are_names(
    texts: Sequence[ChunkedText], words: Sequence[str], chunk: Places, word: Places
) -> NDArray[np.bool_]:
    """Which uses are of a name, and not of a word of the language."""
    languages = {text.keywords: 0 for text in texts}
    are_names = np.empty((len(languages), len(words)), bool)
    for number, keywords in enumerate(languages):
        languages[keywords] = number
        no_names = keywords | {""}
        are_names[number] = [spelled not in no_names for spelled in words]
    language_of = np.repeat(
        [languages[text.keywords] for text in texts], [len(text.starts) for text in texts]
    )
    found: NDArray[np.bool_] = are_names[language_of[chunk], word]
    return found
