"""LSTM: long short-term memory."""

from __future__ import annotations

from collections.abc import Callable

from caloexport.converters.lwtnn.architectures import architectures
from caloexport.converters.lwtnn.layer import Layer
from caloexport.converters.lwtnn.recurrent import Affine, Recurrent, State, activations_of


class Lstm(Recurrent):
    """c = f·c₋ + i·act(c_x), h = o·act(c), with the gates i, f, o = inner(W·x + b + U·h₋)."""

    kinds = ("lstm",)
    architecture = "lstm"
    components = ("i", "f", "c", "o")
    states = 2

    def step(self, layer: Layer, recurrent: Affine) -> Callable[[Affine, State], State]:
        activation, inner = activations_of(layer)

        def advance(x: Affine, state: State) -> State:
            h, c = state
            i, f, o = (inner(x[name] + recurrent[name] @ h) for name in "ifo")
            c = f * c + i * activation(x["c"] + recurrent["c"] @ h)
            return o * activation(c), c

        return advance


architectures.register("lstm")(Lstm())
