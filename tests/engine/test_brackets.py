import numpy as np

from pilotfish.engine.brackets import is_closing, owed
from pilotfish.index.segment import Ids
from pilotfish.syntax.lexer import split_line, token_id

OWED = {
    ("call(a,", "next()"): 1,
    ("call(a, [", ")"): 1,
    ("if (a) {", "}"): 0,
    ("x = 1", "y = 2"): 0,
    ("call(", "b)"): 0,
    ("", "]"): -1,
    (")", "x"): 0,
    ("call(", ""): None,
}
"""What stands above and below a line → how many brackets it must close."""


def ids(text: str) -> Ids:
    return np.array([token_id(token) for token in split_line(text)[1]], np.uint64)


def check_owed(above: str, below: str, expected: int | None) -> None:
    assert owed(ids(above), ids(below)) == expected, (above, below)


def test_what_stands_around_a_line_says_how_many_brackets_it_closes() -> None:
    for (above, below), expected in OWED.items():
        check_owed(above, below, expected)


def test_brackets_close_with_and_without_a_space_before_them() -> None:
    assert is_closing(ids("( a ) b] }")).tolist() == [False, False, True, False, True, True]
