"""Figures as a table that `pilotfish.bench.document` puts into docs/benchmarks.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pilotfish.bench.summary import percentile

Row = Mapping[str, Any]


def write_table(path: Path, rows: Sequence[Row], machine: Mapping[str, Any], **facts: Any) -> None:
    """Rows with the same keys, which are the headings; `machine` as it was before the run."""
    result = {"format": 1, "kind": "table", "machine": machine, "complete": True, **facts, "rows": rows}
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8", newline="\n")


def percentiles(values: Iterable[float], *shares: float, digits: int | None = 2) -> list[float]:
    """Nearest-rank percentiles (`shares` from 0 to 1) of values that happened.

    `digits`: behind the point; None: rounded to whole numbers.
    """
    ordered = sorted(values)
    return [round(percentile(ordered, share), digits) for share in shares]
