"""Long short-term memory (Hochreiter and Schmidhuber 1997), in the form of Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.inner_activation import apply_inner
from caloexport.runtime.layers import layers
from caloexport.runtime.recurrence import Recurrent, State

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node


class Lstm(Recurrent):
    """c = g_f·c₋ + g_i·f(x_c), h = g_o·f(c), the gates g = s(x_…).

    The kernels hold the gates i, f, c, o side by side, each with x_… = x·kernel + bias +
    h₋·recurrent_kernel; f is the attribute ``activation``, s is ``recurrent_activation``.
    """

    gates = 4
    states = 2

    def step(self, node: Node) -> Callable[[Array, State], State]:
        recurrent = node.weights["recurrent_kernel"]
        function, gate = node.attributes["activation"], node.attributes["recurrent_activation"]

        def advance(x: Array, state: State) -> State:
            h, c = state
            x_i, x_f, x_c, x_o = np.split(x + h @ recurrent, 4, axis=-1)  # (n, units) each
            c = apply_inner(gate, x_f) * c + apply_inner(gate, x_i) * apply_inner(function, x_c)
            return apply_inner(gate, x_o) * apply_inner(function, c), c

        return advance


layers.register("lstm")(Lstm())
