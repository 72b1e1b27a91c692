"""When small segments become a larger one: the policy, as one pure function.

A saved file makes a small segment, and every segment costs each query a little. Merging when the small ones
add up to at least the next (a binary counter, as in a log-structured merge tree, O'Neil et al. 1996) keeps
their number logarithmic: sizes at least double from one to the next, so there are about ten below the bound,
and a token is copied about ten times in all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_SEGMENT_TOKENS = 4_000_000
"""No merge makes a larger segment: building takes about 60 bytes of memory a token (`build_segment.py`)."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A segment on the scales: `live` of its `tokens` belong to files that still count."""

    name: str
    live: int
    tokens: int


def choose_merge(segments: Iterable[Weight], max_tokens: int = MAX_SEGMENT_TOKENS) -> tuple[str, ...]:
    """The names of segments to merge next, the smallest first; empty if all is well.

    A single name means: copy this one without its dead files, which are more than half of it.
    """
    by_size = sorted(segments, key=lambda weight: (weight.live, weight.name))
    total, together = 0, 0
    for count, weight in enumerate(by_size):
        if total + weight.live > max_tokens:
            break
        if count and weight.live <= total:
            together = count + 1
        total += weight.live
    if together:
        return tuple(weight.name for weight in by_size[:together])
    return next(((weight.name,) for weight in by_size if 2 * weight.live < weight.tokens), ())
