"""Lines like one close above, with the next thing of a list in the place of each.

Where a signature lists `width, height` and the line above is `self.width = width`, the next is likely to be
`self.height = height`; after `x1 = f(y1)` comes `x2 = f(y2)`. No place votes for such a line: it is new, and
what is to be copied is the order of names. So it is proposed as a whole, to be put in order with those that
were found token by token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.brackets import STEPS
from pilotfish.engine.buffers import Buffers
from pilotfish.engine.names import is_a_name, is_name
from pilotfish.engine.near import Near
from pilotfish.engine.scene import Scene
from pilotfish.syntax.lexer import BREAK_BIT, SPACE_BIT, token_id

LINES = 2
"""So many lines above are continued."""

REACH_TOKENS = 3000
"""So far back a list is looked for."""

PLACES, CHOICES = 6, 2
"""So many places of a name are looked at, and so many names that follow it are tried."""

ITEM_TOKENS = 40
"""An item of a list is no longer."""

LIKELY = -3.5
"""A line that begins like others is proposed if what it shares with them is no less probable."""

PROPOSED = log(0.15)
"""What a proposal scores from where it differs."""

_SEPARATORS = {token_id(sign) for sign in (",", ";")}
_PREFIXES = {token_id(lead + sign) for sign in ("*", "**", "&", "...", '"', "'") for lead in ("", " ")}
_NUMBERED = re.compile(r"(.*?)([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Parallel:
    """A line that continues an order.

    Attributes:
        tokens: its tokens.
        differs: how many of them are not those of the line that it is made from.
        above: how many lines above that stands.
        shared: so many tokens at the start are those of that line.
        goes_on: whether that differs from the line before it in the same places.
    """

    tokens: tuple[int, ...]
    differs: int
    above: int
    shared: int
    goes_on: bool


def proposed(scene: Scene, buffers: Buffers) -> list[tuple[Hypothesis, Parallel]]:
    """What might be written because it continues an order, so far as its beginning is probable."""
    if scene.lead or scene.partial:
        return []
    found = [(_begun(one, scene), one) for one in parallels(scene, buffers)]
    return [(line, one) for line, one in found if line is not None]


def parallels(scene: Scene, buffers: Buffers) -> list[Parallel]:
    """All lines that continue an order, those after the nearest line first."""
    own = scene.around.near.own_above
    breaks = np.flatnonzero(own >= np.uint64(BREAK_BIT))[-LINES - 2 :].tolist()
    lines = [own[start + 1 : end].tolist() for start, end in pairwise(breaks)]
    found: dict[tuple[int, ...], Parallel] = {}
    for above in range(1, min(LINES, len(lines)) + 1):
        line, before = lines[-above], lines[-above - 1] if above < len(lines) else []
        change = _differs(line, before) if len(line) == len(before) else []
        start = breaks[-above - 1] + 1
        for tokens in (*_renamed(start, line, scene, buffers), *_counted(line, scene, buffers)):
            differs = _differs(tokens, line)
            if any(differs) and tokens not in found:
                found[tokens] = Parallel(tokens, sum(differs), above, differs.index(True), differs == change)
    return list(found.values())


def _differs(one: Sequence[int], other: Sequence[int]) -> list[bool]:
    return [mine >> 1 != yours >> 1 for mine, yours in zip(one, other, strict=True)]


def _renamed(start: int, line: list[int], scene: Scene, buffers: Buffers) -> Iterator[tuple[int, ...]]:
    """The line with one of its names, wherever it stands, exchanged for one that follows it in a list."""
    names = np.array(line, np.uint64)
    for name in dict.fromkeys((names[is_name(names)] >> np.uint64(1)).tolist()):
        text = scene.spell(name << 1).strip()
        bare = token_id(text.lstrip("_") or text) >> 1
        hidden = token_id("_" + text.lstrip("_")) >> 1
        for following in _following(bare, start, scene.around.near):
            if any(token >> 1 == following for token in line):
                continue
            exchanged = {bare: following}
            if any(token >> 1 == hidden for token in line):
                exchanged[hidden] = buffers.id_of("_" + scene.spell(following << 1).strip()) >> 1
            yield tuple(exchanged.get(token >> 1, token >> 1) << 1 | token & SPACE_BIT for token in line)


def _following(word: int, start: int, near: Near) -> list[int]:
    """The names, without their space, that begin the item after one which a word begins: the nearest first.

    They are looked for before the line, which starts at `start` of the own document, and where that has none
    in what else is near.
    """
    found: dict[int, None] = {}
    ends = len(near.own_above)
    for first, last in ((max(0, ends - REACH_TOKENS), start), (ends, len(near.tokens))):
        tokens = near.tokens[first:last]
        places = np.flatnonzero(tokens >> np.uint64(1) == np.uint64(word))
        for place in (places[::-1] if first < ends else places)[:PLACES].tolist():
            item = _next_item(tokens[place : place + ITEM_TOKENS].tolist())
            if item is not None:
                found[item] = None
            if len(found) == CHOICES:
                return list(found)
        if found:
            break
    return list(found)


def _next_item(tokens: list[int]) -> int | None:
    """The name that begins the item after the one that the first token begins."""
    depth, is_over = 0, False
    for token in tokens[1:]:
        if is_over:
            if token >= BREAK_BIT or token in _PREFIXES or token in _SEPARATORS:
                continue
            return token >> 1 if is_a_name(token) and token >> 1 != tokens[0] >> 1 else None
        depth += STEPS.get(token, 0)
        if depth < 0:
            return None
        is_over = depth == 0 and (token in _SEPARATORS or token >= BREAK_BIT)
    return None


def _counted(line: list[int], scene: Scene, buffers: Buffers) -> Iterator[tuple[int, ...]]:
    """The line with one more: everywhere, or for one of its numbers alone."""
    words = np.array(line, np.uint64)
    more = {}
    for token in dict.fromkeys(words[is_name(words)].tolist()):
        numbered = _NUMBERED.fullmatch(scene.spell(token))
        if numbered:
            start, digits = numbered.groups()
            more[token] = buffers.id_of(start + str(int(digits) + 1).zfill(len(digits)))
    if more:
        yield tuple(more.get(token, token) for token in line)
    if len(more) > 1:
        yield from (tuple(more[one] if token == one else token for token in line) for one in more)


def _begun(one: Parallel, scene: Scene) -> Hypothesis | None:
    """The line as a hypothesis, if what was looked at of its beginning is probable."""
    node, score = scene.node, 0.0
    for token in one.tokens[: one.shared]:
        look = node.sure or node.look
        score += look.score_of(token) if look is not None else 0.0
        if score < LIKELY:
            return None
        if token not in node.children:
            break
        node = node.children[token]
    return Hypothesis(scene.tree.whole(one.tokens), one.tokens, score + PROPOSED)
