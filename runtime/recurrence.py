"""What the recurrent layers share: the walk along a sequence, one step after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from caloexport.runtime.attributes import flag
from caloexport.runtime.inner_activation import check_inner
from caloexport.runtime.layers import LayerKind, misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape

#: the state of one step: (n, units) arrays, of which the first is the output
State = tuple["Array", ...]


class Recurrent(LayerKind):
    """A layer that reads (steps, n_in) and carries a state that begins with zeros.

    With ``return_sequences`` it gives its output at every step, else the last. With
    ``go_backwards`` it reads the last step first, and its outputs stand in the order in which it
    made them, as Keras has it.

    Attributes:
        gates: number of affine maps; kernels hold them side by side.
        states: number of arrays that it carries.
    """

    attributes: ClassVar[tuple[str, ...]] = (
        "activation",
        "recurrent_activation",
        "return_sequences",
        "go_backwards",
    )
    weights = {"kernel": 2, "recurrent_kernel": 2, "bias": 1}
    gates: ClassVar[int] = 1
    states: ClassVar[int] = 1

    def step(self, node: Node) -> Callable[[Array, State], State]:
        """Return the function that makes the next state of x·kernel + bias and the last state."""
        raise NotImplementedError

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        for key in ("activation", "recurrent_activation"):
            if key in self.attributes:
                check_inner(node, key)
        if len(shapes[0]) != 2:
            raise misfit(node, "a sequence (steps, values)", shapes[0])
        units = node.weights["recurrent_kernel"].shape[0]
        expected = {"kernel": shapes[0][1:], "recurrent_kernel": (units,)}
        for name in self.weights:
            wanted = (*expected.get(name, ()), self.gates * units)
            if not units or node.weights[name].shape != wanted:
                raise misfit(node, f"a {name} of {wanted}", node.weights[name].shape)
        flag(node, "go_backwards")
        return (shapes[0][0], units) if flag(node, "return_sequences") else (units,)

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        x, units = inputs[0], node.weights["recurrent_kernel"].shape[0]
        if node.attributes.get("go_backwards", False):
            x = x[:, ::-1]
        # (n, steps, n_in) @ (n_in, gates·units) + (gates·units,), all steps at once
        projected = x @ node.weights["kernel"] + node.weights["bias"]
        state: State = (np.zeros((len(x), units), dtype=x.dtype),) * self.states
        advance, outputs = self.step(node), []
        for k in range(x.shape[1]):
            state = advance(projected[:, k], state)
            outputs.append(state[0])
        whole = node.attributes.get("return_sequences", False)
        return np.stack(outputs, axis=1) if whole else outputs[-1]

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        kernels = node.weights["kernel"].size + node.weights["recurrent_kernel"].size
        units = node.weights["recurrent_kernel"].shape[0]
        return shapes[0][0] * (2 * kernels + 6 * self.gates * units)
