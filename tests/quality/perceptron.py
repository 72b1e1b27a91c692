"""What the engine's judge is: one hidden layer, taught by Adam (numpy)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class Perceptron:
    """Scores of inputs of so many numbers, `tanh(x @ inner + bias) @ outer + x @ direct`.

    Attributes:
        weights: inner, bias, outer and direct, changed in place.
    """

    def __init__(self, width: int, hidden: int, rng: np.random.Generator, kind: Any) -> None:
        weights = (
            rng.normal(0, width**-0.5, (width, hidden)),
            np.zeros(hidden),
            rng.normal(0, 0.1, hidden),
            np.zeros(width),
        )
        self.weights = [each.astype(kind) for each in weights]
        self._first, self._second = ([np.zeros_like(each) for each in self.weights] for _ in range(2))
        self._step = 0

    def forward(self, inputs: Any) -> tuple[Any, Any]:
        """The hidden layer and the scores of inputs[..., width]."""
        inner, bias, outer, direct = self.weights
        layer = np.tanh(inputs @ inner + bias)
        return layer, layer @ outer + inputs @ direct

    def learn(self, slopes: Sequence[Any], rate: float, decay: float) -> None:
        """One step down these slopes of the loss, one for each of the weights."""
        self._step += 1
        fade_first, fade_second = 1 - 0.9**self._step, 1 - 0.999**self._step
        for weight, first, second, slope in zip(self.weights, self._first, self._second, slopes, strict=True):
            pull = slope + decay * weight
            first[...] += 0.1 * (pull - first)
            second[...] += 0.001 * (pull * pull - second)
            weight[...] -= rate * (first / fade_first) / (np.sqrt(second / fade_second) + 1e-8)

    def as_json(self, mean: Any, spread: Any) -> dict[str, Any]:
        """The weights for inputs as they are; it was taught with `(inputs - mean) / spread`."""
        inner, bias, outer, direct = self.weights
        fitted = {
            "inner": inner / spread[:, None],
            "bias": bias - (mean / spread) @ inner,
            "outer": outer,
            "direct": direct / spread,
        }
        return {name: np.round(values.astype(float), 4).tolist() for name, values in fitted.items()}
