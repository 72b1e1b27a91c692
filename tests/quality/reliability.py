"""Confidence against what came true, as a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

PARTS, EQUAL_PARTS = 12, 15
LEFT, SIDE = 40, 300
TICKS = (0, 0.2, 0.4, 0.6, 0.8, 1)
COLOURS = {"while typing": "#06c", "asked by hand": "#d60"}


def reliability_svg(rows: Sequence[Mapping[str, Any]]) -> str:
    """The answers in equal parts by their confidence: what was claimed against what came true, as SVG.

    `rows`: of lines that were offered, `when` (of `COLOURS`), `confidence` and `em`.
    """
    answers = {
        when: np.array(sorted((row["confidence"], row["em"]) for row in rows if row["when"] == when), float)
        for when in COLOURS
        if any(row["when"] == when for row in rows)
    }
    dots = "".join(
        f'<circle cx="{at(claimed):.1f}" cy="{at(1 - true):.1f}" r="4" fill="{COLOURS[when]}"/>'
        for when, some in answers.items()
        for claimed, true in (part.mean(axis=0) for part in np.array_split(some, PARTS) if len(part))
    )
    names = "".join(
        f'<text x="50" y="{58 + 16 * number}" fill="{COLOURS[when]}">{when}, {len(some)} lines, off by '
        f"{calibration_error(*some.T):.3f}</text>"
        for number, (when, some) in enumerate(answers.items())
    )
    ticks = "".join(
        f'<text x="{at(tick):.0f}" y="358" text-anchor="middle">{tick:.1f}</text>'
        f'<text x="32" y="{at(1 - tick) + 4:.0f}" text-anchor="end">{tick:.1f}</text>'
        for tick in TICKS
    )
    title = f"share exactly right, in {PARTS} equal parts"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 390" font-family="sans-serif"'
        ' font-size="11"><rect width="380" height="390" fill="#fff"/>'
        f'<rect x="{LEFT}" y="{LEFT}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
        f'<path d="M40 340 340 40" stroke="#999" stroke-dasharray="4"/>{ticks}{dots}{names}'
        '<text x="190" y="378" text-anchor="middle">confidence</text>'
        f'<text x="40" y="28">{title}</text></svg>\n'
    )


def calibration_error(claimed: Any, right: Any) -> float:
    """The expected calibration error: how far claims are from what came true, in the mean of equal parts."""
    parts = np.array_split(np.argsort(claimed, kind="stable"), min(EQUAL_PARTS, len(claimed)))
    off = [abs(claimed[part].mean() - right[part].mean()) for part in parts]
    return float(np.average(off, weights=[len(part) for part in parts]))


def at(share: float) -> float:
    """Where a share lies on an axis."""
    return LEFT + SIDE * share
