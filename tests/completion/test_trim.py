"""Each trim step by cases: what was generated, where, and what is left of it."""

from __future__ import annotations

import pytest

from pilotfish.completion.trim import STEP_NAMES, Limits, trim
from tests.marked import request_of

CASES = [
    # step, document, generated, left
    ("stop_strings", "x = $0\n", "foo()<|end|>bar", "foo()"),
    ("stop_strings", "x = $0\n", "<|end|>bar", ""),
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


def test_every_step_has_a_case_or_is_seen_in_one() -> None:
    assert {case[0] for case in CASES} | {"plain_line_ends"} == set(STEP_NAMES)


def test_line_ends_of_a_model_do_not_reach_the_document() -> None:
    assert trim("a\r\nb\rc", request_of("$0\n"), Limits(9)).text == "a\nb\nc"


def test_nothing_generated_is_nothing() -> None:
    assert trim("", request_of("x = $0\n"), Limits()).emptied_by == "no_text"
