"""Gated recurrent unit (arXiv:1406.1078), in the two forms of Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import flag
from caloexport.runtime.inner_activation import apply_inner
from caloexport.runtime.layers import layers
from caloexport.runtime.recurrence import Recurrent, State

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Gru(Recurrent):
    """h = z·h₋ + (1 - z)·f(x_h + …), with the gates z and r = s(x_… + h₋·U_… + b_…).

    The kernels hold z, r, h side by side, x = x·kernel + bias, U the recurrent kernel and b the
    recurrent bias. With ``reset_after`` (the default of Keras 2 and 3) the rest is
    r·(h₋·U_h + b_h), without it (r·h₋)·U_h + b_h, which is LWTNN's form.
    """

    attributes = (*Recurrent.attributes, "reset_after")
    weights = {**Recurrent.weights, "recurrent_bias": 1}
    gates = 3

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        flag(node, "reset_after")
        return super().shape(node, shapes)

    def step(self, node: Node) -> Callable[[Array, State], State]:
        recurrent, bias = node.weights["recurrent_kernel"], node.weights["recurrent_bias"]
        function, gate = node.attributes["activation"], node.attributes["recurrent_activation"]
        units = recurrent.shape[0]
        after = node.attributes.get("reset_after", False)

        def advance(x: Array, state: State) -> State:
            (h,) = state
            inner = h @ recurrent[:, : 2 * units] + bias[: 2 * units]  # of z and r, (n, 2·units)
            z, r = np.split(apply_inner(gate, x[:, : 2 * units] + inner), 2, axis=-1)
            u, b = recurrent[:, 2 * units :], bias[2 * units :]
            rest = r * (h @ u + b) if after else (r * h) @ u + b
            return (z * h + (1 - z) * apply_inner(function, x[:, 2 * units :] + rest),)

        return advance


layers.register("gru")(Gru())
