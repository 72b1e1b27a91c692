"""Patterns in gitignore notation that cost little whoever wrote them.

pathspec's expressions try every way to share out a name among several `*`, or a path among several `**`, so
that one line `*a*a*a*a*a*a*b` of a cloned repository keeps Python busy for years. Yet up to the next wildcard
the first fit is as good as any, since that wildcard takes whatever is left: here wildcards never look back.
"""

from __future__ import annotations

import re
from typing import Any

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_STAR = re.escape("[^/]*")
_ONE = r"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\](?![*+?])|[^\\\[\](){}^$.|*+?/])"  # matches one character, no `/`
_UP_TO_STAR = re.compile(rf"{_STAR}({_ONE}+)(?={_STAR})")
_ABOVE = "^(?:.+/)?"
_BETWEEN = "(?:/.+)?"


class Glob(GitIgnoreSpecPattern):
    """One line of an ignore file."""

    __slots__ = ()

    @classmethod
    def pattern_to_regex(cls, pattern: Any) -> tuple[Any, bool | None]:
        """The line as a regular expression, and whether it ignores (None: the line says nothing)."""
        source, include = super().pattern_to_regex(pattern)
        return source and first_fit(source), include


def first_fit(source: str) -> str:
    """Pathspec's expression with each wildcard but the last one bound to its first fit."""
    source = re.sub(f"(?:{_STAR})+", "[^/]*", source)
    source = _UP_TO_STAR.sub(r"(?>[^/]*?\1)", source)
    first, *others = source.split(_BETWEEN)
    if not others:
        return source
    if first.startswith(_ABOVE):
        first = f"^(?>(?:.+?/)??{first.removeprefix(_ABOVE)}(?=/))"
    *middle, last = others
    return first + "".join(f"(?>(?:/.+?)??{part}(?=/))" for part in middle) + _BETWEEN + last
