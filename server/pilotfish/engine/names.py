"""Which tokens are words, and which of these a programmer has made up.

One list of keywords serves all languages: what is a name in one and a keyword in another is rarely renamed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotfish.index.segment import Ids
from pilotfish.syntax.lexer import WORD_BIT, token_id

_KEYWORDS = """
abstract and any as assert async await bool boolean break byte case catch char class const continue def
default defer del do double elif else end enum err error except export extends extern false finally float fn
for foreach from func function get go if implements import in inline int interface internal is lambda let
list long map module namespace new nil none not null number object of or out override package pass private
protected public raise range readonly ref return sealed self set short static str string struct super switch
this throw throws trait true try type typeof undefined union unsafe use using var virtual void while with
yield True False None
"""
_WORD = np.uint64(WORD_BIT)
_KNOWN = {token_id(lead + word) for word in _KEYWORDS.split() for lead in ("", " ")}
KEYWORDS = np.array(sorted(_KNOWN), np.uint64)


def is_word(tokens: Ids) -> NDArray[np.bool_]:
    """Which tokens are words or numbers."""
    return np.asarray((tokens & _WORD) != 0)


def is_a_name(token: int) -> bool:
    """The same as `is_name`, of one token."""
    return bool(token & WORD_BIT) and token not in _KNOWN


def is_name(tokens: Ids) -> NDArray[np.bool_]:
    """Which tokens are words that programs make up, or numbers: all but keywords and signs."""
    at = KEYWORDS.searchsorted(tokens)
    return np.asarray(is_word(tokens) & (KEYWORDS.take(at, mode="clip") != tokens))
