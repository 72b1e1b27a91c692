"""Names of the code base that are nearly the one that was written."""

from __future__ import annotations

from collections.abc import Iterator

from pilotfish.index.catalog_view import CatalogView

MAX_DISTANCE = 2
_SURE_LETTERS = 2
_MAX_CANDIDATES = 20_000


def near_spellings(view: CatalogView, name: str) -> Iterator[tuple[int, str]]:
    """Names of symbols within an edit distance of 2, each with it; a difference in case alone counts as 0.

    Of a name of less than five letters only the case may differ: too many others are near.
    """
    far = MAX_DISTANCE if len(name) > 4 else 0
    start = name[:_SURE_LETTERS]
    for prefix in {start, start.lower(), start.capitalize(), start.upper()}:
        candidates = view.rows(
            "SELECT name FROM names WHERE name >= ? AND name < ? AND length(name) BETWEEN ? AND ? LIMIT ?",
            prefix,
            prefix + "\U0010ffff",
            len(name) - far,
            len(name) + far,
            _MAX_CANDIDATES,
        )
        for (candidate,) in candidates:
            distance = edit_distance(candidate.lower(), name.lower(), far)
            if distance <= far and candidate != name:
                yield distance, candidate


def edit_distance(one: str, other: str, bound: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from one to the other; above `bound`, more.

    The banded form of the optimal string alignment distance.
    """
    if abs(len(one) - len(other)) > bound:
        return bound + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        two_before, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return bound + 1
    return row[-1]
