"""What can be told of a line only when it is finished: some fifty numbers, for the order of whole lines.

How it was come by, token by token; where it stands elsewhere just so; how it goes with the lines above it;
how near, and how common, its names are; whether it closes what it opens; and what the other candidates are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.confidence import LONG_MATCH, is_repeat, longest
from pilotfish.engine.names import is_name
from pilotfish.engine.near import EXACT, OWN, REGION
from pilotfish.engine.parallels import Parallel
from pilotfish.engine.places import Places, Weights
from pilotfish.engine.scene import Scene
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT, token_id
from pilotfish.text.prefix import common_length

FEATURES = (
    *("score", "tokens", "behind", "coded", "exact", "agrees", "repeats", "elsewhere", "here", "unbalanced"),
    *("longest", "ends_elsewhere", "goes_on_elsewhere", "context_elsewhere"),
    *("own_lines", "region_lines", "own_context", "region_context", "agreeing"),
    *("mean", "least", "second", "first", "last", "end", "choices"),
    *("share", "ahead", "same_start", "alike", "unsure"),
    *("characters", "same_beginning", "same_shape", "shared_names", "again", "start_again", "above_alike"),
    *("once", "new", "names", "nearest", "farthest", "distance", "rarest", "spread", "free", "strange"),
    *("parallel", "differs", "goes_on"),
)
"""In the order of the functions below.

Log probability, length, how far behind the best; matches by codes and by tokens in open documents; whether a
line between says the same, whether it stands next to the cursor; how often the line stands in the index and
in open documents; whether its brackets are wrong. The longest match in the index, what it counts where lines
end and where they go on; how many tokens before the line match too where it stands in the index; the same, by
codes, for open documents and for regions; how many lines between are the same.

The log probabilities of its tokens: mean, least, second least, first, last, what its end adds; and how many
candidates there were. Its share among the lines, its lead, the share of those that start alike and of what
they have in common with it; how unsure all is.

Its characters; what it has in common with the line above, by tokens and by shape; how long ago it was there;
how many lines above start so; whether the two lines above have one shape. How many of its names occur once
above, or never, how many there are; how near the nearest and the farthest name are, and its tokens in the
mean; in which share of the files the rarest and the mean token occur; names that are no members, and the
rarest of those which are new here. Whether it continues an order, and in how many tokens it differs then, and
whether it was so for the line before.
"""

_WIDTH = 48
_LINES = 40
_SIBLINGS = 12
_UNSEEN = -9.0
_FAR = 1e5
_BREAK = np.uint64(BREAK_BIT)
_DOTS = np.array([token_id(sign) >> 1 for sign in (".", "->", "::", "?.")], np.uint64)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as words, that is tokens without their spaces, and its shape: 0 for each name."""

    words: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def names(self) -> set[int]:
        """Its different names."""
        return {word for word, shape in zip(self.words, self.shape, strict=True) if not shape}


_NOTHING = _Line((0,), (0,))


def traits(
    lines: Sequence[Hypothesis], orders: Sequence[Parallel | None], scene: Scene
) -> NDArray[np.float32]:
    """float32[lines, len(FEATURES)].

    Args:
        lines: the candidates.
        orders: which of them continue an order.
        scene: where they would stand.
    """
    written = [line.node.line for line in lines]
    tokens = np.array([token for line in written for token in line], np.uint64)
    named = is_name(tokens)
    own = _split(tokens, named, [len(line) for line in written])
    parts = (
        _from_places(lines, scene),
        _from_steps(lines, scene),
        _from_list(lines, own),
        _from_text(lines, own, scene),
        _from_names(lines, tokens, named, scene),
        [(1, one.differs, one.goes_on) if one else (0, 0, 0) for one in orders],
    )
    return np.concatenate([np.array(part, np.float32) for part in parts], axis=1)


