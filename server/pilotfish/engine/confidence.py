"""How sure the engine is of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from pilotfish.engine.beam import Hypothesis


def confidences(lines: Sequence[Hypothesis]) -> list[float]:
    """For each line, best first, the probability, 0 to 1, that it is exactly what would be written."""
    return [min(1.0, exp(line.score)) for line in lines]
