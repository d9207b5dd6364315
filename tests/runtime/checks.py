"""Cases of layers and activations: what goes in, and what a formula says comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate

#: relative to the expected value: a few roundings of each type
CLOSE = {"float64": 2e-15, "float32": 1e-6}


@dataclass(frozen=True)
class ActivationCase:
    """One row of inputs and what the formula gives for it."""

    x: Sequence[float]
    y: Sequence[float]
    constants: Mapping[str, Any] = field(default_factory=dict)
    trained: Mapping[str, Sequence[float]] = field(default_factory=dict)


def activate(name: str, case: ActivationCase, dtype: str) -> np.ndarray:
    """Return the activation of the case as a layer, (units,)."""
    weights = {key: np.array(value) for key, value in case.trained.items()}
    node = Node("y", "activation", ("x",), {"function": name, **case.constants}, weights)
    network = Network({"x": (len(case.x),)}, [node], ["y"])
    rows = np.array([case.x, case.x[::-1]])
    # inputs that float32 cannot hold are rounded before the formula sees them
    values = evaluate(network, {"x": rows}, dtype)
    assert values.dtype == dtype
    assert values.shape == rows.shape
    return values[0]


def check_activation(name: str, case: ActivationCase, dtype: str) -> None:
    """Compare an activation with its case."""
    tiny = float(np.finfo(dtype).tiny)
    found = activate(name, case, dtype)
    np.testing.assert_allclose(found, case.y, rtol=CLOSE[dtype], atol=tiny)


@dataclass(frozen=True)
class LayerCase:
    """Inputs of one shower, a layer and its output."""

    inputs: Sequence[Any]
    output: Any
    attributes: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Any] = field(default_factory=dict)


def layer_network(kind: str, case: LayerCase) -> Network:
    """Return the network of a single layer."""
    shapes = {f"x{i}": np.shape(x) for i, x in enumerate(case.inputs)}
    weights = {key: np.array(value, dtype=np.float64) for key, value in case.weights.items()}
    return Network(shapes, [Node("y", kind, tuple(shapes), case.attributes, weights)], ["y"])


def check_layer(kind: str, case: LayerCase, dtype: str) -> None:
    """Compare a layer with its case, alone and as the second of a batch."""
    network = layer_network(kind, case)
    batch = {
        f"x{i}": np.stack([np.full(np.shape(x), 7.0), np.asarray(x)])
        for i, x in enumerate(case.inputs)
    }
    values = evaluate(network, batch, dtype)
    assert values.dtype == dtype
    assert values.shape[1:] == network.shapes["y"] == np.shape(case.output)
    np.testing.assert_allclose(values[1], case.output, rtol=CLOSE[dtype])
