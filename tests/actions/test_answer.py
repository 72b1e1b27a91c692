"""Reading answers: to the letter, or not at all."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.actions.answer import code_so_far, fenced, new_text
from pilotfish.actions.gate import keeps_code
from pilotfish.actions.streamed import text_so_far
from pilotfish.errors import AnswerUnusable
from pilotfish.text.document import Document, Position, Range
from pilotfish.text.lines import split_lines

OLD = "def f():\n    a = 1\n    b = 2\n    return a\n"
BLOCK = "<<<<<<< SEARCH\n{}=======\n{}>>>>>>> REPLACE\n"

GOOD = [
    ("Sure:\n```python\nx = 1\n```\nDone.", "x = 2\n", "x = 1\n"),
    ("```\nx = 1\n```", "x = 2", "x = 1"),
    ("```\nx = 1\n```", "    x = 2\n", "    x = 1\n"),
    ("```\r\nx = 1\r\n```\r\n", "x = 2\r\n", "x = 1\r\n"),
    ('```\ndef f():\n    """Like:\n    ```\n    f()\n    ```\n    """\n```\n', "def f():\n    pass\n",
     'def f():\n    """Like:\n    ```\n    f()\n    ```\n    """\n'),
    (BLOCK.format("    a = 1\n", "    a = 3\n"), OLD, OLD.replace("a = 1", "a = 3")),
    (BLOCK.format("    a = 1\n", "") + BLOCK.format("    return a\n", "    return b\n"), OLD,
     "def f():\n    b = 2\n    return b\n"),
    ("lib/a.py\n```\n" + BLOCK.format("    b = 2\n", "    b = 4\n") + "```\n", OLD,
     OLD.replace("b = 2", "b = 4")),
]  # fmt: skip

BAD = [
    ("no code at all", "without code"),
    ("```\nx = 1\n", "cut off"),
    ("```\na\n```\n```\nb\n```\n", "several pieces"),
    (BLOCK.format("    c = 1\n", "    c = 3\n"), "not there"),
    (BLOCK.format("", "    c = 3\n"), "nothing to search for"),
    ("<<<<<<< SEARCH\n    a = 1\n=======\n    a = 3\n", "cut off"),
    ("<<<<<<< SEARCH\n    a = 1\n>>>>>>> REPLACE\n", "not well formed"),
    (BLOCK.format("    a = 1\n", "    a = 3\n") + "=======\n", "not well formed"),
    ("other.py\n" + BLOCK.format("    a = 1\n", "    a = 3\n"), "other.py, which it was not asked about"),
    ("`../../.ssh/config`\n```\n" + BLOCK.format("    a = 1\n", "x\n"), "which it was not asked about"),
]


@pytest.mark.parametrize(("answer", "old", "wanted"), GOOD)
def test_a_well_formed_answer_is_applied(answer: str, old: str, wanted: str) -> None:
    assert new_text(answer, old, "lib/a.py") == wanted


@pytest.mark.parametrize(("answer", "reason"), BAD)
def test_anything_else_is_refused_with_the_reason(answer: str, reason: str) -> None:
    with pytest.raises(AnswerUnusable, match=reason):
        new_text(answer, OLD, "lib/a.py")


def test_what_is_searched_for_must_be_there_once() -> None:
    with pytest.raises(AnswerUnusable, match="there 2 times"):
        new_text(BLOCK.format("x\n", "y\n"), "x\nz\nx\n", "a.py")


@given(st.text(alphabet="ab`\n =<>SEARCHREPLACE", max_size=60))
def test_no_answer_makes_it_raise_anything_else(answer: str) -> None:
    with suppress(AnswerUnusable):
        new_text(answer, OLD, "a.py")


LINES = st.lists(st.sampled_from(["a\n", "b\n", "    c\n", "\n", "d = 1\n"]), max_size=12)


@given(LINES, LINES, st.data())
def test_what_has_come_of_an_answer_is_never_ahead_of_it_and_ends_as_the_whole(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    answer = "Here:\n```python\n" + "".join(new) + "```\n"
    cut = data.draw(st.integers(0, len(answer)))
    assert "".join(new).startswith(code_so_far(answer[:cut]))
    assert fenced(answer) == "".join(new)
    so_far = text_so_far(answer[:cut], "".join(old))
    assert so_far.endswith("".join(old)[-1:]) or not old or "".join(new).endswith(so_far[-1:])


@pytest.mark.parametrize(
    ("language", "new", "is_kept"),
    [
        ("python", '    """F."""\n    x = 1\n', True),
        ("python", "    x = 2\n", False),
        ("plaintext", "# F.\n    x = 1\n", True),
        ("plaintext", "# F.\n    x = 2\n", False),
    ],
)
def test_where_comments_are_asked_for_nothing_else_may_change(language: str, new: str, is_kept: bool) -> None:
    document = Document("file:///a", None, language, 1, split_lines("def f():\n    x = 1\n"))
    assert keeps_code(document, Range(Position(1, 0), Position(2, 0)), new) == is_kept
