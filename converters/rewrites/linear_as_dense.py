"""Work on flat vectors: linear layers become matrices, and reshapes disappear.

A reshape keeps the order of the values, so it matters only to layers that look at axes. Those that
are linear (convolutions, their transposes, upsampling, every layer that moves values, sums and
means) are one matrix and one bias on the flattened values, found by evaluating the layer itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from caloexport.converters.rewrites.sequences import sequences
from caloexport.converters.targets import Refusal
from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.layers import Combination, layers
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.selection import places_of

#: weights that one matrix may have; as text they take some 40 MB
WEIGHT_LIMIT = 4_000_000
#: values that an evaluation on rows of the identity may hold
BLOCK_VALUES = 1 << 22

#: kinds of one input whose outputs are weighted sums of their inputs, plus constants
LINEAR = ("conv", "conv_transpose", "pad", "permute", "slice", "upsample")


def linear_as_dense(network: Network) -> Network:
    """Return an equal network in which all but sequences is a flat vector.

    A chain of linear layers that nothing else reads becomes one dense layer, in float64. Where a
    layer stands in the way (see :func:`obstacle`) the network stays as it is.

    >>> nodes = [Node("y", "permute", ("x",), {"order": [1, 0]})]
    >>> linear_as_dense(Network({"x": (1, 2)}, nodes, ["y"])).shapes
    {'x': (2,), 'y': (2,)}
    """
    if not any(_looks_at_axes(network, node) for node in network.nodes):
        return network
    try:
        return _Walk(network).result()
    except _ObstacleError:
        return network


def obstacle(network: Network) -> Refusal | None:
    """Return the layer that keeps a network from becoming flat, with the reason."""
    try:
        _Walk(network)
    except _ObstacleError as error:
        return error.refusal
    return None


class _ObstacleError(Exception):
    def __init__(self, layer: str, reason: str) -> None:
        super().__init__(reason)
        self.refusal = Refusal(layer, reason)


@dataclass
class _Matrix:
    """A dense layer to come.

    Attributes:
        name, source: of the layer and of what it reads.
        layer: which it stands for, for messages.
        sizes: of the values that it passes, flat, from input to output.
        functions: what it does to rows of values, one after the other.
        shared: something else reads what is made so far.
        placed: a layer that reads it stands in the network.
    """

    name: str
    source: str
    layer: str
    sizes: list[int]
    functions: list[Callable[[Float64], Float64]]
    shared: bool = False
    placed: bool = False

    def node(self) -> Node:
        """Return the dense layer: rows of the identity give the kernel, a row of zeros the bias."""
        n_in, n_out = self.sizes[0], self.sizes[-1]
        bias = self._run(np.zeros((1, n_in)))[0]
        kernel = np.empty((n_in, n_out))
        rows = max(1, BLOCK_VALUES // max(self.sizes))
        for start in range(0, n_in, rows):
            stop = min(n_in, start + rows)
            identity = np.zeros((stop - start, n_in))
            identity[np.arange(stop - start), np.arange(start, stop)] = 1
            kernel[start:stop] = self._run(identity) - bias
        return Node(self.name, "dense", (self.source,), {}, {"kernel": kernel, "bias": bias})

    def _run(self, x: Float64) -> Float64:
        for function in self.functions:
            x = function(x)
        return x


class _Walk:
    """Goes through a network once and notes for every value what it is on flat vectors."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sequences = sequences(network)
        self._made: list[Node | _Matrix] = []
        self._values: dict[str, str | _Matrix] = {name: name for name in network.inputs}
        for node in network.nodes:
            self._add(node, [network.shapes[name] for name in node.inputs])
        self._outputs = [self._flat(name) for name in network.outputs]

    def result(self) -> Network:
        """Return the network on flat vectors."""
        inputs = {
            name: shape if name in self._sequences else (math.prod(shape),)
            for name, shape in self._network.inputs.items()
        }
        nodes = [made.node() if isinstance(made, _Matrix) else made for made in self._made]
        return Network(inputs, nodes, self._outputs)

    def _add(self, node: Node, shapes: list[Shape]) -> None:
        stepwise = any(name in self._sequences for name in node.inputs)
        function = None if stepwise else _linear(node, shapes)
        if stepwise:
            self._keep(node)
        elif node.kind in ("reshape", "dropout"):
            self._values[node.name] = self._passed(node.inputs[0])
        elif function is not None:
            self._extend(node, node.inputs[0], function)
        elif all(len(shape) == 1 for shape in shapes):
            self._keep(replace(node, inputs=tuple(self._flat(name) for name in node.inputs)))
        elif node.kind == "concatenate":
            self._join(node, shapes)
        elif isinstance(layers[node.kind], Combination):
            self._combine(node, shapes)
        else:
            flat = _by_value(node, self._network.shapes[node.name])
            if flat is None:
                what = node.attributes.get("function", node.kind)
                reason = f"{what} cannot work on flat vectors, this one reads {shapes[0]}"
                raise _ObstacleError(node.name, reason)
            self._keep(replace(flat, inputs=tuple(self._flat(name) for name in node.inputs)))

    def _keep(self, node: Node) -> None:
        self._made.append(node)
        self._values[node.name] = node.name

    def _flat(self, name: str) -> str:
        """Return the name of a value in the new network, its matrix placed."""
        value = self._values[name]
        if isinstance(value, str):
            return value
        if not value.placed:
            if value.sizes[0] * value.sizes[-1] > WEIGHT_LIMIT:
                reason = f"as a dense layer it takes {value.sizes[0]} x {value.sizes[-1]} weights"
                raise _ObstacleError(value.layer, f"{reason}, at most {WEIGHT_LIMIT} are made")
            self._made.append(value)
            value.placed = True
        return value.name

    def _passed(self, name: str) -> str | _Matrix:
        """Return a value that a reader takes further, noting whether it is the only reader."""
        value = self._values[name]
        network = self._network
        if isinstance(value, _Matrix):
            value.shared |= len(network.consumers(name)) > 1 or name in network.outputs
        return value

    def _extend(self, node: Node, source: str, function: Callable[[Float64], Float64]) -> None:
        """Let a linear layer continue the matrix that it reads, or begin one."""
        value = self._passed(source)
        sizes = [math.prod(self._network.shapes[name]) for name in (source, node.name)]
        if isinstance(value, _Matrix) and not value.shared:
            functions, sizes = [*value.functions, function], [*value.sizes, sizes[1]]
            self._values[node.name] = _Matrix(node.name, value.source, node.name, sizes, functions)
        else:
            source = self._flat(source)
            self._values[node.name] = _Matrix(node.name, source, node.name, sizes, [function])

    def _join(self, node: Node, shapes: list[Shape]) -> None:
        """Join flat vectors, and bring the values into the order of the axis."""
        places = places_of(node, shapes).reshape(-1)
        inputs = tuple(self._flat(name) for name in node.inputs)
        if np.array_equal(places, np.arange(places.size)):
            self._keep(Node(node.name, "concatenate", inputs))
            return
        joint = f"{node.name}:joint"
        self._made.append(Node(joint, "concatenate", inputs))
        sizes = [places.size] * 2
        taking = [_taking(places)]
        self._values[node.name] = _Matrix(node.name, joint, node.name, sizes, taking)

    def _combine(self, node: Node, shapes: list[Shape]) -> None:
        """Combine flat vectors, those that are repeated along an axis repeated first."""
        common, inputs = self._network.shapes[node.name], []
        for k, (name, shape) in enumerate(zip(node.inputs, shapes, strict=True)):
            read = self._flat(name)
            if shape != common:
                numbers = np.arange(math.prod(shape)).reshape(shape)
                places = np.broadcast_to(numbers, common).reshape(-1)
                repeated = f"{node.name}:{k}"
                sizes = [numbers.size, places.size]
                taking = [_taking(places)]
                self._values[repeated] = _Matrix(repeated, read, node.name, sizes, taking)
                read = self._flat(repeated)
            inputs.append(read)
        self._keep(replace(node, inputs=tuple(inputs)))


