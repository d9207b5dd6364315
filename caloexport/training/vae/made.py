"""MADE: dense layers whose masks make output i a function of the inputs before i (arXiv:1502.03509).

Unit k of a hidden layer may look at the inputs up to its degree; the output of degree i looks at
units of a smaller degree. The context is seen by all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32, Integers
from caloexport.runtime.extras import require

#: bias of the gate: a new flow leaves nearly alone what it is given (arXiv:1606.04934, A)
OPEN_GATE = 1.5


def degrees(latent: int, width: int) -> Integers:
    """Return the degrees of the units of a hidden layer, 1 to latent - 1 over and over.

    >>> degrees(4, 5).tolist()
    [1, 2, 3, 1, 2]
    """
    return np.arange(width) % max(latent - 1, 1) + 1


def masks(latent: int, hidden: Sequence[int]) -> list[Float32]:
    """Return the masks of the kernels, hidden layers first, then from the last of them to outputs.

    >>> [mask.shape for mask in masks(3, (4, 5))]
    [(3, 4), (4, 5), (5, 3)]
    >>> masks(3, (2,))[1].tolist()
    [[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]]
    """
    levels = [np.arange(latent) + 1, *(degrees(latent, width) for width in hidden)]
    made = [b[None, :] >= a[:, None] for a, b in pairwise(levels)]
    made.append(levels[0][None, :] > levels[-1][:, None])
    return [mask.astype(np.float32) for mask in made]


class Made:
    """Autoregressive network: mean and gate of every latent from those before it and a context.

    Args:
        latent: number of latents.
        context: length of the context.
        hidden: widths of the hidden layers.
        seed: of the weights.
        name: begins the names of the weights.
    """

    def __init__(
        self, latent: int, context: int, hidden: Sequence[int], seed: int, name: str
    ) -> None:
        self.tf = require("tensorflow", extra="train")
        random = np.random.default_rng(seed)
        self._masks = [self.tf.constant(mask) for mask in masks(latent, hidden)]
        self.weights: dict[str, Any] = {}
        shapes = [mask.shape for mask in self._masks]
        last = tuple(shapes.pop())
        self._depth = len(shapes)
        self._new(f"{name}_context", random.normal(0, context**-0.5, (context, hidden[0])))
        for i, shape in enumerate(shapes):
            self._new(f"{name}_kernel_{i}", random.normal(0, shape[0] ** -0.5, shape))
            self._new(f"{name}_bias_{i}", np.zeros(shape[1]))
        for part, bias in (("mean", 0.0), ("gate", OPEN_GATE)):
            self._new(f"{name}_{part}", random.normal(0, 0.1 * last[0] ** -0.5, last))
            self._new(f"{name}_{part}_bias", np.full(latent, bias))
        self.name = name

    def _new(self, name: str, value: Any) -> None:
        self.weights[name] = self.tf.Variable(value, dtype=self.tf.float32)

    def __call__(self, z: Any, context: Any) -> tuple[Any, Any]:
        """Return mean and gate's logit (batch, latent) each, in a graph."""
        tf, own = self.tf, {k.removeprefix(self.name): v for k, v in self.weights.items()}
        h = tf.matmul(context, own["_context"])
        x = z
        for i in range(self._depth):
            x = tf.matmul(x, own[f"_kernel_{i}"] * self._masks[i]) + own[f"_bias_{i}"]
            x = tf.nn.elu(x + h if i == 0 else x)
        mean, gate = (
            tf.matmul(x, own[f"_{part}"] * self._masks[-1]) + own[f"_{part}_bias"]
            for part in ("mean", "gate")
        )
        return mean, gate
