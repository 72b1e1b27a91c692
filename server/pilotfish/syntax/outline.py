r"""What a file holds: symbols, chunks, and imports.

    outline = outline_of(text, language_of_path(path))

Lines are counted as the protocol does (`text.lines.split_lines`: `\n`, `\r\n` and `\r` end one), but for the
empty one after a last line end, which is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from pilotfish.syntax.chunks import Chunk, chunks_of
from pilotfish.syntax.definitions import definitions_of
from pilotfish.syntax.grammars import grammar_of, keywords_of, query_of
from pilotfish.syntax.imports import Import, imports_of
from pilotfish.syntax.languages import Language, language_of_text
from pilotfish.syntax.parsing import parse_at_once
from pilotfish.syntax.source import Source
from pilotfish.syntax.symbols import Symbol, symbols_of

MINIFIED_LINE_BYTES, MINIFIED_LEAST_LINES = 400, 20
"""Nobody writes lines that are this long on average; what is defined there has names like `a` and `b`."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file holds, each in the order of the file.

    Attributes:
        symbols, chunks, imports: see there.
        keywords: words of the text's language that are no names; none where there are chunks only.
    """

    symbols: tuple[Symbol, ...]
    chunks: tuple[Chunk, ...]
    imports: tuple[Import, ...]
    keywords: frozenset[str] = frozenset()


def outline_of(text: str, language: Language, source: Source | None = None) -> Outline:
    """The outline of any text, also of one that breaks its grammar.

    Of a text without a grammar, or one that was minified, there are chunks only.

    Args:
        text: as it stands in the file.
        language: by the file's name.
        source: the same text, where the caller has it already.
    """
    source = source or Source.of(text)
    language = language_of_text(language, text)
    grammar, query = grammar_of(language), query_of(language, "outline")
    by_hand = len(source.data) < MINIFIED_LINE_BYTES * max(len(source.lines), MINIFIED_LEAST_LINES)
    tree = parse_at_once(grammar, source.data) if grammar and by_hand else None
    if tree is None or query is None:
        return Outline((), tuple(chunks_of(source, (), None)), ())
    import tree_sitter  # noqa: PLC0415  (loaded already, with the grammar)

    cursor = tree_sitter.QueryCursor(query)
    cursor.set_max_start_depth(language.depth)
    matches = cursor.matches(tree.root_node)
    definitions = definitions_of(source, matches)
    symbols = symbols_of(source, definitions, language)
    chunks = chunks_of(source, symbols, tree.root_node)
    imports = imports_of(source, query, matches)
    kept = tuple(one for one in symbols if one.kind != "scope")
    return Outline(kept, tuple(chunks), tuple(imports), keywords_of(language))
