"""Symbols: what a file defines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pilotfish.syntax.comments import Marks, doc_of_comment, docstring, lead_above
from pilotfish.syntax.definitions import Definition
from pilotfish.syntax.languages import Language
from pilotfish.syntax.source import Source

_MAX_SIGNATURE_CHARS = 300
_MAX_DOCSTRING_BYTES = 2000
_STRING_STARTS = b"\"'rRuU"
_MAX_LEAD_IN_BYTES = 80
_MORE_THAN_WORDS = re.compile(rb"[;{}()=,]")
_ATTRIBUTES = re.compile(r"^(?:@(?!interface\b)[\w.:]+(?:\([^()]*\))? ?|#?\[[^\]]*\] ?)+")


class Symbol(NamedTuple):
    """One definition.

    Attributes:
        name: as written, without what qualifies it.
        kind: a word of the protocol's `SymbolKind`, in lower camel case: `class`, `method`, `function`,
            `constructor`, `field`, `property`, `constant`, `variable`, `interface`, `enum`, `enumMember`,
            `struct`, `module`, `namespace`, `package`, `event`; and `type` (an alias) and `macro`.
        container: names of what it stands in, outermost first, joined by dots (`Outer.Inner`; a Go method's
            is its receiver's type); empty at the top level.
        start_line: first line of the whole definition with its decorators and the comment above it, from 0.
        end_line: the line after its last one.
        name_line: the line where its name stands.
        signature: its head in one line, as written, without its body and what is annotated before it.
        bases: for a class and its like: the names of what it extends or implements, as written.
        doc: docstring or comment above, without its marks, cut to a bound; empty where there is none.
    """

    name: str
    kind: str
    container: str
    start_line: int
    end_line: int
    name_line: int
    signature: str
    bases: tuple[str, ...]
    doc: str

    @property
    def path(self) -> str:
        """Its own dotted path."""
        return f"{self.container}.{self.name}" if self.container else self.name


def symbols_of(source: Source, definitions: Sequence[Definition], language: Language) -> list[Symbol]:
    """The symbols that definitions are; a scope's is of the kind `scope` and counts for chunks only."""
    symbols: list[Symbol] = []
    marks, lines = Marks.of(language), source.lines
    floor = 0
    for definition in definitions:
        start, outer_start, body_start = definition.start, definition.outer_start, definition.body_start
        line = source.line_of(start)
        outer_line = line if outer_start == start else source.line_of(outer_start)
        start_line, attributes = lead_above(lines, outer_line, floor, marks)
        doc = _docstring(source, definition)
        if not doc and start_line < attributes:
            doc = doc_of_comment(lines[start_line:attributes])
        symbols.append(
            Symbol(
                definition.name,
                definition.kind,
                definition.container,
                start_line,
                source.last_line_of(definition.end),
                source.line_of(definition.name_start),
                _signature(source, definition, source.starts[line]),
                tuple(definition.bases),
                doc,
            )
        )
        # What stands above the next definition may reach up to this one's head, but not into it.
        floor = (source.line_of(body_start) if body_start >= 0 else line) + 1
    return symbols


def _docstring(source: Source, definition: Definition) -> str:
    start = definition.body_start
    if not 0 <= start < len(source.data) or source.data[start] not in _STRING_STARTS:
        return ""
    return docstring(source.data[start : min(definition.end, start + _MAX_DOCSTRING_BYTES)])


def _signature(source: Source, definition: Definition, line_start: int) -> str:
    """The head of a definition, from the start of its line where nothing else stands there."""
    start = definition.start
    if line_start < start <= line_start + _MAX_LEAD_IN_BYTES and not _MORE_THAN_WORDS.search(
        source.data, line_start, start
    ):
        start = line_start
    end = definition.body_start if definition.body_start > definition.name_start else definition.end
    head = " ".join(source.text(start, min(end, start + 2 * _MAX_SIGNATURE_CHARS)).split())
    if head.startswith(("@", "#", "[")):
        head = _ATTRIBUTES.sub("", head)
    return head[:_MAX_SIGNATURE_CHARS].rstrip(" :={;,\\")
