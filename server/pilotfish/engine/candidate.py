"""What the embedded engine offers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    r"""One continuation at the cursor.

    Attributes:
        text: what would be inserted at the cursor; several lines are joined by `\n`, without a final one.
        confidence: the probability, 0 to 1, that the first line is exactly what the user would write.
        evidence: workspace-relative path of the file that speaks most for it; None where it is the open
            buffer.
    """

    text: str
    confidence: float
    evidence: str | None = None
