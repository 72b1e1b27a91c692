"""Symbols: what a file defines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """One definition.

    Attributes:
        name: as written, without what qualifies it.
        kind: a word of the protocol's `SymbolKind`, in lower camel case: `class`, `method`, `function`,
            `constructor`, `field`, `property`, `constant`, `variable`, `interface`, `enum`, `enumMember`,
            `struct`, `module`, `namespace`, `typeParameter` (a type alias); and `macro`.
        container: names of what it stands in, outermost first, joined by dots (`Outer.Inner`; a Go method's
            is its receiver's type); empty at the top level.
        start_line: first line of the whole definition with its decorators and the comment above it, from 0.
        end_line: the line after its last one.
        name_line: the line where its name stands.
        signature: its head in one line, without its body.
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
