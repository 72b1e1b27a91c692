"""How much two sequences begin with in common."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pilotfish.text.prefix import common_length


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", 0),
        ("", "a", 0),
        ("a", "b", 0),
        ("abc", "abc", 3),
        ("abc", "abcd", 3),
        ("abcx", "abcy", 3),
        ("xbc", "abc", 0),
        (b"one\n", b"one\r\n", 3),
        ((1, 2, 3), (1, 2, 4, 3), 2),
    ],
)
def test_only_the_beginning_counts(one: Sequence[object], other: Sequence[object], expected: int) -> None:
    assert common_length(one, other) == common_length(other, one) == expected
