"""What can be told of a line only when it is finished: some fifty numbers, for the order of whole lines.

How it was come by, token by token; where it stands elsewhere just so; how it goes with the lines above it;
how near, and how common, its names are; whether it closes what it opens; and what the other candidates are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.alongside import Alongside
from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.confidence import LONG_MATCH, is_repeat, longest
from pilotfish.engine.names import is_name
from pilotfish.engine.near import EXACT, OWN, REGION
from pilotfish.engine.parallels import Parallel
from pilotfish.engine.places import Places, Weights
from pilotfish.engine.scene import Scene
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT, SPACE_BIT, token_id
from pilotfish.text.prefix import common_length

FEATURES = (
    *("score", "tokens", "behind", "coded", "exact", "agrees", "repeats", "elsewhere", "here", "unbalanced"),
    *("longest", "ends_elsewhere", "goes_on_elsewhere", "context_elsewhere"),
    *("own_lines", "region_lines", "own_context", "region_context", "agreeing"),
    *("mean", "least", "second", "first", "last", "end", "choices"),
    *("share", "ahead", "same_start", "alike", "unsure"),
    *("characters", "same_beginning", "same_shape", "shared_names", "again", "start_again", "above_alike"),
    *("once", "new", "names", "nearest", "farthest", "distance", "rarest", "spread", "free", "strange"),
    *("parallel", "differs", "goes_on", "votes", "voted", "voters"),
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
whether it was so for the line before. How much the lines close by that stand elsewhere speak for it, the same
as a share of the most, and how many of them do.
"""

