"""How long is waited for the next key: by the user's rhythm, the editor's own wait, and the ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.completion.pacing import EDITORS_WAIT_MS, PAUSE_MS, AnswerTimes, Rhythm, pace_ms
from pilotfish.completion.request import Trigger
from tests.marked import request_of

REQUEST = request_of("x = $0\n")


def waits(
    gaps_ms: Sequence[float], ceiling_ms: float = 200, waited_ms: float = 0, answer_ms: float = 0
) -> float:
    request = replace(REQUEST, gaps_ms=tuple(gaps_ms), waited_ms=waited_ms)
    return pace_ms(request, max_wait_ms=ceiling_ms, answer_ms=answer_ms)


@pytest.mark.parametrize(
    ("gaps_ms", "known", "wait_ms"),
    [
        ([], {}, 0),  # the first key after a pause
        ([80] * 8, {}, 96),
        ([150] * 8, {}, 173),
        ([80, 80, 80, 80, 80, 80, 80, 150], {}, 96),  # one late key changes nothing
        ([190] * 8, {}, 200),  # the ceiling
        ([80] * 8, {"ceiling_ms": 50}, 0),  # each key is later than it may be waited for
        ([80] * 8, {"ceiling_ms": 0}, 0),
        ([80] * 8, {"waited_ms": EDITORS_WAIT_MS["visual studio code"]}, 46),
        ([150] * 8, {"waited_ms": EDITORS_WAIT_MS["neovim"]}, 0),
        ([80] * 8, {"answer_ms": 100}, 96),
        ([80] * 8, {"answer_ms": 5_000}, 48),  # a slow model is asked sooner
    ],
)
def test_the_wait(gaps_ms: list[float], known: dict[str, float], wait_ms: float) -> None:
    assert waits(gaps_ms, **known) == pytest.approx(wait_ms)


def test_who_asks_by_hand_never_waits() -> None:
    request = replace(REQUEST, trigger=Trigger.INVOKED, gaps_ms=(80.0,) * 8)
    assert pace_ms(request, max_wait_ms=200) == 0


@given(
    gaps_ms=st.lists(st.floats(0, PAUSE_MS), max_size=8),
    ceiling_ms=st.integers(0, 2_000),
    waited_ms=st.floats(0, 300),
    answer_ms=st.floats(0, 20_000),
)
def test_never_more_than_the_ceiling(
    gaps_ms: list[float], ceiling_ms: int, waited_ms: float, answer_ms: float
) -> None:
    assert 0 <= waits(gaps_ms, ceiling_ms, waited_ms, answer_ms) <= ceiling_ms


def test_a_rhythm_is_that_of_the_last_keys_of_one_go() -> None:
    rhythm = Rhythm()
    rhythm.key(1_000)
    assert rhythm.gaps_ms(1_000) == ()
    for number in range(20):
        rhythm.key(1_100 + 100 * number)
    assert rhythm.gaps_ms(3_000) == (100,) * 8
    assert rhythm.gaps_ms(3_000 + PAUSE_MS) == ()  # nobody is typing now
    rhythm.key(10_000)
    assert rhythm.gaps_ms(10_000) == ()  # the first key after a pause
    rhythm.key(10_050)
    assert rhythm.gaps_ms(10_050) == (100,) * 7 + (50,)


def test_the_newest_answers_count_most() -> None:
    times = AnswerTimes()
    assert times.usual_ms("a") == 0
    times.took("a", 100)
    times.took("a", 200)
    assert 100 < times.usual_ms("a") < 200
    assert times.usual_ms("b") == 0