def _looks_at_axes(network: Network, node: Node) -> bool:
    shapes = [network.shapes[name] for name in (node.name, *node.inputs)]
    return any(len(shape) > 1 for shape in shapes) or node.kind in (*LINEAR, "reduce", "reshape")


def _linear(node: Node, shapes: list[Shape]) -> Callable[[Float64], Float64] | None:
    """Return what a linear layer does to rows of flat values; None for other layers."""
    linear = (
        node.kind in LINEAR
        or (node.kind == "dense" and len(shapes[0]) > 1)
        or (node.kind == "reduce" and node.attributes["function"] in ("sum", "mean"))
    )
    if not linear:
        return None
    exact = node.with_weights(**{k: w.astype(np.float64) for k, w in node.weights.items()})

    def run(x: Float64) -> Float64:
        return layers[node.kind].evaluate(exact, [x.reshape(-1, *shapes[0])]).reshape(len(x), -1)

    return run


def _taking(places: Integers) -> Callable[[Float64], Float64]:
    return lambda x: x[:, places]


def _by_value(node: Node, shape: Shape) -> Node | None:
    """Return the node that does the same to the flattened values, None when there is none."""
    repeats, function = math.prod(shape[:-1]), node.attributes.get("function")
    if node.kind == "activation" and not activations[str(function)].elementwise:
        groups = [shape[-1]] if function == "softmax" else node.attributes.get("groups", [])
        if function not in ("softmax", "grouped_softmax") or sum(groups) != shape[-1]:
            return None
        attributes = {"function": "grouped_softmax", "groups": list(groups) * repeats}
        return replace(node, attributes=attributes)
    if node.kind not in ("normalization", "activation"):
        return None

    def repeated(weight: Array) -> Array:
        one_for_all = node.kind == "activation" and weight.size == 1
        return weight if one_for_all else np.tile(weight, repeats)

    return node.with_weights(**{key: repeated(w) for key, w in node.weights.items()})
