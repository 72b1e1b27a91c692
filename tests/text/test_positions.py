"""Columns round-trip in every encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.text.positions import Encoding, column_of, cut, mend, units_of

lines = st.text(st.sampled_from("ab \té漢ß😀𝒳\u2028\x85"), max_size=20)


@given(lines, st.integers(0, 25), st.sampled_from(Encoding))
def test_columns_round_trip(line: str, column: int, encoding: Encoding) -> None:
    column = min(column, len(line))
    assert column_of(line, units_of(line, column, encoding), encoding) == column


@given(lines, st.integers(-3, 99), st.sampled_from(Encoding))
def test_every_unit_is_in_a_character_at_or_before_it(line: str, units: int, encoding: Encoding) -> None:
    column = column_of(line, units, encoding)
    assert units_of(line, column, encoding) <= max(units, 0)
    assert column == len(line) or units_of(line, column + 1, encoding) > units
    assert mend("".join(cut(line, units, encoding))) == line


@pytest.mark.parametrize(
    ("encoding", "units"), [(Encoding.UTF8, 7), (Encoding.UTF16, 4), (Encoding.UTF32, 3)], ids=str
)
def test_accent_and_emoji_before_the_cursor(encoding: Encoding, units: int) -> None:
    assert units_of("é😀x = 1", 3, encoding) == units
    assert column_of("é😀x = 1", units, encoding) == 3
