"""A graph in the making: operators, weights and names that depend on the network alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network

if TYPE_CHECKING:
    import onnx

#: adds the tensor of a weight to a graph and returns the name by which it is read as float32
Storage = Callable[["OnnxGraph", str, Float32], str]
#: the name of the one result, whatever the last layer is called
OUTPUT = "output"


class OnnxGraph:
    """The operators of one model, added in the order of evaluation.

    Args:
        model: its graph is filled in place, so that no weight is copied twice.
        network: gives the names that are taken and the shapes.
        store: how weights are stored.
    """

    def __init__(self, model: onnx.ModelProto, network: Network, store: Storage) -> None:
        self._store = store
        self.shapes = network.shapes
        self._graph = model.graph
        self._taken = {OUTPUT, *network.shapes}

    def operate(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add an operator that makes the tensor ``output``, and return that name."""
        from onnx import helper

        node = helper.make_node(operator, inputs, [output], name=output, **attributes)
        self._graph.node.append(node)
        return output

    def split(self, x: str, sizes: str, outputs: Sequence[str]) -> None:
        """Cut a tensor along its last axis into parts of the given sizes."""
        from onnx import helper

        node = helper.make_node("Split", [x, sizes], outputs, name=outputs[0], axis=-1)
        self._graph.node.append(node)

    def weight(self, name: str, values: Array) -> str:
        """Add the tensor of a weight and return the name by which it is read as float32."""
        return self._store(self, name, np.ascontiguousarray(values, dtype="<f4"))

    def sizes(self, name: str, values: Sequence[int]) -> str:
        """Add a constant list of whole numbers (a shape, the sizes of groups)."""
        return self.constant(name, np.array(values, dtype="<i8"))

    def name(self, wanted: str) -> str:
        """Reserve a name for an inner tensor; a layer may already be called like that."""
        while wanted in self._taken:
            wanted += "'"
        self._taken.add(wanted)
        return wanted

    def constant(self, name: str, values: Array) -> str:
        """Add a constant tensor as it is and return its name."""
        from onnx import helper

        tensor = self._graph.initializer.add()
        tensor.name = self.name(name)
        tensor.dims.extend(values.shape)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(values.dtype)
        tensor.raw_data = values.tobytes()
        return tensor.name
