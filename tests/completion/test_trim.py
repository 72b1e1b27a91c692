"""Each trim step by cases: what was generated, where, and what is left of it."""

from __future__ import annotations

import pytest

from pilotfish.completion.answer import AskedAs
from pilotfish.completion.trim import STEP_NAMES, Limits, trim
from tests.marked import request_of

CASES = [
    # step, document, generated, left
    ("stop_strings", "x = $0\n", "foo()<|end|>bar", "foo()"),
    ("stop_strings", "x = $0\n", "<|end|>bar", ""),
    ("placeholder", "x = $0\n", "load()\nkey = '<redacted>'\nuse(key)", "load()"),
    ("placeholder", "key = '$0\n", "<redacted>'", ""),
    ("placeholder", "a = '<redacted>'\nb = $0\n", "'<redacted>'", "'<redacted>'"),  # the user's own word
    ("line_count", "x = $0\n", "a\nb\nc\nd", "a\nb\nc"),
    ("line_count", "x = $0)\n", "a\nb", "a"),
    ("blank", "x = $0\n", "  \t", ""),
    ("trailing_space", "x = $0\n", "foo  \n  bar\t", "foo\n  bar"),
    ("rest_of_line", "f($0)\n", "left)", "left"),
    ("rest_of_line", "f($0))\n", "left))", "left"),
    ("rest_of_line", "f(g($0))\n", "left)", "left"),
    ("rest_of_line", 'x = "$0"\n', 'word"', "word"),
    ("rest_of_line", "x = $0 + tail\n", "head + tail", "head"),
    ("rest_of_line", "x = $0abc\n", "za", "za"),  # part of a word is no overlap
    ("line_below", "if x:\n    $0\n    return left\n", "return left", ""),
    ("line_below", "if x:\n    $0\n\n    return left\n", "pass\n    return left", "pass"),
    ("line_below", "f(\n$0\n)\n", ")", ")"),  # a lone bracket may well come twice
    ("document_line_ends", "a\r\nx = $0\r\n", "b\nc", "b\r\nc"),
    ("document_line_ends", "a\nx = $0\n", "b\nc", "b\nc"),
    ("document_line_ends", "a\r\nx = $0", "b\nc", "b\r\nc"),
]


@pytest.mark.parametrize(("step", "text", "generated", "left"), CASES)
def test_step(step: str, text: str, generated: str, left: str) -> None:
    limits = Limits(max_lines=3, stop=("<|end|>",))
    result = trim(generated, request_of(text), limits)
    assert result.text == left
    assert (step in result.changed) == (generated != left)
    if not left:
        assert result.emptied_by == step
    without = trim(generated, request_of(text), limits, disabled={step})
    assert step not in without.changed
    if generated != left:
        assert without.text != left or step in {"line_below", "blank"}


TALK_CASES = [
    # how it was asked, document, said, left
    ("tags", "x = $0\n", "Sure!\n<COMPLETION>foo()</COMPLETION> This calls foo.", "foo()"),
    ("tags", "x = $0\n", "<think>hm ```</think><COMPLETION>\n```python\nfoo()\n```\n</COMPLETION>", "foo()"),
    ("tags", "x = $0\n", "Here it is:\n```python\nfoo()\n```\nIt calls foo.", "foo()"),
    ("tags", "x = $0\n", "I cannot see any code.", ""),
    ("tags", "x = $0\n", "```python\nx = foo()\n```", "foo()"),
    ("tags", "def f():\n    $0\n", "```\ndef f():\n    return 1\n```", "return 1"),
    (
        "tags",
        "def f():\n    $0\n",
        "<COMPLETION>\n    a = 1\n    return a\n</COMPLETION>",
        "a = 1\n    return a",
    ),
    ("tags", "x = $0\n", "<think>never stops thinking", ""),
    ("begun", "x = $0\n", " foo()\n```\nThis calls foo.", "foo()"),
    ("begun", "x = $0\n", "This calls foo:\n```python\nx = foo()\n```\nThere.", "foo()"),
    ("begun", "def f():\n    $0\n", "\n    return 1\n", "return 1"),
    ("begun", "x = f$0\n", "oo()", "oo()"),
    ("hole", "x = $0\n", "```\nfoo()", "```\nfoo()"),  # a true completion, perhaps in Markdown
]


@pytest.mark.parametrize(("asked_as", "text", "said", "left"), TALK_CASES)
def test_of_what_a_chat_model_says_the_code_is_left(
    asked_as: AskedAs, text: str, said: str, left: str
) -> None:
    assert trim(said, request_of(text), Limits(max_lines=3, asked_as=asked_as)).text == left


def test_every_step_has_a_case_or_is_seen_in_one() -> None:
    assert {case[0] for case in CASES} | {"plain_line_ends", "talk", "said_again"} == set(STEP_NAMES)


def test_line_ends_of_a_model_do_not_reach_the_document() -> None:
    assert trim("a\r\nb\rc", request_of("$0\n"), Limits(9)).text == "a\nb\nc"


def test_nothing_generated_is_nothing() -> None:
    assert trim("", request_of("x = $0\n"), Limits()).emptied_by == "no_text"
