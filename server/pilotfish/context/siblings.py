"""The other half of this file: its test, or what it tests; its header, or what implements it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from pilotfish.context.heads import head
from pilotfish.context.snippet import Snippet
from pilotfish.index.lookup import Lookup
from pilotfish.platform.steps import Steps

SOURCE = "siblings"
WORTH, WORTH_OF_TESTS = 0.5, 0.2
"""What a definition is worth that belongs to this file, and one in its test: few are called from here."""

MOST_FILES, MOST_SYMBOLS = 3, 30
_TEST = re.compile(r"^tests?_|_tests?$|(?:Tests?|Spec)$|[._-](?:tests?|spec)$")
"""What is added to a file's name, without its ending, for that of its test."""


def siblings(lookup: Lookup, own: Path | None) -> Steps[list[Snippet]]:
    """Heads of the definitions in the files that belong to this one."""
    if own is None:
        return []
    files = [file for file in lookup.files(_names(own.name), limit=3 * MOST_FILES) if file != own]
    yield
    found: list[Snippet] = []
    is_test = _bare(own.stem) != own.stem
    for file in files[:MOST_FILES]:
        worth = WORTH if is_test or _bare(file.stem) == file.stem else WORTH_OF_TESTS
        symbols = lookup.symbols_of(file, limit=MOST_SYMBOLS)
        classes = {symbol.name: symbol for symbol in symbols if not symbol.container}
        for symbol in symbols:
            within = classes.get(symbol.container)
            snippet = head(symbol, SOURCE, worth, within)
            if snippet is not None:
                found.append(snippet)
        yield
    return found


def _names(name: str) -> list[str]:
    """Patterns for the names of the files that belong to a file of this name."""
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    bare = _bare(stem)
    if bare != stem:
        return [bare + ending]
    marks = ("test_{}", "{}_test", "{}_tests", "{}Test", "{}Tests", "{}.test", "{}.spec", "{}Spec", "{}-test")
    return [mark.format(stem) + ending for mark in marks] + [f"{stem}.*"]


def _bare(stem: str) -> str:
    """The name without what makes it that of a test."""
    return _TEST.sub("", stem)
