"""Parsing, at once or in small steps.

py-tree-sitter holds the interpreter while it parses, so that a thread does not help: a long parse on the
server's loop pauses itself. It can do so only if it reads the text through a function, and what that returns
is never freed (0.26.1): hence steps for the first parse of a long document only, and all else at once.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps

if TYPE_CHECKING:
    import tree_sitter

AT_ONCE_BYTES = 65_536
"""A text up to here is parsed in one step: that takes some milliseconds."""

_STEP_S = 0.004
_READ_BYTES = 65_536

LONG_BYTES = 65_536
_SAMPLE_BYTES, _SAMPLE_PATIENCE_S = 4096, 0.02
"""CPU time: ordinary text takes 0.1 to 0.7 µs a byte."""


def parse_at_once(grammar: tree_sitter.Language, source: bytes) -> tree_sitter.Tree | None:
    """The tree of a text; None where it is long and its beginning already takes far too long.

    Some texts, none of them a program in the language that they are taken for, cost a grammar the square of
    their length: 7 s for 20 kB were seen.
    """
    import tree_sitter  # noqa: PLC0415  (loaded with the first text that has a grammar)

    parser = tree_sitter.Parser(grammar)
    if len(source) > LONG_BYTES:
        start = time.thread_time()
        parser.parse(source[:_SAMPLE_BYTES])
        if time.thread_time() - start > _SAMPLE_PATIENCE_S:
            return None
    return parser.parse(source)


def parse_edited(source: bytes, old: tree_sitter.Tree) -> tree_sitter.Tree:
    """The tree of a text; `old` is that of an earlier one, edited (`Tree.edit`) so that it fits this one."""
    import tree_sitter  # noqa: PLC0415  (loaded already, with the grammar)

    return tree_sitter.Parser(old.language).parse(source, old)


def parse_in_steps(grammar: tree_sitter.Language, source: bytes) -> Steps[tree_sitter.Tree]:
    """The tree of a text that may be long, in steps of a few milliseconds."""
    import tree_sitter  # noqa: PLC0415  (loaded with the first text that has a grammar)

    parser = tree_sitter.Parser(grammar)
    if len(source) <= AT_ONCE_BYTES:
        return parser.parse(source)
    step_end = 0.0

    def read(offset: int, _: object) -> bytes:
        return source[offset : offset + _READ_BYTES]

    def is_over(*_: object) -> bool:
        return time.monotonic() > step_end

    while True:
        step_end = time.monotonic() + _STEP_S
        try:
            stepped = parser.parse(read, progress_callback=is_over)
            # Once more from the bytes, which takes next to nothing: the tree keeps what it was read from.
            return parser.parse(source, stepped)
        except ValueError:  # It stopped because it was told to; asked again, it goes on from there.
            yield
