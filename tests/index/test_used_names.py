import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.index.entries import entries_of
from pilotfish.index.used_names import MAX_NAME_CHARS, ChunkedText, used_names
from pilotfish.syntax.languages import language_of_id

KEYWORDS = frozenset({"if", "return"})


def chunked(
    *chunks: str, defined: tuple[tuple[str, int], ...] = (), keywords: frozenset[str] = KEYWORDS
) -> ChunkedText:
    data = [chunk.encode("utf-8", "surrogatepass") for chunk in chunks]
    starts = [sum(map(len, data[:number])) for number in range(len(data))]
    return ChunkedText(b"".join(data), starts, defined, keywords)


def names_in(*texts: ChunkedText) -> list[set[str]]:
    """The names of each chunk; each is there once, and counted."""
    used = used_names(texts)
    names = [joined.split() for joined in used.joined]
    assert used.counts == [len(each) for each in names]
    return [set(each) for each in names]


CASES: dict[str, tuple[str, set[str]]] = {
    "each once": ("one two one\n", {"one", "two"}),
    "keywords": ("if ifs: return it", {"ifs", "it"}),
    "single letters": ("x + yy * z_", {"yy", "z_"}),
    "numbers": ("0x1F 12 1e5 a1 _1", {"a1", "_1"}),
    "signs": ("a.bc->de[fg](hi)\t$jk", {"bc", "de", "fg", "hi", "jk"}),
    "long": (f"{'x' * MAX_NAME_CHARS} {'y' * (MAX_NAME_CHARS + 1)} {'ü' * 1000}", {"x" * MAX_NAME_CHARS}),
    "no words": ("+ - 1\n", set()),
    "nothing": ("", set()),
}


@pytest.mark.parametrize("case", CASES)
def test_names_are_told_once_without_keywords(case: str) -> None:
    text, names = CASES[case]
    assert names_in(chunked(text)) == [names]
    assert names_in(chunked("before\n", text), chunked(), chunked(text)) == [{"before"}, names, names]


def test_what_is_only_defined_in_a_chunk_is_not_used_in_it() -> None:
    defined = (("area", 0), ("only", 1), ("no word", 1), ("later", 0))
    text = chunked("def area(): area(only)\n", "def only(): later\n", defined=defined)
    assert names_in(text) == [{"def", "area", "only"}, {"def", "later"}]


def test_a_keyword_is_one_in_its_own_language() -> None:
    other = frozenset({"other"})
    assert names_in(chunked("if other"), chunked("if other", keywords=other)) == [{"other"}, {"if"}]


def test_words_beyond_ascii_are_names() -> None:
    text = "größe = weiß(日本, a—bc, \ud800, 1ü)\xa0de"
    assert names_in(chunked(text, defined=(("größe", 0),))) == [{"weiß", "日本", "bc", "de"}]


def test_no_texts_use_no_names() -> None:
    assert names_in() == names_in(chunked()) == []


def test_the_names_of_entries_stand_in_their_chunks() -> None:
    text = "def area(width, x):\n    return width * area(other, 0x1F, 12)\ndef only_defined(): pass\n"
    entries = entries_of(text, language_of_id("python"))
    assert names_in(entries.text) == [{"area", "width", "other"}]


@given(st.lists(st.lists(st.text(st.sampled_from("ab_1 \n.+"), max_size=12), max_size=3), max_size=3))
def test_any_texts_have_the_names_that_each_chunk_has(texts: list[list[str]]) -> None:
    expected = [
        {word for word in re.findall(r"\w+", chunk) if len(word) > 1 and not word[0].isdigit()}
        for chunks in texts
        for chunk in chunks
    ]
    assert names_in(*(chunked(*(f"{chunk}\n" for chunk in chunks)) for chunks in texts)) == expected
