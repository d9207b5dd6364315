"""Look at a network from the end of a pattern: what a node is, and what stands before it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node, Shape

#: how far a constant of a pattern may be from its value: the files hold float32
ROUNDING = 1e-6
MAX_DEGREE = 4


class Pattern:
    """A network whose nodes are replaced one by one.

    Args:
        network: stays as it is.

    Attributes:
        nodes: by name, in the order of evaluation.
        shapes: of every input and node.
    """

    def __init__(self, network: Network) -> None:
        self._inputs, self._outputs = network.inputs, network.outputs
        self.nodes = {node.name: node for node in network.nodes}
        self.shapes: dict[str, Shape] = dict(network.shapes)
        self._order = [node.name for node in network.nodes]
        self._before: dict[str, list[Node]] = {}

    def node(self, name: str, kind: str | None = None) -> Node | None:
        """Return the node of a name, if there is one and it is of that kind."""
        found = self.nodes.get(name)
        return found if found is not None and kind in (None, found.kind) else None

    def function(self, name: str, *functions: str) -> Node | None:
        """Return the node of a name if it is an activation by one of these functions."""
        found = self.node(name, "activation")
        return found if found and found.attributes.get("function") in functions else None

    def line(self, name: str, stop: str = "") -> tuple[str, Array, Array]:
        """Return source, scale and offset of a chain of normalizations; (name, 1, 0) for none.

        The product of two steps is taken in float64. The chain ends at ``stop``, if it comes
        there.
        """
        scale, offset = np.ones(1), np.zeros(1)
        while name != stop and (node := self.node(name, "normalization")) is not None:
            offset = scale * node.weights["offset"] + offset
            scale = scale * node.weights["scale"]
            name = node.inputs[0]
        return name, scale, offset

    def unit_line(self, name: str, stop: str = "") -> tuple[str, float, float] | None:
        """Return source, scale and offset of a chain if they are the same for all units."""
        source, scale, offset = self.line(name, stop)
        if np.ptp(scale) or np.ptp(offset):
            return None
        return source, float(scale[0]), float(offset[0])

    def product(self, name: str) -> tuple[float, list[str]]:
        """Return the factors of a product: one number, and the names of the others."""
        node = self.nodes.get(name)
        if node is not None and node.kind == "multiply":
            parts = [self.product(part) for part in node.inputs]
            return float(np.prod([p[0] for p in parts])), [n for p in parts for n in p[1]]
        if node is not None and node.kind == "normalization":
            scale, offset = node.weights["scale"], node.weights["offset"]
            if not np.ptp(scale) and not offset.any():
                factor, names = self.product(node.inputs[0])
                return factor * float(scale[0]), names
        return 1.0, [name]

    def polynomial(self, name: str, x: str) -> dict[int, float] | None:
        """Return the coefficients by degree of a value that is a polynomial of ``x``, else None."""
        if name == x:
            return {1: 1.0}
        node = self.nodes.get(name)
        if node is None or node.kind not in ("multiply", "add", "normalization", "activation"):
            return None
        parts = [self.polynomial(part, x) for part in node.inputs]
        if any(part is None for part in parts):
            return None
        known = [part for part in parts if part is not None]
        if node.kind == "normalization":
            scale, offset = node.weights["scale"], node.weights["offset"]
            if np.ptp(scale) or np.ptp(offset):
                return None
            return _sum([_product([known[0], {0: float(scale[0])}]), {0: float(offset[0])}])
        if node.kind == "activation":
            is_square = node.attributes["function"] == "square"
            return _product([known[0], known[0]]) if is_square else None
        return _sum([*known]) if node.kind == "add" else _product(known)

    def readers(self, name: str) -> int:
        """Return how many inputs of nodes and outputs of the network a node makes."""
        read = sum(node.inputs.count(name) for node in self.nodes.values())
        return read + self._outputs.count(name)

    def replace(self, name: str, nodes: list[Node]) -> None:
        """Put nodes in the place of one; the last has its name."""
        for node in nodes:
            self.nodes[node.name] = node
            self.shapes[node.name] = layers[node.kind].shape(
                node, [self.shapes[i] for i in node.inputs]
            )
        self._before.setdefault(name, []).extend(nodes[:-1])

    def finished(self) -> Network:
        """Return the network without the nodes that no output needs."""
        nodes = []
        for name in self._order:
            nodes += [*(n for n in self._before.get(name, ())), self.nodes[name]]
        needed = set(self._outputs)
        kept = []
        for node in reversed(nodes):
            if node.name in needed:
                needed.update(node.inputs)
                kept.append(node)
        return Network(self._inputs, kept[::-1], self._outputs)


def close(found: float, wanted: float) -> bool:
    """Say whether a number of a file is a constant of a formula, as float32 holds it.

    >>> close(0.70710677, 0.7071067811865476), close(0.7071, 0.7071067811865476)
    (True, False)
    """
    return abs(found - wanted) <= ROUNDING * abs(wanted)


def _product(factors: list[dict[int, float]]) -> dict[int, float] | None:
    result = {0: 1.0}
    for factor in factors:
        grown: dict[int, float] = {}
        for a, left in result.items():
            for b, right in factor.items():
                grown[a + b] = grown.get(a + b, 0.0) + left * right
        result = grown
    return result if max(result) <= MAX_DEGREE else None


def _sum(terms: list[dict[int, float] | None]) -> dict[int, float] | None:
    result: dict[int, float] = {}
    for term in terms:
        for degree, coefficient in (term or {}).items():
            result[degree] = result.get(degree, 0.0) + coefficient
    return None if any(term is None for term in terms) else result


def pairs(node: Node) -> Iterable[tuple[str, str]]:
    """Return both orders of the inputs of a node that has two."""
    if len(node.inputs) != 2:
        return ()
    first, second = node.inputs
    return ((first, second), (second, first))


def scaled(name: str, source: str, scale: Array | float, shape: Shape) -> Node:
    """Return the normalization that multiplies by a number, or by one for each unit."""
    units = shape[-1:]
    weights = {
        "scale": np.broadcast_to(np.asarray(scale, np.float32), units).copy(),
        "offset": np.zeros(units, np.float32),
    }
    return Node(name, "normalization", (source,), {}, weights)


def activation(
    name: str,
    source: str,
    function: str,
    trained: dict[str, Array] | None = None,
    **constants: float,
) -> Node:
    """Return an activation node."""
    weights = {key: np.asarray(value, np.float32) for key, value in (trained or {}).items()}
    shortest = {key: shortest_float32(value) for key, value in constants.items()}
    return Node(name, "activation", (source,), {"function": function, **shortest}, weights)


def shortest_float32(value: float) -> float:
    """Return the number of fewest digits that is the same float32, if the value is one.

    >>> shortest_float32(0.10000000149011612), shortest_float32(1 / 6)
    (0.1, 0.16666666666666666)
    """
    single = np.float32(value)
    return float(str(single)) if float(single) == value else value
