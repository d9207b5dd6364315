"""Round the large kernels of a network for our own artifact, and correct the biases behind them.

Layer by layer in the order of the graph, so that each is rounded for the inputs that the rounded
layers before it give, rounded as its own products round them. Then its bias takes back what
rounding did to the mean of every output over the calibration showers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from caloexport.converters.precisions import precisions
from caloexport.converters.quantisation.calibration import calibration_inputs
from caloexport.converters.quantisation.equal_ranges import equal_ranges
from caloexport.converters.quantisation.error_feedback import round_with_feedback
from caloexport.converters.quantisation.layer_inputs import layer_inputs
from caloexport.converters.rewrites.equal_rows import equal_rows
from caloexport.converters.rewrites.merge_normalizations import merge_normalizations
from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.generator import Generator
from caloexport.runtime.layers import Multiplying, layers
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import as_matrix, from_matrix, stored_precision
from caloexport.runtime.precisions import precisions as stored_precisions
from caloexport.runtime.reference import rounding_of

#: rows of a kernel whose sizes differ by more are brought to one size before they share scales
ROWS_ALIKE = 8.0
#: inputs of a product whose covariance is used; with more, its inverse takes too long
MOST_CORRELATED = 4096


def quantised_network(generator: Generator, precision: str) -> Network:
    """Return the network of a generator with its large kernels rounded to a precision.

    Args:
        generator: exact.
        precision: entry of ``runtime.precisions``.

    Raises:
        UnsupportedError: a weight that the precision cannot hold.
    """
    inputs = calibration_inputs(generator)
    exact = _prepared(generator, precision, inputs)
    rounded = exact
    for index, node in enumerate(exact.nodes):
        keys = large_kernels(node, precision)
        if keys:
            calibration = _Calibration(generator, inputs, exact, rounded, index, precision)
            found = calibration.rounded(keys)
            nodes = [found if n.name == node.name else n for n in rounded.nodes]
            rounded = Network(exact.inputs, nodes, exact.outputs)
    return rounded


def _prepared(generator: Generator, precision: str, inputs: Float32) -> Network:
    """Return an equal network whose large kernels lose less by rounding."""
    network = generator.network

    def chosen(node: Node) -> bool:
        return bool(large_kernels(node, precision))

    if precisions[precision].equal_ranges:
        return equal_ranges(generator, network, inputs, chosen)
    if not stored_precisions[precision].scaled:
        return network
    alike = equal_rows(network, ROWS_ALIKE, chosen)
    return network if alike is network else merge_normalizations(alike)


def large_kernels(node: Node, precision: str) -> list[str]:
    """List the weights of a layer that an artifact of a precision stores in fewer bits."""
    return [
        key
        for key, weight in node.weights.items()
        if stored_precision(node.kind, key, weight.shape, precision) != "float32"
    ]


@dataclass(frozen=True)
class _Calibration:
    """One layer, and the inputs that it gets in the exact and in the rounded network."""

    generator: Generator
    inputs: Float32
    exact: Network
    rounded_so_far: Network
    index: int
    precision: str

    @property
    def node(self) -> Node:
        return self.exact.nodes[self.index]

    def rounded(self, keys: list[str]) -> Node:
        """Return the layer with these kernels rounded and their biases corrected."""
        weights = dict(self.node.weights)
        if self.node.kind == "conv":  # its rows are windows: too many for a covariance
            for key in keys:
                weights[key] = self._to_nearest(key)
            shift = self._mean_output(replace(self.node, weights=weights))
            weights["bias"] = _corrected(weights["bias"], shift)
            return replace(self.node, weights=weights)
        means, covariance = self._moments()
        for key in keys:
            exact = _matrix(self.node, key)
            found = self._round(key, exact, covariance)
            weights[key] = from_matrix(self.node.kind, key, found, self.node.weights[key].shape)
            name = key.replace("kernel", "bias")
            if self.node.kind == "conv_transpose":
                shift = self._mean_output(replace(self.node, weights=weights))
            else:
                shift = means[1] @ found.astype(np.float64) - means[0] @ exact.astype(np.float64)
            weights[name] = _corrected(weights[name], shift)
        return replace(self.node, weights=weights)

    def _to_nearest(self, key: str) -> Array:
        entry, weight = precisions[self.precision], self.node.weights[key]
        found = entry.rounded(_matrix(self.node, key), self.node.name)
        return from_matrix(self.node.kind, key, found, weight.shape)

    def _round(self, key: str, matrix: Array, covariance: Float64 | None) -> Array:
        entry = precisions[self.precision]
        nearest = entry.rounded(matrix, self.node.name)  # refuses what cannot be held
        if covariance is None:
            return nearest
        return round_with_feedback(matrix, covariance, entry.row_by_row(matrix))

    def _moments(self) -> tuple[tuple[Float64, Float64], Float64 | None]:
        """Return the means of the inputs, exact and as seen when rounded, and their covariance."""
        n_in, n = _matrix(self.node, large_kernels(self.node, self.precision)[0]).shape[0], 0
        correlated = n_in <= MOST_CORRELATED
        sums = np.zeros((2, n_in))
        squares = np.zeros((n_in, n_in) if correlated else (0, 0))
        for exact, seen in self._pieces():
            rows = self._as_seen(seen).reshape(-1, n_in).astype(np.float64)
            sums[0] += exact.reshape(-1, n_in).sum(axis=0, dtype=np.float64)
            sums[1] += rows.sum(axis=0)
            if correlated:
                squares += rows.T @ rows
            n += len(rows)
        mean = sums[1] / n
        covariance = squares / n - np.outer(mean, mean) if correlated else None
        return (sums[0] / n, mean), covariance

    def _as_seen(self, x: Array) -> Array:
        rounding = rounding_of(self.node, self.precision)
        return x if rounding is None else rounding(x, np.abs(x).max(axis=-1, keepdims=True))

    def _mean_output(self, rounded: Node) -> Float64:
        """Return how far rounding moves the mean of every output of a convolution."""
        kind = layers[rounded.kind]
        assert isinstance(kind, Multiplying)
        shift, n = np.zeros(self.exact.shapes[rounded.name][-1]), 0
        for exact, seen in self._pieces():
            found = kind.evaluate(rounded, [seen], rounding_of(rounded, self.precision))
            change = found - kind.evaluate(self.node, [exact])
            shift += change.reshape(-1, len(shift)).sum(axis=0, dtype=np.float64)
            n += change.size // len(shift)
        return np.asarray(shift / n)

    def _pieces(self) -> Iterator[tuple[Array, Array]]:
        """Return the layer's inputs for some showers, in the exact and in the rounded network."""
        sides = ((self.exact, "float32"), (self.rounded_so_far, self.precision))
        pieces = (
            layer_inputs(self.generator, network, self.index, self.inputs, arithmetic)
            for network, arithmetic in sides
        )
        return zip(*pieces, strict=True)


def _matrix(node: Node, key: str) -> Array:
    matrix = as_matrix(node.kind, key, node.weights[key])
    assert matrix is not None  # large kernels are those that are stored as matrices
    return matrix


def _corrected(bias: Array, shift: Float64) -> Array:
    return (bias.astype(np.float64) - shift.reshape(bias.shape)).astype(np.float32)
