"""The whole lines in runs of tokens: where they stand, how deep, and a number that tells each from others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT, FILE, token_id

LONGEST_RUN = 512
"""No run has more tokens."""

SHORTEST, LONGEST = 2, 48
"""So many tokens a line has, at least and at most; others are left out."""

_BREAK, _FILE = np.uint64(BREAK_BIT), np.uint64(token_id(FILE))
_BASE = 0x9E3779B97F4A7C15
_TAB = 64
_STRANGE = 1 << 20


@dataclass(frozen=True, slots=True)
class WholeLines:
    """Lines, one element each.

    Attributes:
        run: in which run it is.
        start, end: its first token there, and the break after its last.
        number: 1 for the first in the run; where lines are counted from the end, -1 for the last.
        depth: how much deeper it is indented than the line before the run, or than the one after it.
        key: a number that tells it from other lines.
    """

    run: Positions
    start: Positions
    end: Positions
    number: Positions
    depth: Positions
    key: Ids


def whole_lines(runs: Ids, from_end: NDArray[np.bool_]) -> WholeLines:
    """The lines of uint64[runs, n], run by run; those of another file are left out.

    Args:
        runs: each begins with a break, or its first tokens are left out.
        from_end: bool[runs], which end with the break before some line, and are counted from there.
    """
    run, at = np.nonzero(runs >= _BREAK)
    breaks = runs[run, at]
    bounds = run.searchsorted(np.arange(len(runs) + 1))
    counted = np.zeros((3, len(run) + 1), np.int64)
    counted[0, 1:], counted[1, 1:], counted[2, 1:] = 1, _steps(breaks), breaks == _FILE
    np.cumsum(counted, axis=1, out=counted)
    origin = np.where(from_end, bounds[1:], bounds[:-1])[run]
    number, depth, files = counted[:, 1:] - counted[:, origin]
    size = np.zeros_like(at)  # Nobody knows how the last line of a run ends.
    size[:-1] = np.where(run[1:] == run[:-1], at[1:] - at[:-1] - 1, 0)
    kept = np.flatnonzero((size >= SHORTEST) & (size <= LONGEST) & (files == 0))
    run, start, end = run[kept], at[kept] + 1, at[kept] + 1 + size[kept]
    sums = np.cumsum(runs * _POWERS[: runs.shape[1]], axis=1)
    key = (sums[run, end - 1] - sums[run, start - 1]) * _INVERSES[start]
    return WholeLines(run, start, end, number[kept], depth[kept], key)


def line_key(line: tuple[int, ...]) -> np.uint64:
    """The key of a line: the same wherever it stands (a fingerprint after Karp and Rabin 1987)."""
    return np.uint64((np.array(line, np.uint64) * _POWERS[: len(line)]).sum())


def _powers(base: int) -> Ids:
    return np.array([pow(base, exponent, 1 << 64) for exponent in range(LONGEST_RUN + 1)], np.uint64)


def _known_breaks() -> tuple[Ids, Positions]:
    """The breaks that code has, sorted, and by how much each changes the indentation."""
    steps = {"": 0}
    for sign, way in ((">", 1), ("<", -1)):
        steps |= {sign + " " * count: way * count for count in range(1, 33)}
        steps |= {sign + "\t" * count: way * count * _TAB for count in range(1, 9)}
    known = sorted((token_id("\n" * ends + text), step) for text, step in steps.items() for ends in (1, 2, 3))
    return np.array([each for each, _ in known], np.uint64), np.array([step for _, step in known])


def _steps(breaks: Ids) -> Positions:
    """By how much each break changes the indentation; what is beyond a rare one is equally deep nowhere."""
    place = np.minimum(_BREAKS.searchsorted(breaks), len(_BREAKS) - 1)
    return np.where(_BREAKS[place] == breaks, _STEPS[place], _STRANGE)


_POWERS, _INVERSES = _powers(_BASE), _powers(pow(_BASE, -1, 1 << 64))
_BREAKS, _STEPS = _known_breaks()
