from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.index import runs
from pilotfish.index import token_stream as module
from pilotfish.index.token_stream import token_stream
from pilotfish.syntax.lexer import lex

TEXTS = [
    "def f(x):\n    return x + 1\n\n\n\n\n  y = 1.5.2.3 -1.25e-3 x.1.5 1. .5 1.x 1..2\n",
    "",
    "  \n\t\n",
    "const größe = 日本語;\r\nconst 😀 = '\ud800';",
    "    größe  \n\x0cü = ä\r\n",
    "blank\xa0\n\u2028\n\xa0x\nplain = 1\n",
    "nul\x00nul\x00\x00 \x001 größe",
    "x" * 5000 + "\n" + "a ==== b " * 900,
    "a_name_that_is_longer_than_eight_signs = a_name_that_is_longer_than_eight_sign0",
]


def spelled(texts: list[str]) -> list[list[str]]:
    stream, lengths, vocabulary = token_stream(texts)
    tokens = [vocabulary[number] for number in stream.tolist()]
    assert len(set(vocabulary)) == len(vocabulary)
    return [tokens[start:end] for start, end in pairwise([0, *accumulate(lengths)])]


@pytest.mark.parametrize("chars_at_once", [1, 60, 1_000_000])
def test_many_texts_are_cut_as_each_would_be(chars_at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHARS_AT_ONCE", chars_at_once)
    for text in TEXTS:
        assert spelled([text]) == [lex(text)]
    assert spelled(TEXTS * 2) == [lex(text) for text in TEXTS * 2]
    assert spelled([]) == []


@given(
    st.lists(
        st.text(st.sampled_from("aB_10. \t\n\r\x0b\x1f\x7f\0=!>&|\"'/<é\xa0日😀"), max_size=40), max_size=5
    )
)
def test_any_texts_are_cut_as_each_would_be(texts: list[str]) -> None:
    assert spelled(texts) == [lex(text) for text in texts]


def test_runs_that_fall_into_one_slot_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(f"name_{number} {'=' * number}" for number in range(200))] * 2
    monkeypatch.setattr(runs, "_ODD", 1)  # Short ones have no high bits then, and share a slot at first.
    assert spelled(texts) == [lex(text) for text in texts]
