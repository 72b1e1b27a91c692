"""Fit how sure the engine is of a line (`engine/confidence.json`).

    python tests/quality/fit_confidence.py TREE… --out server/pilotfish/engine/confidence.json [--lines 130]

The last of the three: after `fit_engine.py` and `fit_ranking.py`, on other lines of the same trees. Each
place is asked about twice, as while typing and as by hand; a third as many members are asked about, and two
thirds as many places anywhere on a line. Prints the expected calibration error, of lines in repositories that
the weights were not fitted on (a fifth of them at a time).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pilotfish.engine.confidence import TRAITS
from pilotfish.engine.predict import predict
from pilotfish.index.view import IndexView
from pilotfish.platform.steps import finish
from tests.quality.arguments import parser_of
from tests.quality.fit_engine import asked
from tests.quality.held_out import draw, index_of
from tests.quality.reliability import calibration_error

SEED = 41
KINDS = {"line": 3, "xfile": 1, "typed": 2}
"""Cursors before a line, after a dot and anywhere on a line; how many of each, in thirds of the lines."""
HARDLY = 1e-9
"""A confidence that every line has: asked for it, the engine does as while typing."""
PARTS = 5
DOUBT = 1e-3
Rows = list[tuple[int, Any]]
"""For each question the number of its tree, and a row: whether the best line was right, and its traits."""


def rows_of(root: Path, view: IndexView, lines: int) -> Iterator[tuple[str, Any]]:
    """For each question, when it was asked, and a row about the best line."""
    drawn = draw(root, lines, SEED, tuple(KINDS))
    tasks = [
        task
        for kind, thirds in KINDS.items()
        for task in [one for one in drawn if one["kind"] == kind][: lines * thirds // 3]
    ]
    seen: list[tuple[str, Any]] = []

    def noted(when: str, any_traits: Any, *more: Any) -> list[float]:
        seen.append((when, np.column_stack([any_traits, *more])))
        return [0.0] * len(any_traits)

    with mock.patch("pilotfish.engine.confidence.claims", noted):
        for query, buffers, index, wanted in asked(root, view, tasks):
            for least in (HARDLY, 0.0):
                offered = finish(predict(replace(query, least=least), buffers, index))
                if offered:
                    when, numbers = seen[-1]
                    yield when, [float(offered[0].text.strip() == wanted), *numbers[0]]


def regression(table: Any) -> Any:
    """Logistic regression by Newton's method; the first number of a row is whether the line was right."""
    right, traits = table[:, 0], table[:, 1:]
    weights = np.zeros(traits.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-traits @ weights))
        curve = (traits * (share * (1 - share))[:, None]).T @ traits + DOUBT * np.eye(len(weights))
        weights += np.linalg.solve(curve, traits.T @ (right - share) - DOUBT * weights)
    return weights


def fit(when: str, rows: Rows) -> Mapping[str, float]:
    """The weights, by name; prints how true they are in trees that were left out."""
    tree, table = np.array([number for number, _ in rows]), np.array([row for _, row in rows])
    claimed = np.zeros(len(table))
    for part in range(PARTS):
        is_out = tree % PARTS == part
        claimed[is_out] = 1 / (1 + np.exp(-table[is_out, 1:] @ regression(table[~is_out])))
    error = calibration_error(claimed, table[:, 0])
    print(
        f"{when}: {len(table)} lines, {table[:, 0].mean():.3f} right, expected calibration error {error:.4f}"
    )
    return {
        name: round(float(weight), 3) for name, weight in zip(TRAITS[when], regression(table), strict=True)
    }


def main() -> None:
    """Fit, print and write."""
    parser = parser_of(__doc__)
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=130)
    args = parser.parse_args()
    rows: dict[str, Rows] = {when: [] for when in TRAITS}
    with (
        tempfile.TemporaryDirectory(prefix="engine-") as home,
        mock.patch("pilotfish.engine.predict.lowest_score", return_value=-inf),
    ):
        for number, root in enumerate(args.trees):
            for when, row in rows_of(root.resolve(), index_of(root.resolve(), Path(home)), args.lines):
                rows[when].append((number, row))
            print(f"{root.name}: {len(rows['asked'])} questions so far", flush=True)
    weights = {when: fit(when, some) for when, some in rows.items()}
    args.out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
