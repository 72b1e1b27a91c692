"""Grammars and queries, loaded when a language is first met.

A grammar comes from the official wheel that `languages.py` names; its queries are the `.scm` files of the
folder `queries/<language id>/`. A query whose first line reads `; inherits: c, javascript` begins with those
of the languages named. What is loaded never changes, so it is kept for the life of the process.
"""

from __future__ import annotations

import importlib
import logging
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pilotfish.syntax.languages import Language, language_of_id

if TYPE_CHECKING:
    import tree_sitter

_log = logging.getLogger(__name__)
_INHERITS = "; inherits:"

# Words with a meaning in some places only, which elsewhere are good names.
_ALSO_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        add alias annotations assembly attribute by checked data declaration delegate disable dynamic enable
        equals event exec field file final get global group hidden init inner into join key let literal match
        method module name number object of on open operator order orderby out override param params print
        property readonly record remove require restore select set type value warning when where with
        """,
    )
)


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


def query_source(language: Language, name: str, ending: str = ".scm") -> str:
    """The text of a query with what it inherits before it; empty where there is no such file."""
    file = resources.files("pilotfish.syntax").joinpath("queries", language.id, name + ending)
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
    """The words that a program cannot use as names, near enough: what the grammar spells out as words."""
    grammar = grammar_of(language)
    if grammar is None:
        return frozenset()
    spelled_out = (
        kind
        for kind in range(grammar.node_kind_count)
        if grammar.node_kind_is_visible(kind) and not grammar.node_kind_is_named(kind)
    )
    words = {word for kind in spelled_out if (word := grammar.node_kind_for_id(kind)) and word.isidentifier()}
    return frozenset(words - _ALSO_NAMES)
