import numpy as np
import pytest

from pilotfish.engine.mixture import VOICES, evidence
from pilotfish.engine.places import DEPTH, Places, nowhere

ROWS = 3


def random_places(seed: int, count: int) -> Places:
    chosen = np.random.default_rng(seed)
    return Places(
        row=chosen.integers(0, ROWS, count),
        token=chosen.choice(np.array([5, 1 << 63, (1 << 62) + 1, 1 << 62], np.uint64), count),
        length=chosen.integers(1, DEPTH + 1, count),
        weight=chosen.choice([1.0, 3.0, 6.0], count),
        source=np.zeros(count, np.int64),
        position=np.zeros(count, np.int64),
    )


def interpolated(votes: list[tuple[int, int, float]], token: int) -> float:
    """Witten-Bell as it is written in books: from no match at all up to the longest."""
    share = 0.0
    for depth in range(1, DEPTH + 1):
        heard = [(other, weight) for other, length, weight in votes if length >= depth]
        if heard:
            kinds, weight = len({other for other, _ in heard}), sum(weight for _, weight in heard)
            unseen = kinds / (kinds + weight)
            own = sum(weight for other, weight in heard if other == token)
            share = (1 - unseen) * own / weight + unseen * share
    return share


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_those_of_the_recursion(seed: int) -> None:
    places = random_places(seed, 60)
    voice = np.random.default_rng(seed).integers(0, VOICES, 60)
    found = evidence(places, voice, ROWS)
    cells = set(zip(places.row.tolist(), places.token.tolist(), strict=True))
    assert set(zip(found.row.tolist(), found.token.tolist(), strict=True)) == cells
    assert found.row.tolist() == sorted(found.row.tolist())
    for number, (row, token) in enumerate(zip(found.row.tolist(), found.token.tolist(), strict=True)):
        for speaker in range(VOICES):
            own = np.flatnonzero((places.row == row) & (voice == speaker))
            votes = [
                (int(places.token[at]), int(places.length[at]), float(places.weight[at]))
                for at in own.tolist()
            ]
            assert found.share[number, speaker] == pytest.approx(interpolated(votes, token))
            lengths = [length for other, length, _ in votes if other == token]
            assert found.length[number, speaker] == max(lengths, default=0)


def test_no_places_are_no_evidence() -> None:
    found = evidence(nowhere(), np.zeros(0, np.int64), ROWS)
    assert len(found.row) == 0
    assert found.share.shape == (0, VOICES)
