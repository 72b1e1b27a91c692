import gc
import re
import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pilotfish
from pilotfish.syntax import (
    borders,
    chunks,
    comments,
    definitions,
    grammars,
    imports,
    outline,
    parsing,
    symbols,
)
from pilotfish.syntax.chunks import MAX_BYTES, MAX_LINES
from pilotfish.syntax.languages import LANGUAGES, Language, language_of_id
from pilotfish.syntax.outline import Outline, outline_of
from pilotfish.text.lines import split_lines
from tests.syntax.outlined import FOLDER, SEPARATOR, rendered

PROGRAMS = {path.stem: path.read_text(encoding="utf-8").split(SEPARATOR) for path in FOLDER.glob("*.txt")}
WITH_GRAMMAR = [language for language in LANGUAGES if language.grammar]
PYTHON = language_of_id("python")
SOURCES = sorted(Path(pilotfish.__file__).parent.rglob("*.py"))

DEEP = {
    "parentheses": "(" * 3000 + ")" * 3000,
    "open brackets": "[" * 3000,
    "functions": "function f() {\n" * 2000 + "}\n" * 2000,
    "classes": "class A { " * 2000 + "}" * 2000,
    "definitions": "".join(" " * depth + "def f():\n" for depth in range(300)),
    "members": "a." * 3000 + "b",
}


def check_chunks(text: str, found: Outline) -> None:
    """Each line is in exactly one chunk, and none is longer than it may be."""
    lines = split_lines(text)
    if not lines[-1]:
        lines.pop()
    starts = [chunk.start_line for chunk in found.chunks] + [len(lines)]
    assert starts[0] == 0 if lines else not found.chunks
    for chunk, (start, end) in zip(found.chunks, pairwise(starts), strict=True):
        assert (chunk.start_line, chunk.end_line) == (start, end)
        part = "".join(lines[start:end]).rstrip()
        size = len(part.encode("utf-8", "surrogatepass"))
        assert part.count("\n") < MAX_LINES
        assert size <= MAX_BYTES or part.count("\n") == 0
    for symbol in found.symbols:
        assert 0 <= symbol.start_line <= symbol.name_line < symbol.end_line <= len(lines)


@pytest.mark.parametrize("language_id", sorted(PROGRAMS))
def test_a_program_of_each_language(language_id: str) -> None:
    program, expected = PROGRAMS[language_id]
    assert rendered(program, language_id) == expected
    check_chunks(program, outline_of(program, language_of_id(language_id)))


def test_a_header_of_c_plus_plus_is_read_as_such() -> None:
    program, expected = PROGRAMS["cpp"]
    assert rendered(program, "c") == expected


def test_every_language_with_a_grammar_has_a_case() -> None:
    assert {language.id for language in WITH_GRAMMAR} == set(PROGRAMS)


@pytest.mark.parametrize("language_id", sorted(PROGRAMS))
def test_the_end_of_lines_changes_nothing(language_id: str) -> None:
    program, expected = PROGRAMS[language_id]
    assert rendered(program.replace("\n", "\r\n"), language_id) == expected


def test_a_definition_that_fits_is_never_cut() -> None:
    fitted = 0
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        found = outline_of(text, PYTHON)
        check_chunks(text, found)
        starts = {chunk.start_line for chunk in found.chunks}
        lines = text.splitlines(keepends=True)
        for symbol in found.symbols:
            span = range(symbol.start_line, symbol.end_line)
            if len(span) <= MAX_LINES and sum(len(lines[line].encode()) for line in span) <= MAX_BYTES:
                fitted += len(span) > 1
                assert not starts & set(span[1:]), (path, symbol)
    assert fitted > 500


def test_a_definition_that_is_too_long_is_cut_between_statements() -> None:
    statement = "    call(\n        one,\n        two,\n    )\n"
    found = outline_of("def f():\n" + statement * 60, PYTHON)
    assert len(found.chunks) > 3
    assert {chunk.symbol for chunk in found.chunks} == {"f"}
    assert all((chunk.start_line - 1) % 4 == 0 for chunk in found.chunks[1:])


def test_a_table_without_definitions_is_cut_between_its_entries() -> None:
    text = "TABLE = {\n" + "    'key': [\n        1,\n    ],\n" * 500 + "}\n"
    found = outline_of(text, PYTHON)
    check_chunks(text, found)
    assert all((chunk.start_line - 1) % 3 == 0 for chunk in found.chunks[1:])


