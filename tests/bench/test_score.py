from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.bench.score import (
    Scored,
    by_language,
    calibration,
    edit_similarity,
    fuzz_ratio,
    identifier_f1,
    keystrokes_saved,
    summary,
)

# The values of the published formulas, worked out by hand.
CASES = [
    ("", "", 1.0, 1.0, 1.0, 0.0),
    ("abc", "abc", 1.0, 1.0, 1.0, 2 / 3),
    ("abc", "abd", 2 / 3, 4 / 6, 0.0, 1 / 3),
    ("", "abcd", 0.0, 0.0, 0.0, 0.0),
    ("kitten", "sitting", 4 / 7, 8 / 13, 0.0, 0.0),
    ("f(x, y)", "f(x, z)", 6 / 7, 12 / 14, 2 / 3, 4 / 7),
]


@pytest.mark.parametrize(("guess", "target", "similarity", "fuzz", "f1", "saved"), CASES)
def test_the_measures(
    guess: str, target: str, similarity: float, fuzz: float, f1: float, saved: float
) -> None:
    assert edit_similarity(guess, target) == pytest.approx(similarity)
    assert fuzz_ratio(guess, target) == pytest.approx(fuzz)
    assert identifier_f1(guess, target) == pytest.approx(f1)
    assert keystrokes_saved(guess, target) == pytest.approx(saved)


@given(st.text("ab(.", max_size=12), st.text("ab(.", max_size=12))
def test_measures_are_shares_and_those_of_edits_are_symmetric(one: str, other: str) -> None:
    for measure in (edit_similarity, fuzz_ratio, identifier_f1, keystrokes_saved):
        assert 0 <= measure(one, other) <= 1
    assert edit_similarity(one, other) == edit_similarity(other, one)
    assert fuzz_ratio(one, other) == fuzz_ratio(other, one)


def test_what_was_not_offered_counts_in_coverage_and_not_in_precision() -> None:
    scored = [Scored("go", "a", "a", 1.0), Scored("go", "a", "b", 1.0), Scored("c", "a", "", 1.0)]
    found = summary(scored)
    assert (found["exact_match"], found["coverage"], found["precision"]) == (0.3333, 0.6667, 0.5)
    assert {language: one["count"] for language, one in by_language(scored).items()} == {"go": 2, "c": 1}


def test_calibration_sets_what_was_stated_beside_what_was_true() -> None:
    scored = [Scored("c", "a", "a" if n < 6 else "b", 1.0, 0.65) for n in range(8)]
    scored += [Scored("c", "a", "", 1.0, 0.95), Scored("c", "a", "a", 1.0, None)]
    assert calibration(scored) == [(0.65, 0.75, 8)]
