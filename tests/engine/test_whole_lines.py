import numpy as np
import pytest

from pilotfish.engine.whole_lines import LONGEST, WholeLines, line_key, whole_lines
from pilotfish.index.segment import Ids
from pilotfish.syntax.lexer import FILE, token_id

NESTED = [
    "\n",
    "if",
    " ready",
    ":",
    "\n>    ",
    "go",
    "(",
    ")",
    "\n\n",
    "stop",
    "(",
    ")",
    "\n<    ",
    "end",
    ";",
    "\n",
]
TABS = ["\n>\t", "go", "(", ")", "\n<\t\t", "end", ";", "\n"]


def identities(tokens: list[str]) -> Ids:
    return np.array([token_id(token) for token in tokens], np.uint64)


def texts(lines: WholeLines, run: list[str]) -> list[str]:
    return ["".join(run[a:b]) for a, b in zip(lines.start.tolist(), lines.end.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("run", "from_end", "wanted"),
    [
        (NESTED, False, [("if ready:", 1, 0), ("go()", 2, 4), ("stop()", 3, 4), ("end;", 4, 0)]),
        (NESTED, True, [("if ready:", -4, 0), ("go()", -3, 4), ("stop()", -2, 4), ("end;", -1, 0)]),
        (NESTED[1:], True, [("go()", -3, 4), ("stop()", -2, 4), ("end;", -1, 0)]),
        (TABS, False, [("go()", 1, 64), ("end;", 2, -64)]),
        ([FILE, "go", ";", "\n"], True, [("go;", -1, 0)]),
        (["\n", "go", ";", FILE, "end", ";", "\n"], False, [("go;", 1, 0)]),
        (["\n", "go", ";", FILE, "end", ";", "\n"], True, [("end;", -1, 0)]),
        (["\n", "}", "\n", *["x"] * LONGEST, "y", "\n", "cut", "off"], False, []),
        ([], False, []),
    ],
)
def test_lines_are_counted_from_either_end(
    run: list[str], from_end: bool, wanted: list[tuple[str, int, int]]
) -> None:
    lines = whole_lines(identities(run)[np.newaxis], np.array([from_end]))
    found = zip(texts(lines, run), lines.number.tolist(), lines.depth.tolist(), strict=True)
    assert list(found) == wanted


def test_a_line_has_the_same_key_wherever_it_stands() -> None:
    runs = np.array(
        [identities(["\n", "go", "(", ")", "\n", "a"]), identities(["a", "\n", "go", "(", ")", "\n"])]
    )
    lines = whole_lines(runs, np.array([False, True]))
    assert lines.run.tolist() == [0, 1]
    key = line_key(tuple(map(token_id, ("go", "(", ")"))))
    assert lines.key.tolist() == [key, key]
    assert key != line_key(tuple(map(token_id, ("go", ")", "("))))
