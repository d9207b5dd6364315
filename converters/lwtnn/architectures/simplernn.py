"""Simple RNN: a dense layer that also reads its own last output."""

from __future__ import annotations

from collections.abc import Callable

from caloexport.converters.lwtnn.architectures import architectures
from caloexport.converters.lwtnn.layer import Layer
from caloexport.converters.lwtnn.recurrent import Affine, Recurrent, State, activations_of


class SimpleRnn(Recurrent):
    """h = act(W·x + b + U·h₋)."""

    since = "2.13"
    kinds = ("simple_rnn",)
    architecture = "simplernn"
    components = ("h",)
    gated = False

    def step(self, layer: Layer, recurrent: Affine) -> Callable[[Affine, State], State]:
        activation, _ = activations_of(layer)

        def advance(x: Affine, state: State) -> State:
            return (activation(x["h"] + recurrent["h"] @ state[0]),)

        return advance


architectures.register("simplernn")(SimpleRnn())
