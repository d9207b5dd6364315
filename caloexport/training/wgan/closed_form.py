"""The gradient of a critic's loss in closed form, when the critic is piecewise linear.

Between dense layers W and ReLU or LeakyReLU, whose slopes at a point are D, the critic's gradient
at a point is g = W₁ D₁ W₂ D₂ … w, and D does not change with the weights. So the penalty needs no
derivative of a derivative: with u = ∂penalty/∂g and the vectors of the two passes

    t₀ = u, tₗ = Dₗ Wₗᵀ tₗ₋₁ (forwards),      δ = w, δₗ = Dₗ Wₗ₊₁ δₗ₊₁ (backwards)

its gradient on Wₗ is tₗ₋₁ δₗᵀ, and 0 on the biases. The mean values of true and false showers
have the gradient hₗ₋₁ δₗᵀ as in any network, so true, false and between go through each layer as
one matrix product. As layer 1 is linear up to its slopes, its values between a true and a false
shower are mixed from theirs. A tape does 26 products per critic and update where this does 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from caloexport.runtime.extras import require
from caloexport.training.hidden import Hidden

#: added below the root of the gradient's norm, whose derivative is infinite at zero
TINY = 1e-12


def piecewise_linear(hidden: Hidden) -> bool:
    """Tell whether the closed form holds for a stack of hidden layers.

    >>> piecewise_linear(Hidden((8, 4), "leaky-relu")), piecewise_linear(Hidden((8, 4), "elu"))
    (True, False)
    """
    return hidden.block in ("relu", "leaky-relu")


class ClosedForm:
    """The loss of one critic and its gradient.

    Args:
        critic: Keras model of dense layers with ReLU or LeakyReLU between.
        hidden: its hidden layers.
        widths: of the blocks that it reads, in order.
        penalties: weight λ of the penalty on each block; one at least is positive.
        drift: weight of the mean square of the values of true showers.
        one_sided: whether slopes below 1 are free.
    """

    def __init__(
        self, critic: Any, hidden: Hidden, widths: Mapping[str, int],
        penalties: Mapping[str, float], drift: float, one_sided: bool,
    ) -> None:  # fmt: skip
        tf = self.tf = require("tensorflow", extra="train")
        weights = [variable.value for variable in critic.trainable_variables]
        self.kernels, self.biases = weights[::2], weights[1::2]
        self.slope = hidden.negative_slope if hidden.block == "leaky-relu" else 0.0
        self.drift, self.one_sided = drift, one_sided
        edges = np.cumsum([0, *widths.values()])
        member = np.zeros((self.kernels[0].shape[0], len(widths)), dtype=np.float32)
        for block, (start, stop) in enumerate(pairwise(edges)):
            member[start:stop, block] = 1
        weight = np.array([penalties[name] for name in widths], dtype=np.float32)
        self.member = tf.constant(member[:, weight > 0])  # (inputs, penalised blocks)
        self.weight = tf.constant(weight[weight > 0])

    def gradients(self, showers: Any, mix: Any) -> tuple[Any, Any, list[Any]]:
        """Return distance, penalty, and the gradient of the loss on kernel, bias, kernel, ….

        Args:
            showers: (2·batch, inputs): true ones, then false ones under the same conditions.
            mix: (batch, 1) where between them the penalty is taken; 1 is at the true one.
        """
        tf, n = self.tf, mix.shape[0]
        hidden = self._forward(showers, mix)  # each (3·batch, width): true, false, between
        layers = [showers, *hidden]
        value = tf.matmul(layers[-1][: 2 * n], self.kernels[-1]) + self.biases[-1]
        true, false = tf.split(value, 2)
        seeds = [2 * self.drift / n * true - 1 / n, tf.fill((n, 1), 1 / n), tf.ones((n, 1))]
        deltas = self._backward(hidden, tf.concat(seeds, 0))
        # of the input, at showers between
        slope = tf.matmul(deltas[0][2 * n :], self.kernels[0], transpose_b=True)  # (batch, inputs)
        penalty, direction = self._penalty(slope)
        tangents = self._tangents(direction, [h[2 * n :] for h in hidden])
        gradients = []
        for layer, tangent, delta in zip(layers, tangents, deltas, strict=True):
            both = tf.concat([layer[: 2 * n], tangent], 0)
            gradients.append(tf.matmul(both, delta, transpose_a=True))
            gradients.append(tf.reduce_sum(delta[: 2 * n], axis=0))
        return tf.reduce_mean(true) - tf.reduce_mean(false), penalty, gradients

    def _forward(self, showers: Any, mix: Any) -> list[Any]:
        tf = self.tf
        h = showers
        hidden: list[Any] = []
        for kernel, bias in zip(self.kernels[:-1], self.biases[:-1], strict=True):
            h = tf.matmul(h, kernel) + bias
            if not hidden:
                true, false = tf.split(h, 2)
                h = tf.concat([h, false + mix * (true - false)], 0)
            h = tf.nn.leaky_relu(h, self.slope)
            hidden.append(h)
        return hidden

    def _sloped(self, upstream: Any, hidden: Any) -> Any:
        # the sign of a hidden value is that of what came into its LeakyReLU
        return self.tf.raw_ops.LeakyReluGrad(gradients=upstream, features=hidden, alpha=self.slope)

    def _backward(self, hidden: list[Any], seeds: Any) -> list[Any]:
        deltas = [seeds]
        for h, kernel in zip(hidden[::-1], self.kernels[:0:-1], strict=True):
            upstream = self.tf.matmul(deltas[0], kernel, transpose_b=True)
            deltas.insert(0, self._sloped(upstream, h))
        return deltas

    def _penalty(self, slope: Any) -> tuple[Any, Any]:
        """Return the penalty on gradients (batch, inputs), and its own gradient on them."""
        tf = self.tf
        norm = tf.sqrt(tf.matmul(slope**2, self.member) + TINY)  # (batch, blocks)
        excess = tf.nn.relu(norm - 1) if self.one_sided else norm - 1
        penalty = tf.reduce_sum(self.weight * tf.reduce_mean(excess**2, axis=0))
        factor = (2 / slope.shape[0]) * self.weight * excess / norm
        return penalty, slope * tf.matmul(factor, self.member, transpose_b=True)

    def _tangents(self, direction: Any, between: list[Any]) -> list[Any]:
        tf = self.tf
        tangents = [direction]
        for h, kernel in zip(between, self.kernels[:-1], strict=True):
            tangents.append(self._sloped(tf.matmul(tangents[-1], kernel), h))
        return tangents
