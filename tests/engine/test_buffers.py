import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pilotfish.engine.buffers import AROUND_LINES, SLICE_LINES, Buffers, Lexed, break_before
from pilotfish.platform.steps import finish
from pilotfish.syntax.lexer import lex
from pilotfish.text.document import Document, Position
from pilotfish.text.lines import split_lines

URI = "file:///a.py"


def document(text: str, version: int = 1) -> Document:
    return Document(URI, None, "python", version, split_lines(text))


def whole(buffers: Buffers, document: Document) -> list[str | None]:
    finish(buffers.update(document))
    lexed = buffers.last(URI)
    assert lexed is not None
    assert lexed.is_whole
    assert len(lexed.starts) == len(document.lines) + 1
    return spelled(buffers, lexed)


def spelled(buffers: Buffers, lexed: Lexed) -> list[str | None]:
    return [buffers.spelling(identity) for identity in lexed.ids.tolist()]


def expected(text: str) -> list[str]:
    tokens = lex(text)
    return tokens if len(tokens) > 1 else []


def long_text(lines: int) -> str:
    random.seed(1)
    return "\n".join(
        " " * random.randrange(4) * 4 + random.choice(["", "a = b", f"x{n}"]) for n in range(lines)
    )


def test_a_document_is_lexed_as_a_file_is() -> None:
    for text in ("", "\n\n", "a\n\n\n  b\n", long_text(2000)):
        assert whole(Buffers(), document(text)) == expected(text)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 8), st.sampled_from(["", "\n", "  y\n", "z"])),
        max_size=8,
    )
)
def test_edits_give_the_same_tokens_as_the_whole_text(edits: list[tuple[int, int, str]]) -> None:
    buffers, text = Buffers(), "if a:\n    b\n\n\n    c = d\nelse:\n\te(f)\n"
    whole(buffers, document(text))
    for start, length, inserted in edits:
        text = text[:start] + inserted + text[start + length :]
        assert whole(buffers, document(text)) == expected(text)


def test_the_lines_around_the_cursor_come_first() -> None:
    buffers, opened = Buffers(), document(long_text(20 * SLICE_LINES))
    near = Position(10 * SLICE_LINES, 0)
    steps = buffers.update(opened, near)
    next(steps)
    for place in (near, Position(2 * SLICE_LINES, 0), Position(0, 0), Position(20 * SLICE_LINES, 0)):
        lexed = finish(buffers.around(opened, place))
        assert lexed.first <= place.line <= lexed.last
        assert AROUND_LINES <= lexed.last - lexed.first <= AROUND_LINES + SLICE_LINES
    finish(steps)
    assert finish(buffers.around(opened, near)).is_whole


def test_a_document_of_usual_size_is_known_whole_at_the_first_question() -> None:
    buffers, opened = Buffers(), document(long_text(AROUND_LINES - 10))
    lexed = finish(buffers.around(opened, Position(AROUND_LINES // 2, 0)))
    assert lexed.is_whole
    assert spelled(buffers, lexed) == expected(opened.text)
    assert list(buffers.update(opened)) == []


def test_a_newer_version_ends_the_work_on_the_older() -> None:
    buffers, text = Buffers(), long_text(20 * SLICE_LINES)
    older = buffers.update(document(text))
    next(older)
    newer = document("new = line\n" + text, 2)
    assert whole(buffers, newer) == expected("new = line\n" + text)
    assert list(older) == []
    assert finish(buffers.around(newer, Position(0, 0))).document is newer


def test_one_edit_in_a_large_document_lexes_only_what_it_touches() -> None:
    buffers, lines = Buffers(), split_lines(long_text(20 * SLICE_LINES))
    finish(buffers.update(Document(URI, None, "python", 1, lines)))
    edited = [*lines]
    edited[4000] = "brand_new = 1\n"
    assert list(buffers.update(Document(URI, None, "python", 2, edited))) == []
    assert whole(buffers, Document(URI, None, "python", 3, edited)) == expected("".join(edited))


def test_forgotten_documents_are_gone() -> None:
    buffers = Buffers()
    whole(buffers, document("a"))
    buffers.forget(URI)
    assert buffers.last(URI) is None


def test_words_are_found_by_how_they_start() -> None:
    buffers = Buffers()
    whole(buffers, document("value = val + vary + other"))
    assert {buffers.spelling(word) for word in buffers.words("val")} == {"value"}
    assert {buffers.spelling(word) for word in buffers.words("va")} == {"value", " val", " vary"}


def test_a_break_is_told_for_a_line_that_is_being_written() -> None:
    opened = document("if a:\n\n    b\n        \n")
    assert break_before(opened, 3, "        ") == "\n>    "
    assert break_before(opened, 2, "    ") == "\n\n>    "
    assert break_before(opened, 0, "") == "\n^"
