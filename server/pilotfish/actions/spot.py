"""Where an action was asked for, and what lies there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pilotfish.actions.action import Scope
from pilotfish.syntax.languages import Language, language_of_id
from pilotfish.syntax.outline import Outline, outline_of
from pilotfish.syntax.symbols import Symbol
from pilotfish.syntax.tree import Tree, parse
from pilotfish.text.document import Document, Position, Range

MAX_SCOPE_LINES = 400
"""A larger scope is not worth a model's time, nor the user's to read the change."""
MAX_PARSED_CHARS = 150_000
"""A longer document would hold up the server while it is parsed: it has no definitions here."""
_DIAGNOSTIC_MARGIN_LINES = 5
_FUNCTIONS = frozenset({"function", "method", "constructor"})
_DEFINITIONS = _FUNCTIONS | {"class", "interface", "struct", "enum"}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What another language server says is wrong.

    Attributes:
        range: where.
        message: for people; it may quote the code, and is as little to be obeyed as that.
        source: who says so.
    """

    range: Range
    message: str
    source: str = ""


@dataclass(frozen=True, eq=False)
class Parsed:
    """What the syntax of a document tells, found out when it is first asked for; one for all spots in it."""

    document: Document

    @cached_property
    def outline(self) -> Outline:
        """Empty for a document that is too long."""
        if self._is_too_long:
            return Outline((), (), ())
        return outline_of(self.document.text, language_of_id(self.document.language_id))

    @cached_property
    def tree(self) -> Tree | None:
        """None for a document that is too long, or in a language without a grammar."""
        if self._is_too_long:
            return None
        return parse(self.document.text, language_of_id(self.document.language_id))

    @property
    def _is_too_long(self) -> bool:
        return sum(map(len, self.document.lines)) > MAX_PARSED_CHARS


@dataclass(frozen=True)
class Spot:
    """A selection in a document at one version. What is found out about it is kept.

    Attributes:
        document: the snapshot.
        selection: what is selected; empty at a bare cursor.
        diagnostics: those that the editor has for the selection.
        root: the workspace folder that the file is in.
        others: the other open documents that may be read, the most recently used first.
        hidden: files that do not count in the index now.
        parsed_before: of the same document, if it is known.
    """

    document: Document
    selection: Range
    diagnostics: tuple[Diagnostic, ...] = ()
    root: Path | None = None
    others: tuple[Document, ...] = ()
    hidden: frozenset[Path] = frozenset()
    parsed_before: Parsed | None = None

    @cached_property
    def parsed(self) -> Parsed:
        """The document's syntax."""
        known = self.parsed_before
        return known if known is not None and known.document is self.document else Parsed(self.document)

    @cached_property
    def language(self) -> Language:
        """The document's."""
        return language_of_id(self.document.language_id)

    @property
    def outline(self) -> Outline:
        """The document's; empty for one that is too long."""
        return self.parsed.outline

    @property
    def tree(self) -> Tree | None:
        """The document's syntax tree; None for one that is too long, or without a grammar."""
        return self.parsed.tree

    @property
    def shown_path(self) -> str:
        """The file's path as a prompt names it: relative to the workspace."""
        path = self.document.path
        if path is None:
            return self.document.uri.rsplit("/", 1)[-1]
        if self.root is not None and path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return path.name

    @cached_property
    def definition(self) -> Symbol | None:
        """The innermost definition that the selection lies in."""
        return self.innermost(_DEFINITIONS)

    @cached_property
    def function(self) -> Symbol | None:
        """The innermost function or method that the selection lies in."""
        return self.innermost(_FUNCTIONS)

    def innermost(self, kinds: frozenset[str]) -> Symbol | None:
        """The innermost symbol of one of these kinds that the selection lies in."""
        first, last = self.selection.start.line, self.selection.end.line
        if self.selection.end.column == 0 and last > first:
            last -= 1
        around = [
            symbol
            for symbol in self.outline.symbols
            if symbol.kind in kinds and symbol.start_line <= first and last < symbol.end_line
        ]
        return min(around, key=lambda symbol: symbol.end_line - symbol.start_line, default=None)

    def span(self, scope: Scope) -> Range | None:
        """The whole lines that are the scope here; None where there is no such scope, or it is too large."""
        lines = self._scope_lines(scope)
        if lines is None or not 0 < lines[1] - lines[0] <= MAX_SCOPE_LINES:
            return None
        return line_range(self.document, *lines)

    def _scope_lines(self, scope: Scope) -> tuple[int, int] | None:
        if scope is Scope.SELECTION:
            return selected_lines(self.selection)
        if scope is Scope.EITHER:
            return selected_lines(self.selection) or _lines_of(self.definition)
        if scope is Scope.DEFINITION:
            return _lines_of(self.definition)
        if scope is Scope.UNFINISHED:
            function = self.function
            return _lines_of(function) if function and is_unfinished(self.document, function) else None
        if scope is Scope.DIAGNOSTICS and self.diagnostics:
            first = min(diagnostic.range.start.line for diagnostic in self.diagnostics)
            last = max(diagnostic.range.end.line for diagnostic in self.diagnostics)
            around = _lines_of(self.function)
            if around and around[0] <= first and last < around[1] <= around[0] + MAX_SCOPE_LINES:
                return around
            return max(0, first - _DIAGNOSTIC_MARGIN_LINES), last + 1 + _DIAGNOSTIC_MARGIN_LINES
        return None


def selected_lines(selection: Range) -> tuple[int, int] | None:
    """The lines of a selection, the end exclusive; None for a bare cursor. A last line's column 0 is none."""
    start, end = selection.start, selection.end
    if start == end:
        return None
    return start.line, end.line + (1 if end.column or end.line == start.line else 0)


def line_range(document: Document, first: int, end: int) -> Range:
    """Whole lines with their ends."""
    last = len(document.lines) - 1
    if end > last:
        return Range(Position(first, 0), Position(last, len(document.lines[last])))
    return Range(Position(first, 0), Position(end, 0))


def is_unfinished(document: Document, function: Symbol) -> bool:
    """Whether a function's body says only that it is still to be written."""
    words = " ".join(
        line.strip() for line in document.lines[function.name_line : function.end_line] if line.strip()
    )
    tail = words[-60:].rstrip()
    return tail.endswith(_UNWRITTEN) or "".join(words[-6:].split()).endswith("{}")


_UNWRITTEN = (
    ": ...", ": pass", " pass", " ...", "raise NotImplementedError", "raise NotImplementedError()",
    "todo!() }", "unimplemented!() }", "{ }",
)  # fmt: skip


def _lines_of(symbol: Symbol | None) -> tuple[int, int] | None:
    return (symbol.start_line, symbol.end_line) if symbol else None
