"""Where values occur in a run of them, and how far what stands before agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.places import DEPTH
from pilotfish.index.segment import Ids, Positions

NOWHERE = -(1 << 20)
"""A value that does not occur."""

_BACK = np.arange(DEPTH)
_SOON = 6
_ONE = np.uint64(1)
_POSITION_BITS = np.uint64(20)


@dataclass(slots=True, eq=False)
class Matches:
    """The places after the last token of a hypothesis, and how many tokens before each agree with it."""

    position: Positions
    length: Positions


class Occurrences:
    """After which places each value stands.

    Args:
        values: all of them.
        without: places that do not count, those after a value being one further on.
    """

    def __init__(self, values: NDArray[Any], without: Positions) -> None:
        self._lowest = int(values.min(initial=0))
        known = values - self._lowest
        known[without - 1] = beyond = int(known.max(initial=0)) + 1
        # Numbers of 16 bits are sorted by counting them, in half the time.
        self._places = known.astype(np.min_scalar_type(beyond)).argsort(kind="stable") + 1
        self._ends: list[int] = [0, *np.cumsum(np.bincount(known)[:-1]).tolist()]

    def after(self, value: int) -> Positions:
        """The places after a value, in rising order."""
        at = value - self._lowest
        if not 0 <= at < len(self._ends) - 1:
            return self._places[:0]
        return self._places[self._ends[at] : self._ends[at + 1]]


def compared(values: NDArray[Any], places: Occurrences, written: Sequence[int]) -> Matches:
    """The places after the last value that is `written`, and how many values before them equal those."""
    if not written:
        none = np.zeros(0, np.int64)
        return Matches(none, none)
    found = places.after(written[-1])
    wanted = np.array(written[: -DEPTH - 1 : -1])
    # Most places differ soon: only the others are compared to the end.
    length = _agreeing(values, found, wanted[:_SOON])
    further = np.flatnonzero(length == _SOON)
    length[further] = _agreeing(values, found[further], wanted)
    return Matches(found, length)


def _agreeing(values: NDArray[Any], places: Positions, wanted: NDArray[Any]) -> Positions:
    """How many values, counted back from before each place, are as wanted."""
    differs = np.ones((len(places), len(wanted) + 1), np.bool_)
    at = places[:, None] - 1 - _BACK[: len(wanted)]
    np.not_equal(values.take(at, mode="clip"), wanted, out=differs[:, :-1])
    return np.asarray(differs.argmax(axis=1))


def by_word(tokens: Ids) -> tuple[Positions, NDArray[np.bool_]]:
    """All positions, those of a word side by side and rising, and where in this order another word starts.

    One sort does it, with the position in place of an identity's lowest bits: they are a hash, of which
    enough is left, and whether a space stands before the word, which does not count here.
    """
    keys = np.sort((tokens >> _POSITION_BITS << _POSITION_BITS) | np.arange(len(tokens), dtype=np.uint64))
    order = (keys & ((_ONE << _POSITION_BITS) - _ONE)).astype(np.int64)
    keys >>= _POSITION_BITS
    starts = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=starts[1:])
    return order, starts


def distances(order: Positions, starts: NDArray[np.bool_], lengths: Sequence[int]) -> Positions:
    """How many tokens ago each word occurred last within its own part; 0 if it did not.

    Args:
        order: as `by_word` gives it.
        starts: the same.
        lengths: of the parts; one more token follows them.
    """
    back = np.zeros(len(order), np.int64)
    back[order[1:]] = np.where(starts[1:], 0, order[1:] - order[:-1])
    ends = np.cumsum(lengths)
    # The own document goes on after the cursor, so distances may cross it; they must not cross other ends.
    first = np.repeat([0, 0, *ends[1:]], [*lengths, len(order) - int(ends[-1])])
    back[back > np.arange(len(order)) - first] = 0
    return back
