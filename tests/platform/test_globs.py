"""Ignore patterns mean what git says, and none of them can keep us busy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from pilotfish.platform.globs import Glob

PIECES = ["a", "b", "*", "**", "?", "[ab]", "/", "/**/", "**/", "/*/", ".", "\\*"]
NAMES = st.text("aab.", min_size=1, max_size=3)


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join),
    st.lists(NAMES, min_size=1, max_size=5).map("/".join),
    st.sampled_from(["", "/"]),
)
def test_the_first_fit_is_as_good_as_any(line: str, path: str, end: str) -> None:
    try:
        all_ways = GitIgnoreSpec.from_lines([line], backend="simple")
    except ValueError:
        return
    first_fit = GitIgnoreSpec.from_lines([line], Glob, backend="simple")
    assert first_fit.check_file(path + end).include == all_ways.check_file(path + end).include


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "*a",
        "?*a",
        "*[a]",
        "*[]a]",
        "*[!b]",
        "*\\a",
        "*[\\]a]",
        "**a",
        "**/a/",
        "/**/a",
        "**/*a*/",
        "**/*/",
        "*a?",
    ],
)
def test_no_line_keeps_us_busy(piece: str) -> None:
    spec = GitIgnoreSpec.from_lines([piece * 14 + "*b"], Glob, backend="simple")
    for path in ("a" * 250, "a/" * 500 + "c", "xa/" * 300 + "c", "]" * 250):
        assert not spec.check_file(path).include
