"""Symbols: what a file defines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pilotfish.syntax.comments import doc_of_comment, docstring, lead_above
from pilotfish.syntax.definitions import Definition
from pilotfish.syntax.languages import Language
from pilotfish.syntax.source import Source

_MAX_SIGNATURE_CHARS = 300
_MAX_DOCSTRING_BYTES = 2000
_MAX_LEAD_IN_BYTES = 80
_ATTRIBUTES = re.compile(r"^(?:@(?!interface\b)[\w.:]+(?:\([^()]*\))? ?|#?\[[^\]]*\] ?)+")


@dataclass(frozen=True, slots=True)
class Symbol:
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
    floor = 0
    for definition in definitions:
        line = source.line_of(definition.outer_start)
        start_line, attributes = lead_above(source.lines, line, floor, language)
        end_line = source.last_line_of(definition.end)
        comment = source.lines[start_line:attributes]
        doc = docstring(_body(source, definition)) or (doc_of_comment(comment) if comment else "")
        symbols.append(
            Symbol(
                definition.name,
                definition.kind,
                definition.container,
                start_line,
                end_line,
                source.line_of(definition.name_start),
                _signature(source, definition),
                tuple(definition.bases),
                doc,
            )
        )
        # What stands above the next definition may reach up to this one's end, or into its body.
        is_around = definition.body_start >= 0
        floor = source.line_of(definition.body_start if is_around else definition.start) + is_around
    return symbols


def _body(source: Source, definition: Definition) -> bytes:
    start = definition.body_start
    return source.data[start : min(definition.end, start + _MAX_DOCSTRING_BYTES)] if start >= 0 else b""


def _signature(source: Source, definition: Definition) -> str:
    """The head of a definition, from the start of its line where nothing else stands there."""
    start = definition.start
    line_start = source.starts[source.line_of(start)]
    lead_in = source.data[line_start:start]
    if len(lead_in) <= _MAX_LEAD_IN_BYTES and not any(sign in lead_in for sign in b";{}()=,"):
        start = line_start
    end = definition.body_start if definition.body_start >= 0 else definition.end
    if end <= definition.name_start:
        end = definition.end
    head = source.text(start, min(end, start + 2 * _MAX_SIGNATURE_CHARS))
    head = _ATTRIBUTES.sub("", " ".join(head.split()))
    return head[:_MAX_SIGNATURE_CHARS].rstrip(" :={;,\\")
