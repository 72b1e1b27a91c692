import gc
import tracemalloc

from pilotfish.platform.steps import finish
from pilotfish.syntax.grammars import grammar_of
from pilotfish.syntax.languages import language_of_id
from pilotfish.syntax.parsing import parse_source


def test_a_parsed_text_is_let_go() -> None:
    """py-tree-sitter keeps what its callback returns for ever."""
    grammar, text = grammar_of(language_of_id("c")), b"int f(void) { return 1; }\n" * 4000
    assert grammar is not None
    finish(parse_source(grammar, text))
    tracemalloc.start()
    try:
        for _ in range(20):
            finish(parse_source(grammar, text))
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < len(text)