def test_definitions_are_looked_for_so_deep_and_no_deeper() -> None:
    text = "".join(f"{'  ' * depth}def f{depth}():\n" for depth in range(9)) + "  " * 9 + "pass\n"
    for depth in (1, 3, 8, 11):
        found = outline_of(text, replace(PYTHON, depth=depth))
        assert len(found.symbols) == (depth + 1) // 2
        check_chunks(text, found)


def test_a_text_without_grammar_is_cut_at_blank_lines() -> None:
    text = "".join(f"[part{number}]\n" + "key = value\n" * 8 + "\n" for number in range(40))
    found = outline_of(text, language_of_id("ini"))
    check_chunks(text, found)
    assert (found.symbols, found.imports) == ((), ())
    assert all(chunk.start_line % 10 == 0 for chunk in found.chunks)


@pytest.mark.parametrize("language", WITH_GRAMMAR, ids=lambda language: language.id)
def test_deep_nesting_is_read(language: Language) -> None:
    for text in DEEP.values():
        check_chunks(text, outline_of(text, language))


@pytest.mark.parametrize("language", WITH_GRAMMAR, ids=lambda language: language.id)
def test_a_minified_file_is_one_chunk(language: Language) -> None:
    text = PROGRAMS[language.id][0].replace("\n", " ") * 40
    found = outline_of(text, language)
    check_chunks(text, found)
    assert (len(found.chunks), found.symbols) == (1, ())


@pytest.mark.parametrize("language", WITH_GRAMMAR, ids=lambda language: language.id)
def test_a_program_on_one_line_is_read(language: Language) -> None:
    text = PROGRAMS[language.id][0].replace("\n", " ")
    check_chunks(text, outline_of(text, language))


@pytest.mark.parametrize("language_id", sorted(PROGRAMS))
def test_a_program_that_ends_at_any_of_its_lines_is_read(language_id: str) -> None:
    """As it is saved in the midst of writing, without a line's end."""
    lines = PROGRAMS[language_id][0].split("\n")
    for last in range(len(lines)):
        text = "\n".join(lines[: last + 1])
        check_chunks(text, outline_of(text, language_of_id(language_id)))


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(PROGRAMS)), st.data())
def test_broken_programs_are_read(language_id: str, data: st.DataObject) -> None:
    program = PROGRAMS[language_id][0]
    start = data.draw(st.integers(0, len(program)))
    end = data.draw(st.integers(start, len(program)))
    text = program[:start] + data.draw(st.text(max_size=20)) + program[end:]
    check_chunks(text, outline_of(text, language_of_id(language_id)))


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(WITH_GRAMMAR), st.text(max_size=200))
def test_any_text_is_read(language: Language, text: str) -> None:
    check_chunks(text, outline_of(text, language))


def test_a_long_text_that_its_grammar_cannot_cope_with_is_cut_by_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = PROGRAMS["python"][0]
    text = program * (parsing.LONG_BYTES // len(program) + 1)
    assert outline_of(text, PYTHON).symbols != ()
    monkeypatch.setattr(parsing, "_SAMPLE_PATIENCE_S", -1.0)
    found = outline_of(text, PYTHON)
    check_chunks(text, found)
    assert found.symbols == ()


def test_outlines_of_long_texts_keep_none_of_them() -> None:
    text = PROGRAMS["python"][0] * 100
    outline_of(text, PYTHON)
    gc.collect()
    tracemalloc.start()
    for _ in range(10):
        outline_of(text, PYTHON)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < len(text)


def test_a_language_whose_wheel_is_missing_has_line_chunks(caplog: pytest.LogCaptureFixture) -> None:
    language = Language("missing", (".missing",), grammar="tree_sitter_missing:language")
    assert [chunk.kind for chunk in outline_of("a\nb\n", language).chunks] == ["lines"]
    assert "missing" in caplog.text


def test_adding_a_language_is_adding_a_folder_and_a_line() -> None:
    """No module of the outline names one; all they know of it is its grammar and its queries."""
    named = re.compile("|".join(rf'"{language.id}"' for language in WITH_GRAMMAR))
    for module in (
        outline,
        definitions,
        symbols,
        imports,
        chunks,
        borders,
        comments,
        grammars,
        parsing,
    ):
        path = Path(str(module.__file__))
        assert not named.search(path.read_text(encoding="utf-8")), path.name
    for language in WITH_GRAMMAR:
        assert grammars.query_source(language, "outline")


def test_a_pattern_does_not_both_ask_and_set() -> None:
    """The binding crashes when a query is freed that has `#set!` beside another predicate in one pattern."""
    for language in WITH_GRAMMAR:
        for pattern in re.split(r"\n(?=[(\[])", grammars.query_source(language, "outline")):
            assert not ("#set!" in pattern and re.search(r"#(?!set!)", pattern)), pattern
