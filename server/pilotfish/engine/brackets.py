"""Brackets: which tokens open and close, and how many the cursor's line has to close.

Where text follows, what stands above and below a line says how many brackets that were opened before it must
be closed on it. That holds in any language; text within quotes may break it, so it is a doubt, not a rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pilotfish.index.segment import Ids, Positions
from pilotfish.syntax.lexer import token_id

_ONE = np.uint64(1)
OPENING, CLOSING = (tuple(np.uint64(token_id(sign) >> 1) for sign in signs) for signs in ("([{", ")]}"))
"""Identities of brackets without the space bit."""

STEPS = {
    (int(sign) << 1) | space: step
    for signs, step in ((OPENING, 1), (CLOSING, -1))
    for sign in signs
    for space in (0, 1)
}
"""By how much each bracket changes the depth; other tokens do not."""

REACH_TOKENS = 3000
"""So far above and below the line brackets are counted."""


def owed(above: Ids, below: Ids) -> int | None:
    """How many more brackets a line must close than open; None where nothing follows that could tell.

    Args:
        above: the tokens before the line.
        below: the tokens after it.
    """
    if not len(below):
        return None
    before, after = _depths(above[-REACH_TOKENS:]), _depths(below[:REACH_TOKENS])
    opened = int(before[-1] - before.min())
    return opened + int(after.min())


def is_closing(tokens: Ids) -> NDArray[np.bool_]:
    """Which tokens close a bracket."""
    return _among(tokens, CLOSING)


def _depths(tokens: Ids) -> Positions:
    """int64[n + 1]: how many brackets more than at the start are open before each token, and at the end."""
    steps = _among(tokens, OPENING).astype(np.int64) - _among(tokens, CLOSING)
    return np.concatenate([[0], np.cumsum(steps)])


def _among(tokens: Ids, known: Sequence[np.uint64]) -> NDArray[np.bool_]:
    bare = tokens >> _ONE
    found: NDArray[np.bool_] = bare == known[0]
    for sign in known[1:]:
        found |= bare == sign
    return found
