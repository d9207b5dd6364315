"""Change the columns of a single-input network: fix some to constants, add some that do nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network, Node


def fix_columns(network: Network, values: Mapping[int, float]) -> Network:
    """Return the network with some input columns held constant and removed.

    Exact: x·W + b with fixed columns is x'·W' + (b + Σ value·row), computed in float64.

    Args:
        network: one flat input that only dense layers read.
        values: column -> constant.

    Raises:
        UnsupportedError: the input is read by something other than a dense layer.
    """
    rows = sorted(values)
    constants = np.array([values[row] for row in rows], dtype=np.float64)

    def fold(node: Node) -> Node:
        kernel = node.weights["kernel"].astype(np.float64)
        bias = node.weights["bias"].astype(np.float64) + constants @ kernel[rows]
        return node.with_weights(
            kernel=np.delete(node.weights["kernel"], rows, axis=0), bias=bias.astype(np.float32)
        )

    return _with_first_layers(network, -len(rows), fold)


def insert_columns(network: Network, positions: list[int]) -> Network:
    """Return the network with input columns that it ignores (rows of zeros).

    Args:
        network: one flat input that only dense layers read.
        positions: places of the new columns in the new input.
    """

    def widen(node: Node) -> Node:
        old: Array = node.weights["kernel"]
        kernel = np.zeros((old.shape[0] + len(positions), old.shape[1]), dtype=old.dtype)
        kernel[np.setdiff1d(np.arange(len(kernel)), positions)] = old
        return node.with_weights(kernel=kernel)

    return _with_first_layers(network, len(positions), widen)


def _with_first_layers(network: Network, change: int, rewrite: Callable[[Node], Node]) -> Network:
    ((name, shape),) = network.inputs.items()
    for node in network.consumers(name):
        if node.kind != "dense" or len(shape) != 1:
            message = f"layer '{node.name}' ({node.kind}) reads the input, only dense layers may"
            raise UnsupportedError(message, hint="the columns of the input cannot be changed")
    nodes = [rewrite(node) if name in node.inputs else node for node in network.nodes]
    return Network({name: (shape[0] + change,)}, nodes, network.outputs)
