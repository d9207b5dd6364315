"""The numpy evaluation of a network: the numerical truth, in float64 or float32."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UsageError
from caloexport.runtime.layers import Multiplying, Rounding, layers
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import stored_precision
from caloexport.runtime.precisions import precisions


def evaluate(
    network: Network,
    inputs: Mapping[str, Array],
    dtype: npt.DTypeLike = np.float64,
    arithmetic: str = "float32",
) -> Array:
    """Evaluate the first output of a network.

    Args:
        network: the network.
        inputs: for each network input an array (n, *shape).
        dtype: float64 or float32; weights and inputs are converted to it.
        arithmetic: the precision whose products are meant: where it rounds the inputs of large
            kernels, they are rounded here, too. The weights are taken as they are.

    Returns:
        (n, *output shape) in that dtype.

    Raises:
        UsageError: an input is missing or has the wrong shape.

    >>> from caloexport.runtime.network import Network, Node
    >>> node = Node("y", "activation", ("x",), {"function": "relu"})
    >>> evaluate(Network({"x": (2,)}, [node], ["y"]), {"x": np.array([[1.0, 2.0]])})
    array([[1., 2.]])
    """
    return evaluate_all(network, inputs, dtype, arithmetic)[network.outputs[0]]


def evaluate_all(
    network: Network,
    inputs: Mapping[str, Array],
    dtype: npt.DTypeLike = np.float64,
    arithmetic: str = "float32",
) -> dict[str, Array]:
    """Evaluate a network and return the value of every input and layer by name.

    Arguments and errors are those of :func:`evaluate`.
    """
    values: dict[str, Array] = {}
    for name, shape in network.inputs.items():
        if name not in inputs:
            message = f"network input '{name}' is missing"
            raise UsageError(message, hint=f"inputs: {', '.join(network.inputs)}")
        values[name] = np.asarray(inputs[name], dtype=dtype)
        if values[name].shape[1:] != shape:
            wanted = ", ".join(map(str, shape))
            message = (
                f"network input '{name}' has shape {values[name].shape}, expected (n, {wanted})"
            )
            raise UsageError(message)
    if len({len(value) for value in values.values()}) > 1:
        lengths = ", ".join(f"'{name}' {len(value)}" for name, value in values.items())
        message = f"the network inputs differ in their number of showers: {lengths}"
        raise UsageError(message)
    for node in network.nodes:
        kind, arrays = layers[node.kind], [values[name] for name in node.inputs]
        weights = {
            k: w if k in kind.large else np.asarray(w, dtype=dtype) for k, w in node.weights.items()
        }
        ready = replace(node, weights=weights)
        if isinstance(kind, Multiplying):
            values[node.name] = kind.evaluate(ready, arrays, rounding_of(node, arithmetic))
        else:
            values[node.name] = kind.evaluate(ready, arrays)
    return values


def rounding_of(node: Node, arithmetic: str) -> Rounding | None:
    """Return what the products of a layer do to their inputs; None when they take them as is."""
    for key, weight in node.weights.items():
        entry = precisions[stored_precision(node.kind, key, weight.shape, arithmetic)]
        if entry.rounds_inputs:
            return entry.rounded_inputs
    return None
