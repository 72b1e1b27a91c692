"""How good an answer is. Every measure is a published one, named by where it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
CONFIDENCE_BINS = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """One task and what was offered for it.

    Attributes:
        language_id: of its file.
        target: what stands there, stripped.
        guess: what was offered, cut to as many lines as the target has and stripped; empty: nothing.
        confidence: as the server's trace says it; None where it does not.
    """

    language_id: str
    target: str
    guess: str
    ms: float
    confidence: float | None = None

    @property
    def is_exact(self) -> bool:
        """Whether it is what stands there, but for space around it."""
        return self.guess == self.target


def edit_similarity(guess: str, target: str) -> float:
    """1 - Levenshtein distance / the longer length: RepoCoder's formula (Zhang et al., 2023)."""
    return 1 - _distance(guess, target, 1) / max(len(guess), len(target), 1)


def fuzz_ratio(guess: str, target: str) -> float:
    """1 - distance / both lengths, a replaced letter counting twice: CrossCodeEval's `fuzz.ratio`."""
    whole = len(guess) + len(target)
    return 1 - _distance(guess, target, 2) / whole if whole else 1.0


def identifier_f1(guess: str, target: str) -> float:
    """F1 of the sets of identifiers (CrossCodeEval, Ding et al., 2023); 1 where neither has any."""
    guessed, meant = set(_IDENTIFIER.findall(guess)), set(_IDENTIFIER.findall(target))
    if not guessed and not meant:
        return 1.0
    return 2 * len(guessed & meant) / (len(guessed) + len(meant))


def keystrokes_saved(guess: str, target: str) -> float:
    """The share of the target that need not be typed: what is right from its beginning on, less one key."""
    right = next((n for n, pair in enumerate(zip(guess, target, strict=False)) if pair[0] != pair[1]), None)
    right = min(len(guess), len(target)) if right is None else right
    return max(right - 1, 0) / len(target) if target else 0.0


def summary(scored: Sequence[Scored]) -> dict[str, float | int]:
    """The figures of at least one task; shares are from 0 to 1."""
    answered = [one for one in scored if one.guess]
    count = len(scored)

    def mean(values: Sequence[float]) -> float:
        return round(sum(values) / count, 4)

    return {
        "count": count,
        "exact_match": mean([one.is_exact for one in scored]),
        "edit_similarity": mean([edit_similarity(one.guess, one.target) for one in scored]),
        "fuzz_ratio": mean([fuzz_ratio(one.guess, one.target) for one in scored]),
        "identifier_f1": mean([identifier_f1(one.guess, one.target) for one in scored]),
        "coverage": mean([bool(one.guess) for one in scored]),
        "precision": round(sum(one.is_exact for one in answered) / len(answered), 4) if answered else 0.0,
        "keystrokes_saved": mean([keystrokes_saved(one.guess, one.target) for one in scored]),
    }


def by_language(scored: Sequence[Scored]) -> Mapping[str, dict[str, float | int]]:
    """The same for each language, the most frequent first."""
    counts = Counter(one.language_id for one in scored)
    return {
        language: summary([one for one in scored if one.language_id == language])
        for language, _ in counts.most_common()
    }


def calibration(scored: Sequence[Scored]) -> list[tuple[float, float, int]]:
    """How often what was stated with some confidence was right: mean stated, share right, count."""
    bins: dict[int, list[Scored]] = {}
    for one in scored:
        if one.confidence is not None and one.guess:
            bins.setdefault(min(int(one.confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1), []).append(one)
    return [
        (
            round(sum(one.confidence or 0.0 for one in ones) / len(ones), 3),
            round(sum(one.is_exact for one in ones) / len(ones), 3),
            len(ones),
        )
        for _, ones in sorted(bins.items())
    ]


def _distance(one: str, other: str, replaced: int) -> int:
    """Fewest letters put in, taken out, or replaced at that price."""
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, another in enumerate(other, 1):
            swapped = previous[column - 1] + (0 if letter == another else replaced)
            current.append(min(previous[column] + 1, current[-1] + 1, swapped))
        previous = current
    return previous[-1]
