import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotfish.index.tiers import Weight, choose_merge

MAX = 1000


def weights(*sizes: int) -> list[Weight]:
    return [Weight(f"{number:03}", live, live) for number, live in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((), ()),
        ((5,), ()),
        ((1, 2, 4, 8), ()),
        ((4, 4), ("000", "001")),
        ((8, 1, 2, 1), ("001", "003", "002")),
        ((1, 3, 100), ()),
        ((1, 3, 3), ("000", "001", "002")),
        ((900, 900), ()),
        ((600, 300, 300), ("001", "002")),
        ((0, 0), ("000", "001")),
    ],
)
def test_small_ones_are_merged_when_they_add_up(sizes: tuple[int, ...], expected: tuple[str, ...]) -> None:
    assert choose_merge(weights(*sizes), MAX, 0) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((30, 240, 240), ()),
        ((30, 240, 240, 250), ("000", "001", "002", "003")),
        ((240, 240, 250, 900, 990), ()),
        ((990, 240, 250, 260, 120), ("004", "001", "002", "003")),
    ],
)
def test_while_more_is_to_come_only_what_fills_most_of_a_segment_is_merged(
    sizes: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    assert choose_merge(weights(*sizes), MAX, 0, only_full=True) == expected


def test_a_segment_that_is_half_dead_is_copied_without_its_dead() -> None:
    assert choose_merge([Weight("a", 400, 900), Weight("b", 900, 900)], MAX) == ("a",)
    assert choose_merge([Weight("a", 500, 900)], MAX) == ()


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((1, 8), ("000", "001")),
        ((1, 9), ()),
        ((1, 2, 4, 8), ("000", "001", "002", "003")),
        ((10, 60, 120), ("000", "001")),  # more than 100 together are not cheap
        ((10, 60, 70), ("000", "001", "002")),
    ],
)
def test_what_is_merged_quickly_is_merged_the_sooner(
    sizes: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    assert choose_merge(weights(*sizes), MAX, 100) == expected


@given(st.lists(st.integers(1, 2 * MAX), max_size=40), st.sampled_from([0, MAX // 4, 2 * MAX]))
def test_merging_comes_to_an_end_and_leaves_few(sizes: list[int], cheap: int) -> None:
    segments = {weight.name: weight for weight in weights(*sizes)}
    total = sum(sizes)
    for step in range(100):
        names = choose_merge(segments.values(), MAX, cheap)
        if not names:
            break
        live = sum(segments.pop(name).live for name in names)
        assert live <= MAX
        segments[f"merged{step}"] = Weight(f"merged{step}", live, live)
    else:
        pytest.fail("merges without end")
    assert sum(weight.live for weight in segments.values()) == total
    small = [weight for weight in segments.values() if weight.live <= MAX // 4]
    assert len(small) <= MAX.bit_length()
