"""The operators of ONNX, as recurrent layers are written out with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.inner_activation import inner_activation
from caloexport.runtime.network import Node


class OnnxOperators:
    """Adds operators that are named after a node; each weight is added once."""

    def __init__(self, graph: OnnxGraph, node: Node) -> None:
        self._graph = graph
        self._node = node
        self._constants: dict[str, str] = {}
        self._count = 0

    def weight(self, key: str, start: int = 0, stop: int | None = None) -> str:
        name = self._place(key if stop is None else f"{key}_{start}")
        values = self._node.weights[key][..., start:stop]
        return self._once(name, lambda: self._graph.weight(name, values))

    def matmul(self, x: str, y: str) -> str:
        return self._operate("MatMul", [x, y])

    def add(self, x: str, y: str) -> str:
        return self._operate("Add", [x, y])

    def multiply(self, x: str, y: str) -> str:
        return self._operate("Mul", [x, y])

    def complement(self, x: str) -> str:
        name = self._place("one")
        one = self._once(name, lambda: self._graph.weight(name, np.ones(1)))
        return self._operate("Sub", [one, x])

    def split(self, x: str, parts: int) -> list[str]:
        names = [self._graph.name(f"{self._next()}/part_{k}") for k in range(parts)]
        self._graph.operate_for("Split", [x], names, axis=-1)
        return names

    def step(self, x: str, k: int) -> str:
        index = self._graph.sizes(self._place(f"index_{k}"), k)
        return self._operate("Gather", [x, index], axis=1)

    def stack(self, steps: list[str]) -> str:
        axis = self._graph.sizes(self._place("axis"), [1])
        wide = [self._operate("Unsqueeze", [step, axis]) for step in steps]
        return self._operate("Concat", wide, axis=1)

    def activate(self, given: Mapping[str, Any], x: str) -> str:
        place = self._next()
        return inner_activation(self._graph, given, place, x, self._graph.name(place))

    def _operate(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        return self._graph.operate(operator, inputs, self._graph.name(self._next()), **attributes)

    def _once(self, name: str, add: Callable[[], str]) -> str:
        if name not in self._constants:
            self._constants[name] = add()
        return self._constants[name]

    def _place(self, part: str) -> str:
        return f"{self._node.name}/{part}"

    def _next(self) -> str:
        self._count += 1
        return self._place(str(self._count))
