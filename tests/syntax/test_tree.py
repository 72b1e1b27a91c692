import gc
import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from pilotfish.syntax.languages import LANGUAGES, language_of_id
from pilotfish.syntax.parsing import AT_ONCE_BYTES
from pilotfish.syntax.tree import Tree, adds_fault, parse, parse_steps
from pilotfish.text.document import Position

PYTHON = language_of_id("python")
PIECES = [
    "def f(x):\n",
    "    return x\n",
    "\n",
    "é = '😀'\n",
    "class A:\n",
    "    x = (1,\n",
    "    )\n",
    "if x",
    ":",
]


def python(text: str) -> Tree:
    tree = parse(text, PYTHON)
    assert tree is not None
    return tree


def shape(tree: Tree) -> str:
    return str(tree.root.root_node)


def test_every_language_with_a_grammar_parses() -> None:
    for language in LANGUAGES:
        tree = parse("x", language)
        assert (tree is not None) == bool(language.grammar), language.id


def test_faults_are_told_by_their_places() -> None:
    assert python("x = 1\n").faults() == ()
    assert python("é = [1\nx").faults() != ()
    [fault] = python("s = '😀'; b = 1 )\n").faults()
    assert fault.end == Position(0, 16)


def test_a_candidate_that_breaks_the_grammar_adds_a_fault() -> None:
    before = python("def f():\n    \n")
    assert adds_fault(before, before.edited("def f():\n    return )\n"))
    assert not adds_fault(before, before.edited("def f():\n    return 1\n"))


def test_a_parse_in_steps_lets_others_run_and_ends_the_same() -> None:
    text = "class A:\n" + "    def f(self, x):\n        return [x, (1, 2), {'a': x}]\n" * 20_000
    steps, pauses = parse_steps(text, PYTHON), 0
    try:
        while True:
            next(steps)
            pauses += 1
    except StopIteration as stop:
        tree = stop.value
    assert pauses > 0
    assert tree.root.root_node.end_byte == len(text)
    assert tree.faults() == ()


def test_edits_of_a_long_text_keep_none_of_its_versions() -> None:
    text = "def f(x):\n    return [x, (1, 2)]\n" * 3000
    assert len(text) > AT_ONCE_BYTES
    tree = python(text)
    gc.collect()
    tracemalloc.start()
    for number in range(20):
        tree = tree.edited(f"{text}x{number} = 1\n")
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 6 * len(text)


def test_the_tree_that_was_edited_stays_as_it_was() -> None:
    first = python("x = 1\n")
    second = first.edited("x = 1\ny = 2\n")
    assert (first.source, second.source) == (b"x = 1\n", b"x = 1\ny = 2\n")
    assert first.root.root_node.end_byte == 6
    assert second.edited("x = 1\ny = 2\n") is second


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1, max_size=4))
def test_edited_texts_hold_the_source_and_report_faults_where_a_fresh_parse_does(texts: list[str]) -> None:
    tree = python(texts[0])
    for text in texts[1:]:
        tree = tree.edited(text)
        assert tree.source == text.encode()
        assert bool(tree.faults()) == bool(python(text).faults())


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.integers(0, 5), st.integers(0, 50))
def test_places_and_bytes_go_to_and_fro(text: str, line: int, column: int) -> None:
    tree = python(text)
    position = tree.position(tree.offset(Position(line, column)))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if line < len(lines):
        assert position == Position(line, min(column, len(lines[line])))
    else:
        assert tree.offset(position) == len(tree.source)


def test_all_line_ends_count_as_one() -> None:
    assert python("a\r\nb\rc\n").source == b"a\nb\nc\n"