def _split(tokens: Ids, named: NDArray[np.bool_], sizes: Sequence[int]) -> list[_Line]:
    """A run of tokens as lines of so many each."""
    words = tokens >> np.uint64(1)
    both = words.tolist(), np.where(named, np.uint64(0), words).tolist()
    starts = np.cumsum([0, *sizes]).tolist()
    return [_Line(*(tuple(some[start:end]) for some in both)) for start, end in pairwise(starts)]


def _from_places(lines: Sequence[Hypothesis], scene: Scene) -> Weights:
    """Where else the line stands, and what is known of its end."""
    nodes = [line.node for line in lines]
    sizes = np.array([len(node.line) for node in nodes])
    indexed = scene.around.index.places(np.stack([node.context for node in nodes]), _WIDTH)
    near = scene.around.near.places([node.trace for node in nodes])
    opened, own, region = (near.source == voice for voice in (EXACT, OWN, REGION))
    ends, goes_on = (_tally(indexed, kept, sizes)[0] for kept in (_is_end(indexed), ~_is_end(indexed)))
    lines_of = [_tally(indexed, _is_whole(indexed, sizes), sizes)]
    lines_of += [_tally(near, voice & _is_whole(near, sizes), sizes) for voice in (opened, own, region)]
    (elsewhere, context), (here, _), (own_lines, own_context), (region_lines, region_context) = lines_of
    every = np.ones(len(indexed.row), np.bool_)
    longest_elsewhere, exact = (
        _longest(places, kept, sizes) for places, kept in ((indexed, every), (near, opened))
    )
    scores = np.array([line.score for line in lines])
    depths = np.array([node.depth for node in nodes])
    owed = scene.owed
    columns = (
        *(scores, np.array([len(line.tokens) for line in lines]) / 10, scores - scores.max()),
        np.array([longest(node.trace.coded.length) for node in nodes]),
        *(exact, np.array([node.agree.any() for node in nodes])),
        np.array([is_repeat(line, scene) for line in lines]),
        *(elsewhere, here, depths + owed != 0 if owed is not None else np.zeros(len(lines))),
        *(longest_elsewhere, ends, goes_on, context),
        *(own_lines, region_lines, own_context, region_context),
        np.array([node.agree.sum() for node in nodes]),
    )
    return np.stack(columns, axis=1)


def _is_end(places: Places) -> NDArray[np.bool_]:
    return np.asarray(places.token >= _BREAK)


def _is_whole(places: Places, sizes: Positions) -> NDArray[np.bool_]:
    """Where as many tokens, those of the whole line, are followed by a line's end."""
    return np.asarray(_is_end(places) & (places.length >= sizes[places.row]))


def _tally(places: Places, kept: NDArray[np.bool_], sizes: Positions) -> tuple[Weights, Weights]:
    """For each line the logarithm of what the places count, and how many tokens before it match too."""
    row = places.row[kept]
    beyond = np.full(len(sizes), -LONG_MATCH)
    np.maximum.at(beyond, row, places.length[kept] - sizes[row])
    return np.log1p(np.bincount(row, places.weight[kept], len(sizes))), beyond / LONG_MATCH


def _longest(places: Places, kept: NDArray[np.bool_], sizes: Positions) -> Weights:
    """For each line the longest match, as a share of a long one."""
    found = np.zeros(len(sizes), np.int64)
    np.maximum.at(found, places.row[kept], places.length[kept])
    return np.minimum(found, LONG_MATCH) / LONG_MATCH


def _from_steps(lines: Sequence[Hypothesis], scene: Scene) -> list[tuple[float, ...]]:
    rows: list[tuple[float, ...]] = []
    for line in lines:
        node, scores, choices = scene.node, [], 0
        for token in line.tokens:
            look = node.sure or node.look
            if look is None:
                break
            scores.append(max(look.score_of(token), _UNSEEN))
            choices += len(look.token)
            node = node.children[token]
        scores = scores or [_UNSEEN]
        least, *more = sorted(scores)
        mean, second = sum(scores) / len(scores), more[0] if more else 0.0
        end = line.score - sum(scores)
        rows.append((mean, least, second, scores[0], scores[-1], end, choices / len(scores) / 20))
    return rows


