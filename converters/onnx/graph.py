"""A graph in the making: operators, weights and names that depend on the network alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.interface import Interface
from caloexport.runtime.network import Network

if TYPE_CHECKING:
    import onnx

#: adds the tensor of a weight to a graph and returns the name by which it is read as float32
Storage = Callable[["OnnxGraph", str, Float32], str]
#: the name of the one result, whatever the last layer is called
OUTPUT = "output"


class OnnxGraph:
    """The operators of one model, added in the order of evaluation.

    Our channels come last and those of Conv first. A convolution keeps its result as it is, and
    the transposed tensor is made when something reads it: between convolutions nothing moves.

    Args:
        model: its graph is filled in place, so that no weight is copied twice.
        network: gives the names that are taken and the shapes.
        store: how weights are stored.
        interface: gives the names of inputs and result.
    """

    def __init__(
        self, model: onnx.ModelProto, network: Network, store: Storage, interface: Interface
    ) -> None:
        self._store = store
        self.shapes = network.shapes
        self._graph = model.graph
        ports = (*interface.inputs, interface.output)
        self._taken = {*(port.name for port in ports), *network.shapes}
        self._channels_first: dict[str, str] = {}
        self._waiting: dict[str, int] = {}

    def operate(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add an operator that makes the tensor ``output``, and return that name."""
        self.operate_for(operator, inputs, [output], **attributes)
        return output

    def operate_for(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any
    ) -> None:
        """Add an operator that makes several tensors; one that nobody reads is called ``""``."""
        from onnx import helper

        for name in inputs:
            self.make(name)
        name = next(output for output in outputs if output)
        node = helper.make_node(operator, inputs, outputs, name=name, **attributes)
        self._graph.node.append(node)

    def split(self, x: str, sizes: str, outputs: Sequence[str]) -> None:
        """Cut a tensor along its last axis into parts of the given sizes."""
        self.operate_for("Split", [x, sizes], outputs, axis=-1)

    def weight(self, name: str, values: Array) -> str:
        """Add the tensor of a weight and return the name by which it is read as float32."""
        return self._store(self, name, np.ascontiguousarray(values, dtype="<f4"))

    def sizes(self, name: str, values: Sequence[int] | int) -> str:
        """Add a constant list of whole numbers (a shape, the sizes of groups), or a single one."""
        return self.constant(name, np.array(values, dtype="<i8"))

    def name(self, wanted: str) -> str:
        """Reserve a name for an inner tensor; a layer may already be called like that."""
        while wanted in self._taken:
            wanted += "'"
        self._taken.add(wanted)
        return wanted

    def has_channels_first(self, x: str) -> bool:
        """Say whether the tensor is at hand with its channels first."""
        return x in self._channels_first

    def channels_first(self, x: str, axes: int) -> str:
        """Return the tensor (batch, channels, axes…) of a tensor (batch, axes…, channels)."""
        if x not in self._channels_first:
            order = [0, axes + 1, *range(1, axes + 1)]
            name = self.name(f"{x}/channels_first")
            self._channels_first[x] = self.operate("Transpose", [x], name, perm=order)
        return self._channels_first[x]

    def keep_channels_first(self, x: str, output: str, axes: int) -> None:
        """Let ``output`` be the tensor x with its channels last, as soon as something reads it."""
        self._channels_first[output] = x
        self._waiting[output] = axes

    def make(self, name: str) -> None:
        """Add the operator that makes a tensor, where that was put off."""
        if name in self._waiting:
            order = [0, *range(2, self._waiting.pop(name) + 2), 1]
            self.operate("Transpose", [self._channels_first[name]], name, perm=order)

    def cast(self, x: str, data_type: int) -> str:
        """Return the name of a tensor in another data type."""
        return self.operate("Cast", [x], self.name(f"{x}/cast"), to=data_type)

    def constant(self, name: str, values: Array) -> str:
        """Add a constant tensor as it is and return its name."""
        from onnx import helper

        tensor = self._graph.initializer.add()
        tensor.name = self.name(name)
        tensor.dims.extend(values.shape)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(values.dtype)
        tensor.raw_data = values.tobytes()
        return tensor.name
