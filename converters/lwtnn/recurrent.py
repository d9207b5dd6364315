"""What LWTNN's recurrent layers share: components with W, U and b, and the walk along the steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from caloexport.converters.lwtnn.activation import (
    Activation,
    elementwise,
    from_ours,
    parse_activation,
    refusal,
)
from caloexport.converters.lwtnn.architectures import Architecture, Built, Compute
from caloexport.converters.lwtnn.layer import (
    Layer,
    Part,
    affine,
    matrix,
    parse_components,
)
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Network, Node

#: components W·x + b of one step, and U, by name
Affine = Mapping[str, Float64]
#: h and, for the LSTM, c: (units,) each
State = tuple[Float64, ...]


class Recurrent(Architecture):
    """A layer that carries a state along a sequence, beginning with zeros.

    Attributes:
        architecture: its own name.
        components: in the order in which our kernels hold them side by side.
        states: number of vectors that it carries.
        gated: it has an inner activation.
    """

    sequence = True
    architecture: ClassVar[str] = ""
    components: ClassVar[tuple[str, ...]] = ()
    states: ClassVar[int] = 1
    gated: ClassVar[bool] = True

    def parse(self, data: Any, where: str) -> Layer:
        components = parse_components(data, self.components, where)
        activation = parse_activation(data, "activation", where)
        inner = None
        if "inner_activation" in data:
            inner = parse_activation(data, "inner_activation", where)
        return Layer(self.architecture, None, (), components, activation, inner, where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        if self.gated and layer.inner_activation is None:
            message = "got undefined activation function: the key 'inner_activation' is missing"
            raise InputFileError(message, where=layer.where)
        parts = {name: affine(part, n_in, layer.where) for name, part in layer.components.items()}
        units = len(parts[self.components[0]][0])
        recurrent = {
            name: self._recurrent(layer, name, units, len(parts[name][0]))
            for name in self.components
        }
        advance = self.step(layer, recurrent)

        def compute(x: Float64) -> Float64:
            # (steps, n_in) · (n_in, units) + (units,)
            projected = {name: x @ w.T + b for name, (w, b) in parts.items()}
            state: State = (np.zeros(units),) * self.states
            rows = np.empty((len(x), units))
            for k in range(len(x)):
                state = advance({name: rows[k] for name, rows in projected.items()}, state)
                rows[k] = state[0]
            return rows

        return units, compute

    def _recurrent(self, layer: Layer, name: str, units: int, rows: int) -> Float64:
        """Return the matrix U (units, units) of a component."""
        given = layer.components[name].recurrent
        if given is None or not given.size or rows != units:
            message = (
                f"component '{name}' has {rows} outputs and {0 if given is None else given.size} "
                f"numbers U, expected {units} and {units * units}: the C++ would read past the end"
            )
            raise InputFileError(message, where=layer.where)
        found = matrix(given, units, layer.where)
        if len(found) != units:
            message = f"output dims mismatch, W: {units}, U: {len(found)}"
            raise InputFileError(message, where=layer.where)
        return found

    def step(self, layer: Layer, recurrent: Affine) -> Callable[[Affine, State], State]:
        """Return the function that makes the next state of W·x + b and the last state."""
        raise NotImplementedError

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        parts = [built.layer.components[key] for key in self.components]
        pairs = [affine(part, built.n_in, name) for part in parts]
        units = built.n_out
        recurrent = [matrix(_given(part.recurrent), units, name).T for part in parts]
        weights = {
            "kernel": np.concatenate([w.T for w, _ in pairs], axis=1),
            "recurrent_kernel": np.concatenate(recurrent, axis=1),
            "bias": np.concatenate([b for _, b in pairs]),
        }
        layer = built.layer
        attributes: dict[str, Any] = {"activation": elementwise(layer.activation, layer.where)}
        if self.gated:
            attributes["recurrent_activation"] = elementwise(layer.inner_activation, layer.where)
        attributes |= {"return_sequences": True, "go_backwards": False}
        return [Node(name, self.kinds[0], (source,), attributes, weights)]

    def refusal(self, network: Network, node: Node) -> str | None:
        if node.attributes.get("go_backwards"):
            return "LWTNN reads sequences forwards only"
        keys = ["activation", "recurrent_activation"] if self.gated else ["activation"]
        reasons = [refusal(node.attributes[key]) for key in keys]
        return next((reason for reason in reasons if reason is not None), None)

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        bias = self.joint_bias(node)
        count = len(self.components)
        kernels = np.split(node.weights["kernel"], count, axis=1)
        recurrent = np.split(node.weights["recurrent_kernel"], count, axis=1)
        parts = {
            name: Part(w.T, b, u.T)
            for name, w, b, u in zip(
                self.components, kernels, np.split(bias, count), recurrent, strict=True
            )
        }
        inner = from_ours(node.attributes["recurrent_activation"]) if self.gated else None
        activation = from_ours(node.attributes["activation"])
        return [Layer(self.architecture, None, (), parts, activation, inner)]

    def joint_bias(self, node: Node) -> Array:
        """Return the one bias that LWTNN has, the components side by side."""
        return node.weights["bias"]


def _given(array: Array | None) -> Array:
    return np.zeros(0) if array is None else array


def activations_of(layer: Layer) -> tuple[Activation, Activation]:
    """Return activation and inner activation of a layer that was checked."""
    linear = Activation("linear")
    return layer.activation or linear, layer.inner_activation or linear
