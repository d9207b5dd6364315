"""Recurrent layers written out step by step, with the operators of any graph format.

The number of steps is known, so no format needs its loops for them. The weights are shared by
all steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from caloexport.runtime.network import Node

#: a tensor of the format: a name, a symbolic tensor
Tensor = Any


class Operators(Protocol):
    """What a format must be able to add to its graph."""

    def weight(self, key: str, start: int = 0, stop: int | None = None) -> Tensor:
        """Return columns of a weight of the node."""

    def matmul(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the matrix product over the last axis of x."""

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the sum."""

    def multiply(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the product, element by element."""

    def complement(self, x: Tensor) -> Tensor:
        """Return 1 - x."""

    def split(self, x: Tensor, parts: int) -> list[Tensor]:
        """Cut the last axis into equal parts."""

    def step(self, x: Tensor, k: int) -> Tensor:
        """Return step k of a tensor (batch, steps, values)."""

    def stack(self, steps: list[Tensor]) -> Tensor:
        """Join tensors (batch, values) to one of (batch, steps, values)."""

    def activate(self, given: Mapping[str, Any], x: Tensor) -> Tensor:
        """Return an inner activation of x."""


def unrolled(operators: Operators, node: Node, x: Tensor, steps: int) -> Tensor:
    """Add a recurrent layer to a graph and return its output.

    Args:
        operators: of the format.
        node: of the kind lstm, gru or simple_rnn.
        x: (batch, steps, n_in).
        steps: how many there are.
    """
    o = operators
    projected = o.add(o.matmul(x, o.weight("kernel")), o.weight("bias"))
    order = range(steps)
    advance = {"lstm": _lstm, "gru": _gru, "simple_rnn": _simple_rnn}[node.kind]
    state: tuple[Tensor, ...] = ()
    outputs = []
    for k in reversed(order) if node.attributes.get("go_backwards", False) else order:
        state = advance(o, node, o.step(projected, k), state)
        outputs.append(state[0])
    return o.stack(outputs) if node.attributes.get("return_sequences", False) else outputs[-1]


def _simple_rnn(
    o: Operators, node: Node, x: Tensor, state: tuple[Tensor, ...]
) -> tuple[Tensor, ...]:
    if state:
        x = o.add(x, o.matmul(state[0], o.weight("recurrent_kernel")))
    return (o.activate(node.attributes["activation"], x),)


def _lstm(o: Operators, node: Node, x: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    function, gate = node.attributes["activation"], node.attributes["recurrent_activation"]
    if state:
        x = o.add(x, o.matmul(state[0], o.weight("recurrent_kernel")))
    x_i, x_f, x_c, x_o = o.split(x, 4)
    c = o.multiply(o.activate(gate, x_i), o.activate(function, x_c))
    if state:
        c = o.add(o.multiply(o.activate(gate, x_f), state[1]), c)
    return o.multiply(o.activate(gate, x_o), o.activate(function, c)), c


def _gru(o: Operators, node: Node, x: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    function, gate = node.attributes["activation"], node.attributes["recurrent_activation"]
    after = node.attributes.get("reset_after", False)
    units = node.weights["recurrent_kernel"].shape[0]
    gates, last = (0, 2 * units), (2 * units, 3 * units)

    def recurrent(h: Tensor, columns: tuple[int, int]) -> Tensor:
        return o.add(
            o.matmul(h, o.weight("recurrent_kernel", *columns)),
            o.weight("recurrent_bias", *columns),
        )

    x_z, x_r, x_h = o.split(x, 3)
    if not state:  # h is zero, what is left of the products is their bias
        b_z, b_r, b_h = o.split(o.weight("recurrent_bias"), 3)
        rest = o.multiply(o.activate(gate, o.add(x_r, b_r)), b_h) if after else b_h
        z = o.activate(gate, o.add(x_z, b_z))
        return (o.multiply(o.complement(z), o.activate(function, o.add(x_h, rest))),)
    (h,) = state
    u_z, u_r = o.split(recurrent(h, gates), 2)
    z, r = o.activate(gate, o.add(x_z, u_z)), o.activate(gate, o.add(x_r, u_r))
    rest = o.multiply(r, recurrent(h, last)) if after else recurrent(o.multiply(r, h), last)
    new = o.multiply(o.complement(z), o.activate(function, o.add(x_h, rest)))
    return (o.add(o.multiply(z, h), new),)