_WIDTH = 48
_LINES = 40
_SIBLINGS = 12
_UNSEEN = -9.0
_FAR = 1e5
_NOTHING_STRANGE = 1.1
_BREAK, _SPACE = np.uint64(BREAK_BIT), np.uint64(SPACE_BIT)
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
    lines: Sequence[Hypothesis], orders: Sequence[Parallel | None], beside: Alongside, scene: Scene
) -> NDArray[np.float32]:
    """float32[lines, len(FEATURES)].

    Args:
        lines: the candidates.
        orders: which of them continue an order.
        beside: what stands elsewhere where they would.
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
        [beside.standing(line) for line in written],
    )
    return np.concatenate([np.array(part, np.float32) for part in parts], axis=1)


def _split(tokens: Ids, named: NDArray[np.bool_], sizes: Sequence[int]) -> list[_Line]:
    """A run of tokens as lines of so many each."""
    words = tokens >> _SPACE
    both = words.tolist(), np.where(named, np.uint64(0), words).tolist()
    starts = np.cumsum([0, *sizes]).tolist()
    return [_Line(*(tuple(some[start:end]) for some in both)) for start, end in pairwise(starts)]


def _from_places(lines: Sequence[Hypothesis], scene: Scene) -> Weights:
    """Where else the line stands, and what is known of its end."""
    nodes = [line.node for line in lines]
    sizes = np.array([len(node.line) for node in nodes])
    indexed = scene.around.index.places(np.array([node.context for node in nodes]), _WIDTH)
    is_end = indexed.token >= _BREAK
    ends, goes_on = _count(indexed, is_end, len(lines)), _count(indexed, ~is_end, len(lines))
    elsewhere, context = _tally(indexed, is_end & (indexed.length >= sizes[indexed.row]), sizes)
    near = scene.around.near.places([node.trace for node in nodes], sizes)
    is_end = near.token >= _BREAK
    (here, _), (own_lines, own_context), (region_lines, region_context) = (
        _tally(near, is_end & (near.source == voice), sizes) for voice in (EXACT, OWN, REGION)
    )
    scores = np.array([line.score for line in lines])
    depths = np.array([node.depth for node in nodes])
    agree = np.array([node.agree for node in nodes])
    owed = scene.owed
    columns = (
        *(scores, np.array([len(line.tokens) for line in lines]) / 10, scores - scores.max()),
        [longest(node.trace.coded.length) for node in nodes],
        *([longest(node.trace.exact.length) for node in nodes], agree.any(axis=1)),
        [is_repeat(line, scene) for line in lines],
        *(elsewhere, here, depths + owed != 0 if owed is not None else np.zeros(len(lines))),
        *(_longest(indexed, len(lines)), ends, goes_on, context),
        *(own_lines, region_lines, own_context, region_context, agree.sum(axis=1)),
    )
    return np.array(columns, np.float64).T


def _count(places: Places, kept: NDArray[np.bool_], lines: int) -> Weights:
    """For each line the logarithm of what some of the places count."""
    return np.log1p(np.bincount(places.row[kept], places.weight[kept], lines))


def _tally(places: Places, kept: NDArray[np.bool_], sizes: Positions) -> tuple[Weights, Weights]:
    """The same, and how many tokens before the line match too."""
    beyond = np.full(len(sizes), -LONG_MATCH)
    np.maximum.at(beyond, places.row[kept], places.length[kept] - sizes[places.row[kept]])
    return _count(places, kept, len(sizes)), beyond / LONG_MATCH


def _longest(places: Places, lines: int) -> Weights:
    """For each line the longest match, as a share of a long one."""
    found = np.zeros(lines, np.int64)
    np.maximum.at(found, places.row, places.length)
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
            if token not in node.children:
                break
            node = node.children[token]
        scores = scores or [_UNSEEN]
        least, *more = sorted(scores)
        mean, second = sum(scores) / len(scores), more[0] if more else 0.0
        end = line.score - sum(scores)
        rows.append((mean, least, second, scores[0], scores[-1], end, choices / len(scores) / 20))
    return rows


def _from_list(lines: Sequence[Hypothesis], own: Sequence[_Line]) -> Weights:
    """The line among the candidates."""
    scores = np.array([line.score for line in lines])
    odds = np.exp(scores - scores.max())
    share = odds / odds.sum()
    unsure = -float((share * np.log(share + 1e-12)).sum())
    first, second = np.sort(np.append(scores, -20.0))[::-1][:2]
    ahead = scores - np.where(scores == first, second, first)
    sizes = np.array([len(line.words) for line in own])
    words = np.array(list(zip_longest(*(line.words for line in own), fillvalue=0)), np.uint64).T
    differs = np.ones((len(own), len(own), words.shape[1] + 1), np.bool_)
    np.not_equal(words[:, None], words, out=differs[:, :, :-1])
    common = np.minimum(differs.argmax(axis=2), np.minimum(sizes[:, None], sizes))
    alike = common / np.maximum(sizes[:, None], sizes)
    same_start, all_unsure = (common > 0) @ share, np.full(len(own), unsure)
    return np.stack((share, np.maximum(ahead, -10.0), same_start, alike @ share, all_unsure), axis=1)


def _lines_above(scene: Scene) -> tuple[list[tuple[int, ...]], _Line, _Line]:
    """The words of the nearest lines, the nearest first, and the first two of them as lines."""
    own = scene.around.near.own_above[-_LINES * 20 :]
    breaks = (own >= _BREAK).nonzero()[0][-_LINES - 1 :].tolist()
    words = (own >> _SPACE).tolist()
    spans = [(start + 1, end) for start, end in pairwise(breaks) if start + 1 < end][::-1]
    nearest = [_split(own[start:end], is_name(own[start:end]), [end - start])[0] for start, end in spans[:2]]
    first, second = (*nearest, _NOTHING, _NOTHING)[:2]
    return [tuple(words[start:end]) for start, end in spans], first, second


def _from_text(lines: Sequence[Hypothesis], own: Sequence[_Line], scene: Scene) -> list[tuple[float, ...]]:
    """The line beside those above it."""
    written, first, second = _lines_above(scene)
    names = first.names
    rows: list[tuple[float, ...]] = []
    for line, tokens in zip(own, (line.tokens for line in lines), strict=True):
        words, mine = line.words, line.names
        rows.append(
            (
                sum(map(len, map(scene.spell, tokens))) / 40,
                common_length(words, first.words) / len(words),
                common_length(line.shape, first.shape) / len(words),
                len(mine & names) / max(1, len(mine)),
                1 / (1 + written.index(words)) if words in written else 0.0,
                sum(other[:2] == words[:2] for other in written[:_SIBLINGS]),
                first.shape == second.shape,
            )
        )
    return rows


def _from_names(lines: Sequence[Hypothesis], tokens: Ids, named: NDArray[np.bool_], scene: Scene) -> Weights:
    """How near, and how common, its names are."""
    near, words = scene.around.near, tokens >> _SPACE
    at = np.minimum(near.words.searchsorted(words), len(near.words) - 1)
    is_near = near.words[at] == words
    times = near.times_above(at) * is_near
    distance = np.log1p(np.where(is_near, np.minimum(near.how_near[at, 0], _FAR), _FAR))
    common = scene.around.index.spread(tokens)
    free = named.copy()
    free[1:] &= ~np.isin(words[:-1], _DOTS)
    sizes = np.array([len(line.node.line) for line in lines])
    starts, line_of = np.cumsum(sizes) - sizes, np.arange(len(lines)).repeat(sizes)
    lead = sizes - [len(line.tokens) for line in lines]
    added = named & (np.arange(len(tokens)) >= (starts + lead)[line_of])
    once, new, count, names, is_free = (
        np.bincount(line_of[kept], minlength=len(lines))
        for kept in (added & (times == 1), added & (times == 0), added, named, free)
    )
    columns = (
        *(once / 2, new / 2, count / 5),
        np.where(names, np.minimum.reduceat(np.where(named, distance, np.inf), starts), 0.0),
        np.where(names, np.maximum.reduceat(np.where(named, distance, 0.0), starts), 0.0),
        np.add.reduceat(distance, starts) / sizes,
        np.minimum.reduceat(common, starts),
        *(np.add.reduceat(common, starts) / sizes, is_free),
        np.minimum.reduceat(np.where(free & (times == 0), common, _NOTHING_STRANGE), starts),
    )
    return np.stack(columns, axis=1)
