"""Simple recurrent layer: the output is the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from caloexport.runtime.inner_activation import apply_inner
from caloexport.runtime.layers import layers
from caloexport.runtime.recurrence import Recurrent, State

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node


class SimpleRnn(Recurrent):
    """h = f(x·kernel + bias + h₋·recurrent_kernel), with f the attribute ``activation``."""

    attributes = ("activation", "return_sequences", "go_backwards")

    def step(self, node: Node) -> Callable[[Array, State], State]:
        recurrent, function = node.weights["recurrent_kernel"], node.attributes["activation"]

        def advance(x: Array, state: State) -> State:
            return (apply_inner(function, x + state[0] @ recurrent),)

        return advance


layers.register("simple_rnn")(SimpleRnn())
