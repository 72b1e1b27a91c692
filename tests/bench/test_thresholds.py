from __future__ import annotations

from typing import Any

import pytest

from pilotfish.bench.thresholds import missed, parse_threshold
from pilotfish.errors import InputError

RESULT: dict[str, Any] = {
    "complete": True,
    "startup": {"ratio": 1.1, "median_ms": 400},
    "workspaces": [
        {
            "name": name,
            "all": {"p95_ms": p95},
            "scenarios": {"cold": {"p95_ms": 2 * p95}, "typed-through": {"p95_ms": 1.0}},
            "memory": {"server": {"private_mb": 100.0}},
            "examples": [{"place": "a.py:1:1"}],
        }
        for name, p95 in (("small", 10.0), ("large", 25.0))
    ],
}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("p95_ms > 30", []),
        ("p95_ms > 25", []),
        ("p95_ms >= 25", ["workspaces.large.all.p95_ms is 25, and p95_ms >= 25"]),
        (" p95_ms>20 ", ["workspaces.large.all.p95_ms is 25, and  p95_ms>20 "]),
        ("cold.p95_ms > 30", ["workspaces.large.scenarios.cold.p95_ms is 50, and cold.p95_ms > 30"]),
        ("small.scenarios.cold.p95_ms > 5", ["workspaces.small.scenarios.cold.p95_ms is 20, and "
                                             "small.scenarios.cold.p95_ms > 5"]),
        ("typed-through.p95_ms > 5", []),
        ("startup.ratio <= 1.25", ["startup.ratio is 1.1, and startup.ratio <= 1.25"]),
        ("memory.server.private_mb < 120.5", ["workspaces.small.memory.server.private_mb is 100, and "
                                              "memory.server.private_mb < 120.5",
                                              "workspaces.large.memory.server.private_mb is 100, and "
                                              "memory.server.private_mb < 120.5"]),
    ],
)  # fmt: skip
def test_missed(text: str, sentences: list[str]) -> None:
    assert missed(parse_threshold(text), RESULT) == sentences


@pytest.mark.parametrize("text", ["", "p95_ms", "p95_ms = 3", "p95_ms > fast", "> 3", "__import__('os') > 3"])
def test_what_is_no_threshold_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a threshold"):
        parse_threshold(text)


def test_a_figure_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"no figure 'p96_ms' \(there are: .*p95_ms"):
        missed(parse_threshold("p96_ms > 3"), RESULT)
