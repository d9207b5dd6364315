"""Feed a network from other inputs: each column of the old input vector from a column of the new.

Consumers feed the inputs that they have: one vector where the training used four, conditions in
another order or in another affine scale, latents of another mean and width, slots that a model
does not know. All of that is one affine map of the input vector, with a single entry per row, and
goes into the first dense layers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from caloexport.converters.free_names import primed
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.product import product


@dataclass(frozen=True)
class Wire:
    """Where one column of the old input vector comes from: scale·x[column] + offset.

    Attributes:
        column: of the new input vector, all new inputs side by side; None for a constant.
        scale, offset: exact in float64.
    """

    column: int | None
    scale: float = 1.0
    offset: float = 0.0


Wires = tuple[Wire, ...]


def rewire(network: Network, inputs: Mapping[str, Shape], wires: Sequence[Wire]) -> Network:
    """Return a network of other inputs: new(x) = old(the wired columns of x).

    Exact but for one rounding of the rewritten weights. Where something other than a dense layer
    reads an input, a dense layer that picks and scales the columns is put in front of it.

    Args:
        network: its inputs may have any shape; they are columns in C order.
        inputs: name and flat shape of each new input, in order.
        wires: one for each column of the old input vector.
    """
    return _Rewiring(network, inputs, wires).run()


class _Rewiring:
    """The nodes of the new network in the making."""

    def __init__(
        self, network: Network, inputs: Mapping[str, Shape], wires: Sequence[Wire]
    ) -> None:
        self.network = network
        kept = {node.name for node in network.nodes}
        self.inputs = {primed(name, kept): tuple(shape) for name, shape in inputs.items()}
        self.taken = kept | set(self.inputs)
        self.width = sum(math.prod(shape) for shape in self.inputs.values())
        self.nodes: list[Node] = []
        self.joint: str | None = None
        #: values of the old network that are affine in the new inputs, column by column
        self.affine: dict[str, Wires] = {}
        #: old names that are read from elsewhere -> where they are found
        self.found: dict[str, str] = {}
        start = 0
        for name, shape in network.inputs.items():
            stop = start + math.prod(shape)
            self.affine[name] = tuple(wires[start:stop])
            start = stop

    def run(self) -> Network:
        for node in self.network.nodes:
            flat = all(len(self.network.shapes[name]) == 1 for name in node.inputs)
            affine = all(name in self.affine for name in node.inputs)
            if node.kind == "concatenate" and flat and affine:
                self.affine[node.name] = sum((self.affine[n] for n in node.inputs), ())
            elif node.kind == "dense" and flat and affine and not self._as_it_is(node.inputs[0]):
                self.nodes.append(self._folded(node))
            else:
                inputs = tuple(self._read(name) for name in node.inputs)
                self.nodes.append(replace(node, inputs=inputs))
        outputs = [self._read(name) for name in self.network.outputs]
        return Network(self.inputs, self.nodes, outputs)

    def _as_it_is(self, name: str) -> bool:
        """Say whether a value is, column by column, one of the new inputs."""
        return self._same_input(name) is not None

    def _same_input(self, name: str) -> str | None:
        start, shape = 0, self.network.shapes[name]
        for candidate, size in ((n, math.prod(s)) for n, s in self.inputs.items()):
            straight = tuple(Wire(k) for k in range(start, start + size))
            if self.affine[name] == straight and self.inputs[candidate] == shape:
                return candidate
            start += size
        return None

    def _read(self, name: str) -> str:
        """Return the name under which the new network has a value of the old one."""
        if name not in self.affine:
            return name
        if name not in self.found:
            self.found[name] = self._same_input(name) or self._picked(name)
        return self.found[name]

    def _picked(self, name: str) -> str:
        """Add what computes an affine value, and return its name."""
        wires, shape = self.affine[name], self.network.shapes[name]
        kernel, bias = np.zeros((self.width, len(wires))), np.zeros(len(wires))
        for k, wire in enumerate(wires):
            bias[k] = wire.offset
            if wire.column is not None:
                kernel[wire.column, k] = wire.scale
        weights = {"kernel": kernel.astype(np.float32), "bias": bias.astype(np.float32)}
        flat = self._new_name(f"{name}:picked")
        self.nodes.append(Node(flat, "dense", (self._joint(),), {}, weights))
        if len(shape) == 1:
            return flat
        shaped = self._new_name(f"{name}:shaped")
        self.nodes.append(Node(shaped, "reshape", (flat,), {"shape": list(shape)}))
        return shaped

    def _folded(self, node: Node) -> Node:
        """Return a dense node that reads the new inputs."""
        wires, old = self.affine[node.inputs[0]], node.weights["kernel"]
        kernel = np.zeros((self.width, old.shape[1]), dtype=np.float64)
        for k, wire in enumerate(wires):
            if wire.column is not None:
                kernel[wire.column] += wire.scale * old[k].astype(np.float64)
        offsets = np.array([wire.offset for wire in wires])
        bias = node.weights["bias"] + product(offsets, old)
        new: dict[str, Array] = {
            "kernel": kernel.astype(old.dtype),
            "bias": bias.astype(node.weights["bias"].dtype),
        }
        return replace(node.with_weights(**new), inputs=(self._joint(),))

    def _joint(self) -> str:
        """Return the name of all new inputs side by side."""
        if self.joint is None:
            self.joint = next(iter(self.inputs))
            if len(self.inputs) > 1:
                self.joint = self._new_name("inputs")
                self.nodes.append(Node(self.joint, "concatenate", tuple(self.inputs)))
        return self.joint

    def _new_name(self, wanted: str) -> str:
        name = primed(wanted, self.taken)
        self.taken.add(name)
        return name
