"""The network: a directed graph of layers, independent of any file format.

A node is pure data: a kind (the name of an entry in ``runtime/layers``), the names of what it
reads, constant attributes and weights. Nodes stand in the order in which they can be evaluated.
Shapes leave the batch axis out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.runtime.layers import layers

Shape = tuple[int, ...]

#: a guard against damaged files: all values of one shower together, a gigabyte in float64
MAX_VALUES = 2**27


@dataclass(frozen=True, eq=False)
class Node:
    """One layer of a network.

    Attributes:
        name: unique in the network; outputs and messages refer to it.
        kind: entry of the layer registry, for example ``"dense"``.
        inputs: names of nodes or of network inputs, in the order the kind expects.
        attributes: constants that fit into JSON.
        weights: arrays, by the names that the kind declares.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Array] = field(default_factory=dict)

    def with_weights(self, **weights: Array) -> Node:
        """Return a copy with some weights replaced."""
        return replace(self, weights={**self.weights, **weights})


class Network:
    """A checked, immutable graph with the shape of every node.

    Args:
        inputs: name and shape of each input, in order.
        nodes: in an order in which each reads only inputs and earlier nodes.
        outputs: names of the nodes (or inputs) that the network returns.

    Raises:
        InputFileError: a name is missing or used twice, or shapes do not fit.

    >>> import numpy as np
    >>> double = Node("double", "dense", ("x",), {}, {"kernel": 2 * np.eye(3), "bias": np.zeros(3)})
    >>> network = Network({"x": (3,)}, [double], ["double"])
    >>> network.shapes["double"], network.parameters
    ((3,), 12)
    """

    def __init__(
        self, inputs: Mapping[str, Shape], nodes: Iterable[Node], outputs: Iterable[str]
    ) -> None:
        self.inputs = {name: tuple(shape) for name, shape in inputs.items()}
        self.nodes = tuple(nodes)
        self.outputs = tuple(outputs)
        self.shapes = self._infer_shapes()

    def __getitem__(self, name: str) -> Node:
        for node in self.nodes:
            if node.name == name:
                return node
        message = f"no layer named '{name}'"
        raise InputFileError(message, hint=f"layers: {', '.join(n.name for n in self.nodes)}")

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(w.size for node in self.nodes for w in node.weights.values())

    @property
    def flops(self) -> int:
        """Floating-point operations of one evaluation, a multiply-add counted as two."""
        return sum(layers[n.kind].flops(n, [self.shapes[i] for i in n.inputs]) for n in self.nodes)

    @property
    def n_inputs(self) -> int:
        """Number of values that all inputs hold together."""
        return sum(math.prod(shape) for shape in self.inputs.values())

    @property
    def n_outputs(self) -> int:
        """Number of values that the first output holds."""
        return math.prod(self.shapes[self.outputs[0]])

    def consumers(self, name: str) -> list[Node]:
        """List the nodes that read ``name``."""
        return [node for node in self.nodes if name in node.inputs]

    def require_finite(self, where: str) -> Network:
        """Return the network if every weight is a finite number in float32.

        Raises:
            InputFileError: naming the layer, the weight and the first bad index.
        """
        for node in self.nodes:
            for key, value in node.weights.items():
                limit = np.finfo(np.float32).max
                if -limit <= value.min(initial=0) and value.max(initial=0) <= limit:
                    continue  # no memory taken; NaN is in no range
                bad = ~(np.abs(value) <= limit)  # True for NaN, too
                if bad.any():
                    index = tuple(int(i) for i in np.argwhere(bad)[0])
                    message = (
                        f"layer '{node.name}' has {int(bad.sum())} weights that are not finite "
                        f"float32 numbers, the first is {key}{list(index)} = {value[index]}"
                    )
                    raise InputFileError(
                        message, where=where, hint="the training diverged; use an earlier epoch"
                    )
        return self

    def _infer_shapes(self) -> dict[str, Shape]:
        shapes: dict[str, Shape] = dict(self.inputs)
        for name, shape in shapes.items():
            if not shape or min(shape) < 1:
                message = f"network input '{name}' has the shape {shape}, expected sizes above zero"
                raise InputFileError(message)
        total = sum(math.prod(shape) for shape in shapes.values())
        for node in self.nodes:
            if node.name in shapes:
                message = f"two layers are named '{node.name}'"
                raise InputFileError(message)
            for name in node.inputs:
                if name not in shapes:
                    message = f"layer '{node.name}' reads '{name}', which nothing before it makes"
                    raise InputFileError(message)
            if node.kind not in layers:
                near = UnknownName("layer kind", node.kind, layers.names())
                message = f"layer '{node.name}' is of the unknown kind '{node.kind}'"
                raise InputFileError(message, hint=near.hint)
            shapes[node.name] = layers[node.kind].shape(node, [shapes[i] for i in node.inputs])
            total += math.prod(shapes[node.name])
            if total > MAX_VALUES:
                message = f"up to layer '{node.name}', one shower takes {total:.3g} values"
                raise InputFileError(message, hint=f"at most {MAX_VALUES} are allowed")
        if not self.outputs:
            message = "the network has no output"
            raise InputFileError(message)
        for name in self.outputs:
            if name not in shapes:
                message = f"output '{name}' is not a layer of the network"
                raise InputFileError(message)
        return shapes
