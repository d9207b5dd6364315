"""From a graph to its plan: one walk that hands out places in the scratch row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import (
    ALIASES,
    SELECTIONS,
    Plan,
    Step,
    lacking_instructions,
    refusal,
)
from caloexport.runtime.kernels.plan_composites import (
    plan_highway,
    plan_layer_normalization,
    plan_maxout,
)
from caloexport.runtime.kernels.plan_convolutions import (
    plan_conv,
    plan_conv_transpose,
    window_floats,
)
from caloexport.runtime.kernels.plan_selections import plan_reduction, plan_selection
from caloexport.runtime.layers.concatenate import joined_axis
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.packing import Packed


def make_plan(manifest: Manifest, packed: Packed, *, hot: bool = False) -> Plan:
    """Plan a network.

    Args:
        manifest: the graph with the shape of every weight.
        packed: the packed weights; only their addresses are taken.
        hot: whether the weights are expected in the caches, which decides on the order of reading.

    Raises:
        UnsupportedError: a layer that cannot be compiled.
    """
    reason = refusal(manifest) or lacking_instructions(manifest)
    if reason is not None:
        raise reason
    network = weightless_network(manifest.network, manifest.name)
    return Planner(network, packed, manifest.precision, hot).plan()


class Planner:
    """Walks the graph once and hands out places in the scratch row.

    Attributes:
        network: shapes and attributes; its weights are zeros.
        places: where in the scratch row a value stands.
        precision: of the kernels that are not stored as float32.
        hot: whether the weights are expected in the caches.
        storages: storage and address of the scales of a kernel at an address, unless float32.
        windows: place for the windows or products of a block of positions; convolutions share it.
    """

    def __init__(self, network: Network, packed: Packed, precision: str, hot: bool) -> None:
        self.network = network
        self.precision = precision
        self.hot = hot
        self.storages: dict[int, tuple[int, int]] = {}
        self.packed = packed
        self.places: dict[str, int] = {}
        self.width = 0
        self.windows = 0
        self.steps: list[Step] = []
        self.keep: list[Array] = []
        self.fused: set[str] = set()

    def plan(self) -> Plan:
        for name, shape in self.network.inputs.items():
            self.places[name] = self.place(shape)
        n_in = self.width
        self.windows = self.place((max(map(window_floats, self.network.nodes), default=0),))
        for node in self.network.nodes:
            if node.name not in self.fused:
                self._add(node)
        self._finish()
        table = np.zeros((len(self.steps), codes.COLUMNS), dtype=np.int64)
        constants = np.zeros((len(self.steps), codes.N_CONSTANTS), dtype=np.float32)
        for row, step in enumerate(self.steps):
            for column, number in step.numbers.items():
                table[row, column] = number
            constants[row, : len(step.constants)] = step.constants
            storage = self.storages.get(int(table[row, codes.FIRST]))
            if storage is not None:
                table[row, codes.STORAGE], table[row, codes.SCALE] = storage
        table[:, codes.HOT] = self.hot
        keep = tuple(self.keep)
        return Plan(table, constants, self.width, n_in, self.network.n_outputs, keep)

    def _add(self, node: Node) -> None:
        source = self.places[node.inputs[0]]
        linear = node.kind == "activation" and node.attributes["function"] == "linear"
        if node.kind in ALIASES or linear:
            self.places[node.name] = source
        elif node.kind == "dense":
            self._dense(node, source)
        elif node.kind == "activation":
            self._activation(node, source)
        elif node.kind == "normalization":
            self._normalization(node, source)
        elif node.kind == "concatenate":
            self._concatenate(node)
        elif node.kind in codes.COMBINATIONS:
            self._combine(node)
        else:
            LAYERS[node.kind](self, node, source)

    def _dense(self, node: Node, source: int) -> None:
        shape = self.network.shapes[node.name]
        target, numbers, constants = self.with_activation(node)
        row = {
            codes.OPERATION: codes.DENSE,
            codes.SOURCE: source,
            codes.TARGET: target,
            codes.POSITIONS: math.prod(shape[:-1]),
            codes.N_IN: node.weights["kernel"].shape[0],
            codes.N_OUT: shape[-1],
            codes.FIRST: self.weight(node, "kernel"),
            codes.SECOND: self.weight(node, "bias"),
        }
        self.steps.append(Step({**row, **numbers}, constants))

    def with_activation(self, node: Node) -> tuple[int, dict[int, int], tuple[float, ...]]:
        """Return the place of a layer's result, and numbers and constants of its activation.

        An element-wise activation that alone reads the layer is computed with it.
        """
        numbers: dict[int, int] = {}
        constants: tuple[float, ...] = ()
        last = node
        following = self._fusable(node)
        if following is not None:
            self.fused.add(following.name)
            last = following
            numbers, constants = self._function(following)
        self.places[last.name] = self.place(self.network.shapes[node.name])
        return self.places[last.name], numbers, constants

    def _fusable(self, node: Node) -> Node | None:
        """Return the element-wise activation that alone reads a layer."""
        readers = self.network.consumers(node.name)
        if len(readers) != 1 or node.name in self.network.outputs:
            return None
        reader = readers[0]
        simple = reader.kind == "activation" and reader.attributes["function"] in codes.ACTIVATIONS
        return reader if simple else None

    def _function(self, node: Node) -> tuple[dict[int, int], tuple[float, ...]]:
        name = node.attributes["function"]
        entry = activations[name]
        given = [node.attributes.get(key, default) for key, default in entry.constants.items()]
        numbers = {codes.FUNCTION: codes.ACTIVATIONS[name]}
        for key in entry.trained:
            numbers[codes.TRAINED] = self.weight(node, key)
            numbers[codes.TRAINED_STEP] = int(node.weights[key].size > 1)
        return numbers, tuple(float(value) for value in given)

    def inner_function(self, given: Mapping[str, Any]) -> tuple[dict[int, int], tuple[float, ...]]:
        """Return numbers and constants of an activation inside a layer."""
        entry = activations[given["function"]]
        numbers = {codes.FUNCTION: codes.ACTIVATIONS[given["function"]]}
        for key in entry.trained:
            numbers[codes.TRAINED] = self.address(np.array([given[key]], dtype=np.float32))
        constants = [given.get(key, default) for key, default in entry.constants.items()]
        return numbers, tuple(float(value) for value in constants)

    def _activation(self, node: Node, source: int) -> None:
        name = node.attributes["function"]
        row = self.unary(node, source, codes.ACTIVATE)
        if name in codes.ACTIVATIONS:
            numbers, constants = self._function(node)
            self.steps.append(Step({**row, **numbers}, constants))
            return
        units = row[codes.N_OUT]
        groups = list(node.attributes["groups"]) if name == "grouped_softmax" else [units]
        sizes = {
            codes.N_IN: len(groups),
            codes.FIRST: self.address(_integers(groups)),
            codes.FUNCTION: codes.SOFTMAXES[name],
        }
        self.steps.append(Step({**row, codes.OPERATION: codes.SOFTMAX, **sizes}))

    def _normalization(self, node: Node, source: int) -> None:
        row = self.unary(node, source, codes.NORMALIZE)
        row[codes.FIRST] = self.weight(node, "scale")
        row[codes.SECOND] = self.weight(node, "offset")
        self.steps.append(Step(row))

    def unary(self, node: Node, source: int, operation: int) -> dict[int, int]:
        """Return the row of an operation that keeps the shape of its one input."""
        shape = self.network.shapes[node.name]
        self.places[node.name] = self.place(shape)
        units = shape[-1] if shape else 1
        return {
            codes.OPERATION: operation,
            codes.SOURCE: source,
            codes.TARGET: self.places[node.name],
            codes.POSITIONS: math.prod(shape) // max(1, units),
            codes.N_OUT: units,
        }

    def _concatenate(self, node: Node) -> None:
        shape = self.network.shapes[node.name]
        axis = joined_axis(node, shape)
        place = self.places[node.name] = self.place(shape)
        for name in node.inputs:
            size = math.prod(self.network.shapes[name][axis:])
            row = {
                codes.OPERATION: codes.COPY,
                codes.SOURCE: self.places[name],
                codes.TARGET: place,
                codes.POSITIONS: math.prod(shape[:axis]),
                codes.N_IN: size,
                codes.N_OUT: math.prod(shape[axis:]),
            }
            self.steps.append(Step(row))
            place += size

    def _combine(self, node: Node) -> None:
        total, shape = self.places[node.inputs[0]], self.network.shapes[node.inputs[0]]
        for name in node.inputs[1:]:
            other = self.network.shapes[name]
            common = tuple(int(n) for n in np.broadcast_shapes(shape, other))
            maps = _index_map(shape, common), _index_map(other, common)
            total = self.combination(codes.COMBINATIONS[node.kind], total, self.places[name], maps)
            shape = common
        self.places[node.name] = total

    def combination(
        self, operation: int, first: int, second: int, maps: tuple[Integers, Integers]
    ) -> int:
        """Combine values at two places, picked by index maps, and return the place of the result."""
        # not in place: a broadcast operand is read many times
        target = self.place(maps[0].shape)
        row = {
            codes.OPERATION: operation,
            codes.SOURCE: first,
            codes.TARGET: target,
            codes.N_OUT: maps[0].size,
            codes.FIRST: self.address(maps[0]),
            codes.SECOND: self.address(maps[1]),
            codes.OTHER: second,
        }
        self.steps.append(Step(row))
        return target

    def _finish(self) -> None:
        """Let the last dense layer write to the caller's array, or copy the output there."""
        place = self.places[self.network.outputs[0]]
        last = self.steps[-1].numbers if self.steps else {}
        direct = (
            last.get(codes.OPERATION) == codes.DENSE
            and last[codes.TARGET] == place
            and last[codes.POSITIONS] == 1
        )
        if direct:
            numbers = {**last, codes.TARGET: codes.TO_OUTPUT}
            self.steps[-1] = Step(numbers, self.steps[-1].constants)
            self.width -= last[codes.N_OUT]  # its place was the last one handed out
        else:
            self.steps.append(Step({codes.OPERATION: codes.OUTPUT, codes.SOURCE: place}))

    def place(self, shape: Shape) -> int:
        """Hand out room for a value of this shape."""
        place = self.width
        self.width += math.prod(shape)
        return place

    def weight(self, node: Node, key: str) -> int:
        """Return the address of a packed weight, and note how it is stored."""
        array = self.packed[node.name, key]
        place = self.address(array)
        if array.dtype != np.float32:
            scale = self.packed.get((node.name, f"{key}_scale"))
            scales = 0 if scale is None else self.address(scale)
            self.storages[place] = codes.STORAGES[self.precision], scales
        return place

    def address(self, array: Array) -> int:
        """Return the address of an array, which is kept as long as the plan."""
        self.keep.append(array)
        return int(array.ctypes.data)


def _integers(numbers: list[int]) -> Integers:
    return np.array(numbers, dtype=np.int64)


def _index_map(shape: Shape, common: Shape) -> Integers:
    """Return for every value of the broadcast shape the one of ``shape`` that stands there."""
    places = np.arange(math.prod(shape), dtype=np.int64).reshape(shape)
    return np.ascontiguousarray(np.broadcast_to(places, common)).reshape(-1)


#: plans of the layer kinds that have a file of their own
LAYERS: dict[str, Callable[[Planner, Node, int], None]] = {
    **dict.fromkeys(SELECTIONS, plan_selection),
    "reduce": plan_reduction,
    "layer_normalization": plan_layer_normalization,
    "maxout": plan_maxout,
    "highway": plan_highway,
    "conv": plan_conv,
    "conv_transpose": plan_conv_transpose,
}
