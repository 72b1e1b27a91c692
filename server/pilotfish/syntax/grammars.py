"""Grammars and queries, loaded when a language is first met.

A grammar comes from the official wheel that `languages.py` names; its queries are the `.scm` files of the
folder `queries/<language id>/`. A query whose first line reads `; inherits: c, javascript` begins with those
of the languages named. What is loaded never changes, so it is kept for the life of the process.
"""

from __future__ import annotations

import importlib
import logging
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pilotfish.syntax.languages import Language, language_of_id

if TYPE_CHECKING:
    import tree_sitter

_log = logging.getLogger(__name__)
_INHERITS = "; inherits:"


@cache
def grammar_of(language: Language) -> tree_sitter.Language | None:
    """The grammar of a language; None where it has none, or where its wheel cannot be loaded."""
    if not language.grammar:
        return None
    import tree_sitter  # noqa: PLC0415  (loaded with the first text that has a grammar)

    module, _, function = language.grammar.partition(":")
    try:
        return tree_sitter.Language(getattr(importlib.import_module(module), function)())
    except (ImportError, AttributeError, ValueError) as error:
        _log.warning("no grammar for %s: %s", language.id, error)
        return None


@cache
def query_of(language: Language, name: str) -> tree_sitter.Query | None:
    """The query `queries/<language id>/<name>.scm`; None where there is no grammar or no such file."""
    grammar, source = grammar_of(language), query_source(language, name)
    if grammar is None or not source:
        return None
    import tree_sitter  # noqa: PLC0415  (loaded already, with the grammar)

    return tree_sitter.Query(grammar, source)


def query_source(language: Language, name: str) -> str:
    """The text of a query with what it inherits before it; empty where there is no such file."""
    file = resources.files("pilotfish.syntax").joinpath("queries", language.id, f"{name}.scm")
    try:
        own = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    first_line = own.partition("\n")[0]
    if not first_line.startswith(_INHERITS):
        return own
    parents = first_line.removeprefix(_INHERITS).split(",")
    return "".join(query_source(language_of_id(parent.strip()), name) for parent in parents) + own


@cache
def keywords_of(language: Language) -> frozenset[str]:
    """The words that belong to the language itself: the grammar's unnamed kinds that are words."""
    grammar = grammar_of(language)
    if grammar is None:
        return frozenset()
    kinds = range(grammar.node_kind_count)
    names = (grammar.node_kind_for_id(kind) for kind in kinds if not grammar.node_kind_is_named(kind))
    return frozenset(name for name in names if name and name.isidentifier())
