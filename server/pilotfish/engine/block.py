"""The lines after the first: copied for as long as the places agree.

Nothing is mixed or searched here. The places with a long match at the end of the first line are followed,
token by token, while nearly all of them say the same; what they say beyond the last finished line is left.
"""

from __future__ import annotations

import numpy as np

from pilotfish.engine.beam import Hypothesis
from pilotfish.engine.near import EXACT
from pilotfish.engine.places import Places, joined
from pilotfish.engine.scene import Scene
from pilotfish.platform.steps import Steps
from pilotfish.syntax.lexer import BREAK_BIT, FILE, indent_after

SURE = 10
"""Only places that match so many tokens are followed."""

MOST_LINES = 4
"""Of lines copied so, 84 in 100 are right where the one before is: after a few it is no longer likely."""

AGREED = 0.8
"""The share of the votes that the next token must have."""

_LINE_TOKENS = 48
_TOKENS_A_STEP = 30


def continued(line: Hypothesis, scene: Scene, max_lines: int) -> Steps[str]:
    r"""Up to `max_lines` - 1 lines that follow this one, each after a `\n`; empty without strong evidence.

    They end before the line that already stands below the cursor, and with the block that the first is in.
    """
    max_lines = min(max_lines, MOST_LINES)
    places = scene.around.near.exact(line.node.trace)
    trail = line.node.trail
    if trail is not None:
        places = joined([places, scene.around.index.followed(trail)])
    places = places[places.length >= SURE]
    text, pending, indent, added = "", "", scene.around.indent, 0
    for step in range(max_lines * _LINE_TOKENS):
        agreed = _agreed(places)
        if agreed is None:
            break
        places, token = agreed, agreed.token[0]
        spelling = scene.spell(int(token))
        if token >= np.uint64(BREAK_BIT):
            if pending:
                if pending.strip() == scene.around.below_text:
                    break
                text, added = text + pending, added + 1
            change = spelling.lstrip("\n")
            if (
                spelling == FILE
                or added == max_lines - 1
                or not _is_inside(change, indent, scene.around.indent)
            ):
                break
            indent = indent_after(indent, change)
            pending = spelling[: len(spelling) - len(change)] + indent
        else:
            pending += spelling
        places = _followed(places, scene)
        if step % _TOKENS_A_STEP == _TOKENS_A_STEP - 1:
            yield
    return text


def _agreed(places: Places) -> Places | None:
    """Those that say what nearly all votes are for; None where they differ, or there are none."""
    if not len(places.token):
        return None
    if (places.token == places.token[0]).all():
        return places  # Mostly: and counting takes longer than all else.
    kinds, kind = np.unique(places.token, return_inverse=True)
    votes = np.bincount(kind, places.weight)
    if votes.max() < AGREED * votes.sum():
        return None
    return places[places.token == kinds[votes.argmax()]]


def _followed(places: Places, scene: Scene) -> Places:
    is_open = places.source == EXACT
    if not is_open.any():
        return scene.around.index.followed(places)
    if is_open.all():
        return scene.around.near.followed(places)
    opened = scene.around.near.followed(places[is_open])
    return joined([opened, scene.around.index.followed(places[~is_open])])


def _is_inside(change: str, indent: str, outer: str) -> bool:
    """Whether a line that is indented so, after one with `indent`, is not left of the block's first line."""
    return (
        change[:1] != "="
        and indent_after(indent, change).startswith(outer)
        and (change[:1] != "<" or len(change) - 1 <= len(indent) - len(outer))
    )
