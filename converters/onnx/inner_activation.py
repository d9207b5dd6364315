"""An activation inside a layer, as the operators of the activation alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.activations import activations
from caloexport.runtime.network import Node


def inner_activation(
    graph: OnnxGraph, given: Mapping[str, Any], place: str, x: str, output: str
) -> str:
    """Write the activation that stands in an attribute of a layer.

    Args:
        graph: the model in the making.
        given: function and parameters, see ``runtime/inner_activation``.
        place: what the names of inner tensors begin with.
        x, output: the tensor to read and the one to make.
    """
    entry = activations[given["function"]]
    constants = {key: given.get(key, default) for key, default in entry.constants.items()}
    trained = {key: np.array([given[key]], dtype=np.float32) for key in entry.trained}
    node = Node(place, "activation", (x,), dict(given), trained)
    onnx_activations[given["function"]](graph, node, constants, x, output)
    return output
