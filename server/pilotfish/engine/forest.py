"""Boosted trees, as data: each asks the same few questions on every path, so that it is one look-up."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]


class Forest:
    """A sum of trees.

    Attributes:
        asked: int64[trees, depth], which number of an input each tree asks for.

    Args:
        asked: the same,
        above: float32[trees, depth], and whether it is greater than this.
        leaves: float32[trees, 2 ** depth], what each gives for its answers, the first the lowest bit.
    """

    def __init__(self, asked: NDArray[np.int64], above: Numbers, leaves: Numbers) -> None:
        self.asked = asked
        # By depth, then by tree: so that each array is one run of numbers.
        self._asked, self._above = asked.T.copy(), above.T[:, :, np.newaxis].copy()
        self._leaves = leaves.ravel()
        self._first = np.arange(len(leaves))[:, np.newaxis] * leaves.shape[1]

    @classmethod
    @cache
    def load(cls, name: str) -> Forest:
        """One that was fitted, by the name of its file."""
        stored = json.loads(files("pilotfish.engine").joinpath(name).read_text("utf-8"))
        return cls(
            np.array(stored["asked"], np.int64),
            np.array(stored["above"], np.float32),
            np.array(stored["leaves"], np.float32),
        )

    def scores(self, inputs: Numbers) -> Numbers:
        """One score for each row of inputs."""
        answers = self._first
        for depth, is_greater in enumerate(inputs.T[self._asked] > self._above):
            answers = answers + (is_greater.view(np.uint8) << np.uint8(depth))
        scores: Numbers = self._leaves[answers].sum(axis=0)
        return scores
