import re

from hypothesis import given
from hypothesis import strategies as st

from pilotfish.syntax.lexer import (
    BREAK_BIT,
    FILE,
    MAX_LINE_CHARS,
    SPACE_BIT,
    WORD_BIT,
    lex,
    line_break,
    spell,
    split_line,
    split_open_line,
    split_rest,
    token_id,
)

LINES = {
    "x = foo(a, b=1)": ["x", " =", " foo", "(", "a", ",", " b", "=", "1", ")"],
    "    if a != b:": ["if", " a", " !=", " b", ":"],
    "a  +=\t1.5e3": ["a", "  ", "+=", "\t", "1.5e3"],
    "größe = 日本語;": ["größe", " =", " 日本語", ";"],
    "p->q::r": ["p", "->", "q", "::", "r"],
    "nul\x00😀": ["nul", "\x00", "😀"],
    "x  ": ["x"],
    "   ": [],
}
OPEN_LINES = {
    "    x = ": ("    ", ["x", " ="], " "),
    "    x = se": ("    ", ["x", " ="], " se"),
    "self.": ("", ["self", "."], ""),
    "  ": ("  ", [], ""),
    "": ("", [], ""),
}
TEXTS = [
    "def f(x):\n    if x:\n        return 1\n\n\nclass A:\n\tpass",
    "a\n\n  b\n\tc\n d",
]


def check_split(line: str, tokens: list[str]) -> None:
    assert split_line(line)[1] == tokens
    assert "".join(tokens) == line.strip()


def test_a_line_splits_into_tokens_with_their_spaces() -> None:
    for line, tokens in LINES.items():
        check_split(line, tokens)


def test_an_open_line_keeps_the_token_at_the_cursor_apart() -> None:
    for line, parts in OPEN_LINES.items():
        assert split_open_line(line) == parts


def test_the_rest_of_a_line_keeps_its_first_space() -> None:
    assert split_rest(" + b)  ") == [" +", " b", ")"]
    assert split_rest("  ") == []


def test_the_text_is_rebuilt_as_it_was() -> None:
    for text in TEXTS:
        assert spell(lex(text)) == text
    assert spell(lex("  a\n    b"), "  ") == "a\n    b"


def test_carriage_returns_end_lines_and_other_separators_do_not() -> None:
    assert lex("a\r\nb\rc\nd") == [FILE, "a", "\n", "b", "\n", "c", "\n", "d"]
    assert "\n" not in "".join(lex("a\u2028b\x0bc\x85d")[1:])


def test_a_break_tells_the_change_of_indentation_and_the_blank_lines() -> None:
    assert line_break("  ", "    ") == "\n>  "
    assert line_break("    ", "", 1) == "\n\n<    "
    assert line_break("\t", "  ", 9) == "\n\n\n=  "


def test_a_very_long_line_counts_up_to_the_bound() -> None:
    line = "ab, " * 50_000
    assert sum(map(len, split_line(line)[1])) <= MAX_LINE_CHARS
    assert sum(map(len, split_open_line(line)[1])) <= MAX_LINE_CHARS


def test_identities_stay_the_same_between_runs() -> None:
    assert token_id("self") == 7184761924116163360


def test_identities_tell_kinds_of_token_apart() -> None:
    bits = BREAK_BIT | WORD_BIT | SPACE_BIT
    kinds = {"self": WORD_BIT, " größe": WORD_BIT | SPACE_BIT, " =": SPACE_BIT, "\t": 0, "\n>  ": BREAK_BIT}
    for token, kind in {**kinds, " ": 0, "  ": SPACE_BIT, "\ud800": 0}.items():
        assert token_id(token) & bits == kind
    assert token_id(" self") ^ token_id("self") == SPACE_BIT


@given(st.text(st.characters(exclude_characters="\r"), max_size=80))
def test_any_text_comes_back_but_for_blanks_that_are_left_out(text: str) -> None:
    def shape(lines: str) -> str:
        stripped = "\n".join(line.rstrip() for line in lines.strip("\n").split("\n"))
        return re.sub(r"\n{4,}", "\n\n\n", stripped.strip())

    assert shape(spell(lex(text))) == shape(text)


@given(st.text(st.sampled_from("ab1_ \t\x0b\x0c\x1c\x1f=!.>&|\"'/<"), max_size=30))
def test_a_line_of_ascii_is_cut_as_any_other(line: str) -> None:
    assert split_line("é " + line.strip())[1] == ["é", *split_line("_ " + line.strip())[1][1:]]
    assert lex("é\n" + line)[2:] == lex("_\n" + line)[2:]
