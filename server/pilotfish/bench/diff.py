"""Two reports of the same kind, figure by figure: what has become better, and what worse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotfish.bench.thresholds import figures
from pilotfish.errors import InputError

_TELLING = ("p50_ms", "p95_ms", "p99_ms", "ratio", "private_mb", "seconds", "cpu_ms_per_request")
_TELLING_IF_LARGER = (
    "exact_match",
    "edit_similarity",
    "identifier_f1",
    "coverage",
    "precision",
    "keystrokes_saved",
)
NOTICED = 0.10
"""Figures of two runs on a machine that does other things too differ by this much without a reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both reports."""

    name: str
    old: float
    new: float

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or nothing where both are much the same."""
        if abs(self.new - self.old) <= NOTICED * max(abs(self.old), 1e-9):
            return ""
        is_larger_good = self.name.rpartition(".")[2] in _TELLING_IF_LARGER
        return "better" if (self.new > self.old) == is_larger_good else "worse"


def read_report(path: Path) -> Mapping[str, Any]:
    """A report that `--json` wrote.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"{path} is no JSON: {error}") from error
    if not isinstance(report, dict) or "kind" not in report:
        raise InputError(f"{path} is no report of pilotfish bench")
    return report


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Every telling figure that both have.

    Raises:
        InputError: they are reports of different kinds, or have nothing in common.
    """
    if old["kind"] != new["kind"]:
        raise InputError(f"one report is of {old['kind']}, the other of {new['kind']}")
    before, after = dict(figures(old)), dict(figures(new))
    names = [name for name in before if name in after and _is_telling(name)]
    if not names:
        raise InputError("the two reports have no figure in common")
    for name in names:
        yield Change(name, before[name], after[name])


def _is_telling(name: str) -> bool:
    return name.rpartition(".")[2] in (*_TELLING, *_TELLING_IF_LARGER) and ".stages." not in name
