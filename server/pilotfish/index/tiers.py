"""When small segments become a larger one: the policy, as one pure function.

A saved file makes a small segment, and every segment costs each query a little. Merging when the small ones
add up to at least the next (a binary counter, as in a log-structured merge tree, O'Neil et al. 1996) keeps
their number logarithmic: sizes at least double from one to the next, so there are about ten below the bound,
and a token is copied about ten times in all. Of a small index that is quick: there they need add up to an
eighth of the next only, so that most questions find one or two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

MAX_SEGMENT_TOKENS = 16_000_000
"""No merge makes a larger segment: it takes about 28 bytes of memory a token (`build_segment.py`)."""

CHEAP_TOKENS = 2_000_000
"""To merge so many takes half a second."""

_CHEAP_REACH = 8


@dataclass(frozen=True, slots=True)
class Weight:
    """A segment on the scales: `live` of its `tokens` belong to files that still count."""

    name: str
    live: int
    tokens: int


Choose = Callable[[Iterable[Weight]], tuple[str, ...]]
"""Names the segments to merge next."""


def choose_merge(
    segments: Iterable[Weight],
    max_tokens: int = MAX_SEGMENT_TOKENS,
    cheap_tokens: int = CHEAP_TOKENS,
    *,
    only_full: bool = False,
) -> tuple[str, ...]:
    """The names of segments to merge next, the smallest first; empty if all is well.

    A single name means: copy this one without its dead files, which are more than half of it.

    Args:
        segments: all there are.
        max_tokens: no larger one is made.
        cheap_tokens: what is no larger is made the sooner.
        only_full: merge only what fills most of a segment: in the midst of a first build more is to come, and
            each merge but the last would be in vain.
    """
    by_size = sorted(segments, key=lambda weight: (weight.live, weight.name))
    total, together, merged = 0, 0, 0
    for count, weight in enumerate(by_size):
        if total + weight.live > max_tokens:
            break
        reach = _CHEAP_REACH if total + weight.live <= cheap_tokens else 1
        is_reached = weight.live <= reach * total
        total += weight.live
        if count and is_reached:
            together, merged = count + 1, total
    if only_full and 4 * merged < 3 * max_tokens:
        return ()
    if together:
        return tuple(weight.name for weight in by_size[:together])
    return next(((weight.name,) for weight in by_size if 2 * weight.live < weight.tokens), ())
