"""Parsing in small steps, and not for ever.

py-tree-sitter holds the interpreter while it parses, so that a thread does not help: a long parse pauses
itself. Some texts, none of them a program in the language that they are taken for, cost a grammar far more
than linear time (10 s for 100 kB were seen); these are given up.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pilotfish.platform.steps import Steps

if TYPE_CHECKING:
    import tree_sitter

_STEP_S = 0.004
_READ_BYTES, _NODE_BYTES = 65536, 256
_PATIENCE_S, _PATIENCE_S_PER_BYTE = 1.0, 3e-6
"""CPU time after which a text is given up: ordinary ones take 0.1 to 0.4 µs a byte."""


def parse_source(
    grammar: tree_sitter.Language, source: bytes, old: tree_sitter.Tree | None = None
) -> Steps[tree_sitter.Tree]:
    """The tree of a text, in steps of a few milliseconds.

    `old` is the tree of an earlier text, edited (`Tree.edit`) so that it fits this one.
    """
    import tree_sitter  # noqa: PLC0415  (loaded with the first text that has a grammar)

    parser = tree_sitter.Parser(grammar)
    step_end = 0.0
    # While it parses, py-tree-sitter 0.26 never lets go of what it was handed: it is handed the same thing
    # each time, which is emptied at the end. Later a query's predicates ask for texts, which it lets go.
    piece = bytearray()
    is_parsed = False

    def read(offset: int, _: object) -> bytes | bytearray:
        if is_parsed:
            return source[offset : offset + _NODE_BYTES]
        piece[:] = source[offset : offset + _READ_BYTES]
        return piece

    def is_over(*_: object) -> bool:
        return time.monotonic() > step_end

    try:
        while True:
            step_end = time.monotonic() + _STEP_S
            try:
                if old is None:
                    return parser.parse(read, progress_callback=is_over)
                return parser.parse(read, old, progress_callback=is_over)
            except ValueError:  # It stopped because it was told to; asked again, it goes on from there.
                yield
    finally:
        is_parsed = True
        piece.clear()


def parse_patiently(grammar: tree_sitter.Language, source: bytes) -> Steps[tree_sitter.Tree | None]:
    """As `parse_source`, but None where it would take far too long."""
    steps = parse_source(grammar, source)
    given_up = time.thread_time() + _PATIENCE_S + _PATIENCE_S_PER_BYTE * len(source)
    while time.thread_time() < given_up:
        try:
            yield next(steps)
        except StopIteration as stop:
            tree: tree_sitter.Tree = stop.value
            return tree
    return None
