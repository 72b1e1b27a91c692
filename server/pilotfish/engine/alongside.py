"""Lines that stand, elsewhere, where this one would: laid alongside the lines around it.

Places whose left context matches tell what comes next only where nothing was added, left out or exchanged
just before. So each of the lines close by is looked up as a whole. Where it stands elsewhere, what is found
as many lines further on, and as deeply indented as here, is what would be written at the cursor: the imports
of files that import the same, the fields, cases and options that come with those above, in whatever order.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.names import is_word
from pilotfish.engine.places import DEPTH, Corpus, Places, Weights
from pilotfish.engine.scene import Scene
from pilotfish.engine.whole_lines import LONGEST_RUN, WholeLines, line_key, whole_lines
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT

ABOVE, BELOW = 8, 4
"""So many lines above and below are looked up,"""

PLACES = 12
"""each at so many places,"""

WINDOW_TOKENS = 80
"""and so many tokens from there on, or up to there, are looked at."""

RECENT = 10
"""The last so many lines above, and the next below, are not expected again."""

SLIP = 2.0
"""What stands so many lines nearer, or further, than here counts an e-th."""

OTHER_DEPTH = 0.1
"""What a line counts that is not indented as here."""

PROPOSED = 3
"""So many lines are proposed."""

UNLIKELY, UNKNOWN, LEAST = -4.0, log(0.15), -12.0
"""What a proposal scores at least for each token that was looked for, for all others together, and in all."""

_TRIED = 12
_BREAK = np.uint64(BREAK_BIT)


@dataclass(frozen=True, slots=True)
class Alongside:
    """Lines and what speaks for each.

    Attributes:
        keys: uint64[n], the key of each line, sorted.
        votes: float64[n], how much speaks for it.
        voters: int64[n], how many of the lines around the cursor do.
        best: those of most votes that begin as the cursor's line does, the best first: what they would add.
    """

    keys: Ids
    votes: Weights
    voters: Positions
    best: list[tuple[int, ...]]

    def standing(self, line: tuple[int, ...]) -> tuple[float, float, int]:
        """Its votes, the same as a share of the most that any line has, and its voters."""
        key = line_key(line)
        at = int(self.keys.searchsorted(key))
        if at == len(self.keys) or self.keys[at] != key:
            return 0.0, 0.0, 0
        return float(self.votes[at]), float(self.votes[at] / self.votes.max()), int(self.voters[at])


NOTHING = Alongside(np.zeros(0, np.uint64), np.zeros(0), np.zeros(0, np.int64), [])
"""Where no line stands elsewhere."""


@dataclass(frozen=True, slots=True)
class _Anchors:
    """Lines close to the cursor, to be looked up.

    Attributes:
        contexts: uint64[n, DEPTH], the tokens before the end of each, the nearest first.
        size: how many of them are its own.
        distance: how many lines further down the cursor is; negative where it is further up.
        depth: how much deeper the cursor's line is.
    """

    contexts: Ids
    size: Positions
    distance: Positions
    depth: Positions


def alongside(scene: Scene) -> Alongside:
    """What stands elsewhere where the cursor's line would."""
    near, index = scene.around.near, scene.around.index
    around = np.zeros((2, LONGEST_RUN), np.uint64)
    for run, tokens in enumerate((near.own_above[-LONGEST_RUN:], near.own_below[:LONGEST_RUN])):
        around[run, : len(tokens)] = tokens
    close = whole_lines(around, np.array([True, False]))
    anchors = _anchors(around, close)
    if not len(anchors.size):
        return NOTHING
    places = _whole(index.places(anchors.contexts, PLACES), anchors, index)
    is_below = anchors.distance[places.row] < 0
    first = np.where(is_below, -anchors.size[places.row] - WINDOW_TOKENS, 0)
    windows = index.around(places, first, WINDOW_TOKENS)
    lines = whole_lines(windows, is_below)
    row = places.row[lines.run]
    votes = 1 / np.sqrt(np.bincount(places.row)[row])
    votes *= np.exp(-np.abs(lines.number - anchors.distance[row]) / SLIP)
    votes[lines.depth != anchors.depth[row]] *= OTHER_DEPTH
    fresh = (lines.key[:, np.newaxis] != close.key[np.abs(close.number) <= RECENT]).all(axis=1).nonzero()[0]
    keys, sample, group = np.unique(lines.key[fresh], return_index=True, return_inverse=True)
    total = np.bincount(group, votes[fresh], len(keys)).astype(np.float64)
    is_heard = np.zeros((len(keys), len(anchors.size)), np.bool_)
    is_heard[group, row[fresh]] = True
    best: list[tuple[int, ...]] = []
    for at in fresh[sample[np.argsort(-total, kind="stable")[:_TRIED]]].tolist():
        line = tuple(windows[lines.run[at], lines.start[at] : lines.end[at]].tolist())
        if _goes_on(line, scene):
            best.append(line[len(scene.lead) :])
        if len(best) == PROPOSED:
            break
    return Alongside(keys, total, is_heard.sum(axis=1), best)


def as_hypothesis(tokens: tuple[int, ...], scene: Scene) -> Hypothesis:
    """What would be added at the cursor, with the probability of as much of it as was looked for."""
    node, score = scene.node, UNKNOWN
    for token in tokens:
        look = node.sure or node.look
        if look is not None:
            score += max(look.score_of(token), UNLIKELY)
        if token not in node.children:
            break
        node = node.children[token]
    return Hypothesis(scene.tree.whole(scene.lead + tokens), tokens, max(score, LEAST))


def _goes_on(line: tuple[int, ...], scene: Scene) -> bool:
    """Whether the line begins with what is written on the cursor's, and is longer."""
    written = len(scene.lead)
    if len(line) <= written or line[:written] != scene.lead:
        return False
    return not scene.partial or scene.spell(line[written]).startswith(scene.partial)


def _anchors(runs: Ids, lines: WholeLines) -> _Anchors:
    """The nearest lines above and below, of equal ones the nearest; those without a word tell nothing."""
    chosen: tuple[dict[int, int], ...] = ({}, {})
    order = np.abs(lines.number).argsort(kind="stable")
    for at, run, key in zip(
        order.tolist(), lines.run[order].tolist(), lines.key[order].tolist(), strict=True
    ):
        is_wanted = len(chosen[run]) < (ABOVE, BELOW)[run] and key not in chosen[run]
        if is_wanted and is_word(runs[run, lines.start[at] : lines.end[at]]).any():
            chosen[run][key] = at
    which = np.array([at for some in chosen for at in some.values()], np.int64)
    back = lines.end[which, np.newaxis] - 1 - np.arange(DEPTH)
    contexts = np.where(back >= 0, runs[lines.run[which, np.newaxis], back], np.uint64(0))
    return _Anchors(contexts, (lines.end - lines.start)[which], -lines.number[which], -lines.depth[which])


def _whole(places: Places, anchors: _Anchors, index: Corpus) -> Places:
    """Those places at which an anchor stands as a whole line."""
    places = places[(places.length >= anchors.size[places.row]) & (places.token >= _BREAK)]
    before = index.around(places, -anchors.size[places.row] - 1, 1)[:, 0]
    return places[before >= _BREAK]
