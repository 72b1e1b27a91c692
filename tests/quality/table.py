"""Figures as a table that `pilotfish.bench.document` puts into docs/benchmarks.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pilotfish.bench.machine import describe_machine


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Rows with the same keys, which are the headings; with the machine and the commit."""
    result = {"format": 1, "kind": "table", "machine": describe_machine(), "complete": True, "rows": rows}
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
