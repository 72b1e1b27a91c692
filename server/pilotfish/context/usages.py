"""How the code base goes on elsewhere after the words before the cursor: `client.` is followed by `send(`.

One line for each name that comes next, the nearest file's with the longest match. After a receiver these are
the members that are really used, whatever its type may be.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import chain, repeat
from pathlib import PurePosixPath

from pilotfish.context.echoes import Echo, Echoes, words_before
from pilotfish.context.nearness import Nearness
from pilotfish.context.place import NAME, Place
from pilotfish.context.snippet import Snippet
from pilotfish.platform.steps import Steps

SOURCE = "usages"
PLACES = 96
MEMBER_MATCH, LINE_MATCH = 2, 3
"""So many tokens before the cursor must be the same: the receiver and the sign for a member; elsewhere one
more, for many lines begin after a bracket."""

FOREIGN = 0.3
"""What a file of another kind counts: the words before the cursor may be the same, what they mean is not."""

LINES_ABOVE, MOST_WORDS = 4, 16
MOST_NAMES, MOST_LINES = 20, 12
"""So many names gain by it that they are used, and of so many a line is read that may be shown."""
MOST_LINE_CHARS = 200


def usages(place: Place, echoes: Echoes, near: Nearness) -> Steps[list[Snippet]]:
    """Lines of other files, one for each name that comes next there, the most telling first."""
    above = place.document.lines[max(0, place.start.line - LINES_ABOVE) : place.start.line]
    words = words_before("".join(above) + place.line_start)[-MOST_WORDS:]
    ending = PurePosixPath(near.own).suffix
    weights: dict[str, float] = defaultdict(float)
    shown: dict[str, tuple[float, Echo]] = {}
    least = MEMBER_MATCH if place.receiver else LINE_MATCH
    for echo in echoes.after([words], width=PLACES, least=least):
        name = echo.next.lstrip()
        if not NAME.fullmatch(name):
            continue
        weight = min(echo.length - 1, 4) * (1 + 2 * near[echo.path])
        if not echo.path.endswith(ending):
            weight *= FOREIGN
        weights[name] += weight
        if name not in shown or weight > shown[name][0]:
            shown[name] = weight, echo
    yield
    total = sum(weights.values())
    best = sorted(weights, key=lambda name: -weights[name])[:MOST_NAMES]
    lines = echoes.lines([shown[name][1] for name in best[:MOST_LINES]])
    found = []
    for name, (number, text) in zip(best, chain(lines, repeat((0, ""))), strict=False):
        if len(text) <= MOST_LINE_CHARS:
            score = math.log1p(weights[name]) / 3 + weights[name] / (total + 5)
            found.append(Snippet(shown[name][1].path, number, text and text + "\n", SOURCE, score, name))
    return found
