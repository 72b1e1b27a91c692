"""`--fail-if 'p95_ms > 30'`: a figure of the report, a comparison, a number."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pilotfish.errors import InputError

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_FORM = re.compile(r"\s*([a-z][\w.-]*)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A condition that must not hold.

    Attributes:
        name: the last parts of a figure's path in the report, for example `p95_ms`, which stands for all
            requests with the index ready, `cold.p95_ms`, `startup.ratio` or `memory.server.private_mb`.
    """

    text: str
    name: str
    is_missed_by: Callable[[float], bool]


def parse_threshold(text: str) -> Threshold:
    """Read one condition.

    Raises:
        InputError: it is not of that form.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise InputError(
            f"{text!r} is not a threshold; write a figure, a comparison and a number: 'p95_ms > 30'"
        )
    name, comparison, number = form.groups()
    holds = _OPERATORS[comparison]
    return Threshold(text, name, lambda value: holds(value, float(number)))


def missed(threshold: Threshold, result: Mapping[str, Any]) -> list[str]:
    """One sentence for each figure that is on the wrong side.

    Raises:
        InputError: the report has no such figure.
    """
    path = f"all.{threshold.name}" if "." not in threshold.name else threshold.name
    found = [(where, value) for where, value in figures(result) if f".{where}".endswith(f".{path}")]
    if not found:
        known = ", ".join(sorted({where.rpartition(".")[2] for where, _ in figures(result)}))
        raise InputError(f"the report has no figure {threshold.name!r} (there are: {known})")
    return [
        f"{where} is {value:g}, and {threshold.text}"
        for where, value in found
        if threshold.is_missed_by(value)
    ]


def figures(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Each number of the report with its dotted path; workspaces go by their names."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from figures(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, Mapping):
                yield from figures(part, f"{path}.{part['name']}" if "name" in part else path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, float(value)
