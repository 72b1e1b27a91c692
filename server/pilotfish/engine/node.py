"""What is known of each beginning of the cursor's line: a tree, of which most is kept from key to key.

Looking for places in the index is the dear part. So a node that is carried by long matches is not looked up
again: their places are *followed* token by token, and only nodes without such a trail are searched afresh.
What was found stays in the tree: the next key of the same line asks for much of it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from pilotfish.engine.between import Between
from pilotfish.engine.brackets import STEPS
from pilotfish.engine.judge import Judge
from pilotfish.engine.mixture import MOST_ROWS, Evidence, evidence
from pilotfish.engine.near import BETWEEN, EXACT, Near, Trace
from pilotfish.engine.places import DEPTH, Corpus, Places, Weights, joined, nowhere
from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import BREAK_BIT

WIDTH = 64
"""Places that are asked of the index for each node."""

TRAIL = 4
"""Places that match so many tokens are followed instead of searched again."""

AGREED = 13
"""Where all places that match so many tokens say the same, nothing else is asked."""

AGREED_SHARE = 0.98
"""How probable that is then."""

_BREAK = np.uint64(BREAK_BIT)


@dataclass(slots=True, eq=False)
class Look:
    """What may come next, the most probable first.

    Attributes:
        token: uint64[n], the tokens that are no breaks.
        score: float64[n], the logarithm of the probability of each.
        ends: the same for the end of the line.
        places: the votes that this comes from, and others.
        voters: numbers of `places`, those for one token side by side.
        begin, end: int64[n], where in `voters` those for each token are.
    """

    token: Ids
    score: Weights
    ends: float
    places: Places
    voters: Positions
    begin: Positions
    end: Positions
    _scores: dict[int, float] | None = None

    def score_of(self, token: int) -> float:
        """The logarithm of a token's probability."""
        if self._scores is None:
            self._scores = dict(zip(self.token.tolist(), self.score.tolist(), strict=True))
        return self._scores.get(token, -inf)

    def trail(self, number: int) -> Places | None:
        """The places of the index that vote for a token, if they match long enough to be followed."""
        voters = self.voters[self.begin[number] : self.end[number]]
        voters = voters[self.places.source[voters] > BETWEEN]
        if not len(voters) or self.places.length[voters].max() < TRAIL:
            return None
        return self.places[voters]


@dataclass(slots=True, eq=False)
class Node:
    """A beginning of the cursor's line.

    Attributes:
        context: uint64[DEPTH], the tokens before its end, the nearest first.
        trace: its matches in the near text.
        agree: which lines between begin like it.
        depth: how many brackets are open, counted from the start of the line.
        line: the tokens of the line.
        trail: the places of the index that gave its last token, if they match long enough to be followed.
        children: beginnings that are longer by one token.
        look: what may come next, once that was asked.
        sure: the one token that all long matches give, and whether that `is_asked` already.
    """

    context: Ids
    trace: Trace
    agree: NDArray[np.bool_]
    depth: int = 0
    line: tuple[int, ...] = ()
    trail: Places | None = None
    children: dict[int, Node] = field(default_factory=dict)
    look: Look | None = None
    sure: Look | None = None
    is_asked: bool = False


