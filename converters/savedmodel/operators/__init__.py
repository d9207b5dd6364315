"""Operators of TensorFlow and what they become: one file for each family.

An operator gets a :class:`Call` and returns its outputs. With constants alone it computes; with
tensors it adds nodes to the draft of the network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from caloexport.converters.savedmodel.draft import Draft
from caloexport.converters.savedmodel.graph_message import GraphNode
from caloexport.converters.savedmodel.values import Tensor, TensorList, Value, Variable
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Call:
    """One node of the graph with what flows into it.

    Attributes:
        node: its attributes.
        inputs: values, in the order of the operator.
        draft: takes new nodes.
        read: gives the weights of a variable.
        run: calls a function of the graph.
    """

    node: GraphNode
    inputs: Sequence[Value]
    draft: Draft
    read: Callable[[Variable], Array]
    run: Callable[[str, Sequence[Value]], list[Value]]

    @property
    def name(self) -> str:
        """The node's name."""
        return self.node.name

    @property
    def constant(self) -> bool:
        """Whether all inputs are constants."""
        return all(isinstance(value, np.ndarray) for value in self.inputs)

    def tensor(self, number: int) -> Tensor:
        """Return an input that must depend on the network's inputs."""
        value = self._input(number)
        if not isinstance(value, Tensor):
            raise self.unsupported(f"reads a constant as its input {number}")
        return value

    def array(self, number: int) -> Array:
        """Return an input that must be constant."""
        value = self._input(number)
        if not isinstance(value, np.ndarray):
            raise self.unsupported(f"reads no constant as its input {number}")
        return value

    def arrays(self) -> list[Array]:
        """Return all inputs, which must be constant."""
        return [self.array(number) for number in range(len(self.inputs))]

    def wholes(self, number: int) -> list[int]:
        """Return an input that must be a constant list of whole numbers, or one of them."""
        found = [*self.array(number).ravel()]
        if not all(isinstance(n, (int, np.integer)) for n in found):
            raise self.unsupported("reads sizes that depend on the number of showers")
        return [int(n) for n in found]

    def whole(self, number: int) -> int:
        """Return an input that must be one constant whole number."""
        found = self.wholes(number)
        if len(found) != 1:
            raise self.unsupported(f"reads {len(found)} numbers as its input {number}, not one")
        return found[0]

    def list(self, number: int) -> TensorList:
        """Return an input that must be a list of tensors."""
        value = self._input(number)
        if not isinstance(value, TensorList):
            raise self.unsupported(f"reads no list of tensors as its input {number}")
        return value

    def variable(self, number: int) -> Variable:
        """Return an input that must be a variable."""
        value = self._input(number)
        if not isinstance(value, Variable):
            raise self.unsupported(f"reads no variable as its input {number}")
        return value

    def unsupported(self, why: str, hint: str | None = None) -> UnsupportedError:
        """Make the error for a node that cannot be translated."""
        message = f"node '{self.name}': operator {self.node.operator} {why}"
        return UnsupportedError(message, hint=hint)

    def _input(self, number: int) -> Value:
        if number >= len(self.inputs):
            raise self.unsupported(f"has {len(self.inputs)} inputs, not {number + 1} or more")
        return self.inputs[number]


Operator = Callable[[Call], Value | Sequence[Value]]

operators: Registry[Operator] = Registry(
    "operator of TensorFlow",
    "caloexport.converters.savedmodel.operators",
    "caloexport.tensorflow_operators",
)
