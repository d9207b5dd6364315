"""From a graph to its plan: one walk that hands out places in the scratch row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import ALIASES, Plan, refusal
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.network import Network, Node, Shape
from caloexport.runtime.packing import Packed


def make_plan(manifest: Manifest, packed: Packed) -> Plan:
    """Plan a network.

    Args:
        manifest: the graph with the shape of every weight.
        packed: the packed weights; only their addresses are taken.

    Raises:
        UnsupportedError: a layer that cannot be compiled.
    """
    reason = refusal(manifest)
    if reason is not None:
        raise reason
    return _Planner(weightless_network(manifest.network, manifest.name), packed).plan()


@dataclass(frozen=True)
class _Step:
    """One row of the plan, before it becomes numbers."""

    numbers: Mapping[int, int]
    constants: tuple[float, ...] = ()


class _Planner:
    """Walks the graph once and hands out places in the scratch row."""

    def __init__(self, network: Network, packed: Packed) -> None:
        self.network = network
        self.packed = packed
        self.places: dict[str, int] = {}
        self.width = 0
        self.steps: list[_Step] = []
        self.keep: list[Array] = []
        self.fused: set[str] = set()

    def plan(self) -> Plan:
        for name, shape in self.network.inputs.items():
            self.places[name] = self._place(shape)
        n_in = self.width
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
        else:
            self._combine(node)

    def _dense(self, node: Node, source: int) -> None:
        shape = self.network.shapes[node.name]
        last = node
        numbers: dict[int, int] = {}
        constants: tuple[float, ...] = ()
        following = self._fusable(node)
        if following is not None:
            self.fused.add(following.name)
            last = following
            numbers, constants = self._function(following)
        self.places[last.name] = self._place(shape)
        row = {
            codes.OPERATION: codes.DENSE,
            codes.SOURCE: source,
            codes.TARGET: self.places[last.name],
            codes.POSITIONS: math.prod(shape[:-1]),
            codes.N_IN: node.weights["kernel"].shape[0],
            codes.N_OUT: shape[-1],
            codes.FIRST: self._weight(node, "kernel"),
            codes.SECOND: self._weight(node, "bias"),
        }
        self.steps.append(_Step({**row, **numbers}, constants))

    def _fusable(self, node: Node) -> Node | None:
        """Return the element-wise activation that alone reads a dense layer."""
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
            numbers[codes.TRAINED] = self._weight(node, key)
            numbers[codes.TRAINED_STEP] = int(node.weights[key].size > 1)
        return numbers, tuple(float(value) for value in given)

    def _activation(self, node: Node, source: int) -> None:
        name = node.attributes["function"]
        row = self._unary(node, source, codes.ACTIVATE)
        if name in codes.ACTIVATIONS:
            numbers, constants = self._function(node)
            self.steps.append(_Step({**row, **numbers}, constants))
            return
        units = row[codes.N_OUT]
        groups = [units] if name == "softmax" else list(node.attributes["groups"])
        sizes = {codes.N_IN: len(groups), codes.FIRST: self._address(_integers(groups))}
        self.steps.append(_Step({**row, codes.OPERATION: codes.SOFTMAX, **sizes}))

    def _normalization(self, node: Node, source: int) -> None:
        row = self._unary(node, source, codes.NORMALIZE)
        row[codes.FIRST] = self._weight(node, "scale")
        row[codes.SECOND] = self._weight(node, "offset")
        self.steps.append(_Step(row))

    def _unary(self, node: Node, source: int, operation: int) -> dict[int, int]:
        shape = self.network.shapes[node.name]
        self.places[node.name] = self._place(shape)
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
        place = self.places[node.name] = self._place(shape)
        for name in node.inputs:
            size = self.network.shapes[name][-1]
            row = {
                codes.OPERATION: codes.COPY,
                codes.SOURCE: self.places[name],
                codes.TARGET: place,
                codes.POSITIONS: math.prod(shape[:-1]),
                codes.N_IN: size,
                codes.N_OUT: shape[-1],
            }
            self.steps.append(_Step(row))
            place += size

    def _combine(self, node: Node) -> None:
        total, shape = self.places[node.inputs[0]], self.network.shapes[node.inputs[0]]
        for name in node.inputs[1:]:
            other = self.network.shapes[name]
            common = tuple(int(n) for n in np.broadcast_shapes(shape, other))
            target = self._place(common)  # not in place: a broadcast operand is read many times
            row = {
                codes.OPERATION: codes.ADD if node.kind == "add" else codes.MULTIPLY,
                codes.SOURCE: total,
                codes.TARGET: target,
                codes.N_OUT: math.prod(common),
                codes.FIRST: self._address(_index_map(shape, common)),
                codes.SECOND: self._address(_index_map(other, common)),
                codes.OTHER: self.places[name],
            }
            self.steps.append(_Step(row))
            total, shape = target, common
        self.places[node.name] = total

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
            self.steps[-1] = _Step(numbers, self.steps[-1].constants)
            self.width -= last[codes.N_OUT]  # its place was the last one handed out
        else:
            self.steps.append(_Step({codes.OPERATION: codes.OUTPUT, codes.SOURCE: place}))

    def _place(self, shape: Shape) -> int:
        place = self.width
        self.width += math.prod(shape)
        return place

    def _weight(self, node: Node, key: str) -> int:
        return self._address(self.packed[node.name, key])

    def _address(self, array: Array) -> int:
        self.keep.append(array)
        return int(array.ctypes.data)


def _integers(numbers: list[int]) -> Integers:
    return np.array(numbers, dtype=np.int64)


def _index_map(shape: Shape, common: Shape) -> Integers:
    """Return for every value of the broadcast shape the one of ``shape`` that stands there."""
    places = np.arange(math.prod(shape), dtype=np.int64).reshape(shape)
    return np.ascontiguousarray(np.broadcast_to(places, common)).reshape(-1)