class Tree:
    """The beginnings of one line.

    Attributes:
        root: the line before anything is written on it.
        judge: weighs what speaks for each token.

    Args:
        above: the tokens before the line, the nearest first: its break.
        near: the open documents and the regions of the index that are like what surrounds the cursor.
        between: lines that stand elsewhere before the line below.
        index: where places are looked for token by token.
    """

    def __init__(self, above: Ids, near: Near, between: Between, judge: Judge, index: Corpus) -> None:
        self._near, self._between, self.judge, self._index = near, between, judge, index
        context = np.zeros(DEPTH, np.uint64)
        context[: min(DEPTH, len(above))] = above[:DEPTH]
        self.root = Node(context, near.trace(), between.start())
        none = np.zeros(MOST_ROWS * len(judge.scope), np.int64)
        row = np.arange(MOST_ROWS).repeat(len(judge.scope))
        tokens = np.tile(judge.scope, MOST_ROWS)
        self._scope = Places(row, tokens, none, none.astype(np.float64), none, none)

    def at(self, line: Iterable[int]) -> Node:
        """The node to search from, once these tokens are written; what begins otherwise is forgotten."""
        node = self.root
        for token in line:
            child = self.child(node, token)
            node.children = {token: child}
            node = child
        if node.trail is not None:
            # Others than those followed may turn out to be right here: the line was not written by us.
            node.trail, node.look, node.is_asked = None, None, False
        return node

    def child(self, node: Node, token: int, trail: Places | None = None) -> Node:
        """The beginning that is longer by one token."""
        child = node.children.get(token)
        if child is None:
            context = np.empty_like(node.context)
            context[0] = token
            context[1:] = node.context[:-1]
            child = node.children[token] = Node(
                context,
                self._near.extended(node.trace, token),
                self._between.agreeing(node.agree, len(node.line), token),
                node.depth + STEPS.get(token, 0),
                (*node.line, token),
                trail,
            )
        return child

    def whole(self, line: tuple[int, ...]) -> Node:
        """A beginning by all its tokens; nothing is made of what lies between, nor is this one kept."""
        known: Node | None = self.root
        for token in line:
            known = known.children.get(token) if known else None
        if known:
            return known
        context = np.concatenate([np.array(line[::-1], np.uint64), self.root.context])[:DEPTH]
        depth = sum(STEPS.get(token, 0) for token in line)
        return Node(context, self._near.trace(line), self._between.beginning(line), depth, line)

    def looks(self, nodes: Sequence[Node]) -> list[Look]:
        """What comes next in each of some nodes."""
        fresh = [node for node in nodes if node.look is None]
        if fresh:
            for node, found in zip(fresh, self._look(fresh), strict=True):
                node.look = found
        return [node.look for node in nodes if node.look is not None]

    def sure(self, node: Node) -> Look | None:
        """The one token that all long matches give; None where they differ, or there are none."""
        if not node.is_asked:
            node.is_asked, node.sure = True, self._agreed(node)
        return node.sure

    def gather(self, nodes: Sequence[Node]) -> tuple[Places, Evidence]:
        """All places of some nodes, a row each, and what speaks for each candidate."""
        rows = len(nodes)
        parts = [
            self._near.places([node.trace for node in nodes]),
            self._between.places([node.agree for node in nodes], [len(node.line) for node in nodes]),
            # The names in scope are candidates though nothing may speak for them.
            self._scope[: rows * len(self.judge.scope)],
        ]
        fresh = [row for row, node in enumerate(nodes) if node.trail is None]
        if fresh:
            found = self._index.places(np.array([nodes[row].context for row in fresh]), WIDTH)
            found.row = np.array(fresh)[found.row]
            parts.append(found)
        trails = {row: node.trail for row, node in enumerate(nodes) if node.trail is not None}
        if trails:
            found = self._index.followed(joined(list(trails.values())))
            found.row = np.repeat(list(trails), [len(trail.row) for trail in trails.values()])
            parts.append(found)
        places = joined(parts)
        voice = np.where(places.source <= BETWEEN, places.source, EXACT)
        return places, self.judge.promising(evidence(places, voice, rows))

    def _look(self, nodes: Sequence[Node]) -> list[Look]:
        places, found = self.gather(nodes)
        depths = np.array([node.depth for node in nodes])
        lines = [node.line for node in nodes]
        probability = self.judge.probabilities(found, depths, lines)
        score = np.log(probability)
        is_break = found.token >= _BREAK
        breaks = found.row[is_break]
        ends = np.bincount(breaks, probability[is_break], len(nodes)).tolist()
        # Row by row, the breaks of each last.
        order = (found.row * 2000.0 + is_break * 1000.0 - score).argsort(kind="stable")
        first = found.row.searchsorted(np.arange(len(nodes) + 1))
        last = first[1:] - np.bincount(breaks, minlength=len(nodes))
        token, score, begin, end = found.token[order], score[order], found.begin[order], found.end[order]
        return [
            Look(
                token[a:b],
                score[a:b],
                log(share) if share else -inf,
                places,
                found.voters,
                begin[a:b],
                end[a:b],
            )
            for a, b, share in zip(first.tolist(), last.tolist(), ends, strict=False)
        ]

    def _agreed(self, node: Node) -> Look | None:
        tokens = self._near.sure(node.trace, AGREED)
        is_followed = node.trail is not None and node.trail.length.max() >= AGREED - 1
        if not len(tokens) and not is_followed:
            return None
        followed = self._index.followed(node.trail) if node.trail is not None else nowhere()
        tokens = np.concatenate([tokens, followed.token[followed.length >= AGREED]])
        token = tokens[:1]
        if not len(token) or (tokens != token).any():
            return None
        if (self._between.places([node.agree], [len(node.line)]).token != token).any():
            return None
        score = log(AGREED_SHARE)
        if token[0] >= _BREAK:
            none = np.zeros(0, np.int64)
            return Look(token[:0], np.zeros(0), score, followed, none, none, none)
        voters = np.flatnonzero(followed.token == token)
        return Look(token, np.array([score]), -inf, followed, voters, np.array([0]), np.array([len(voters)]))