def _from_list(lines: Sequence[Hypothesis], own: Sequence[_Line]) -> list[tuple[float, ...]]:
    scores = np.array([line.score for line in lines])
    odds = np.exp(scores - scores.max())
    share = odds / odds.sum()
    unsure = -float((share * np.log(share + 1e-12)).sum())
    first, second = np.sort(np.append(scores, -20.0))[::-1][:2]
    rows: list[tuple[float, ...]] = []
    for number, words in enumerate(one.words for one in own):
        same = sum(share[other] for other, line in enumerate(own) if line.words[:1] == words[:1])
        alike = sum(
            share[other] * common_length(words, line.words) / max(len(words), len(line.words))
            for other, line in enumerate(own)
        )
        ahead = scores[number] - (second if scores[number] == first else first)
        rows.append((share[number], max(ahead, -10.0), same, alike, unsure))
    return rows


def _lines_above(scene: Scene) -> list[_Line]:
    """The nearest lines, the nearest first."""
    own = scene.around.near.own_above[-_LINES * 20 :]
    breaks = np.flatnonzero(own >= _BREAK)[-_LINES - 1 :]
    if not len(breaks):
        return []
    tokens = own[breaks[0] + 1 :]
    lines = _split(tokens, is_name(tokens), np.diff(breaks).tolist())
    return [_Line(line.words[:-1], line.shape[:-1]) for line in reversed(lines)]


def _from_text(lines: Sequence[Hypothesis], own: Sequence[_Line], scene: Scene) -> list[tuple[float, ...]]:
    """The line beside those above it."""
    above = [line for line in _lines_above(scene) if line.words]
    first, second = (*above, _NOTHING, _NOTHING)[:2]
    written, names = [line.words for line in above], first.names
    rows: list[tuple[float, ...]] = []
    for line, tokens in zip(own, (line.tokens for line in lines), strict=True):
        words, mine = line.words, line.names
        rows.append(
            (
                sum(len(scene.spell(token)) for token in tokens) / 40,
                common_length(words, first.words) / len(words),
                common_length(line.shape, first.shape) / len(words),
                len(mine & names) / max(1, len(mine)),
                1 / (1 + written.index(words)) if words in written else 0.0,
                sum(other[:2] == words[:2] for other in written[:_SIBLINGS]),
                first.shape == second.shape,
            )
        )
    return rows


def _from_names(
    lines: Sequence[Hypothesis], tokens: Ids, named: NDArray[np.bool_], scene: Scene
) -> list[tuple[float, ...]]:
    near, words = scene.around.near, tokens >> np.uint64(1)
    above = np.sort(near.own_above >> np.uint64(1))
    times = np.searchsorted(above, words, side="right") - np.searchsorted(above, words)
    at = np.minimum(np.searchsorted(near.words, words), len(near.words) - 1)
    distance = np.log1p(np.where(near.words[at] == words, np.minimum(near.how_near[at, 0], _FAR), _FAR))
    spread = scene.around.index.spread(tokens)
    free = named.copy()
    free[1:] &= ~np.isin(words[:-1], _DOTS)
    rows: list[tuple[float, ...]] = []
    end = 0
    for line in lines:
        start, end = end, end + len(line.node.line)
        part, added = slice(start, end), slice(end - len(line.tokens), end)
        far, common, count = distance[part], spread[part], times[added][named[added]]
        mine, strange = far[named[part]], common[free[part] & (times[part] == 0)]
        rows.append(
            (
                *((count == 1).sum() / 2, (count == 0).sum() / 2, len(count) / 5),
                *((mine.min(), mine.max()) if len(mine) else (0.0, 0.0)),
                *(far.mean(), common.min(), common.mean(), free[part].sum()),
                strange.min() if len(strange) else 1.1,
            )
        )
    return rows
