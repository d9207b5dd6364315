"""Test vectors: sixteen inputs and the outputs that the reference gives for them.

Every artifact carries them, and whoever loads it can replay them on his own machine. Outputs are
stored whole up to 4096 values; above that, the sum per layer and 256 cells chosen by hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.noise import NoiseLaw

N_VECTORS = 16
WHOLE_LIMIT = 4096
N_CELLS = 256
SEED = 20260101


@dataclass(frozen=True)
class Vectors:
    """Inputs and expected outputs.

    Attributes:
        inputs: (16, n_in) float32, latents then condition vector.
        cells: (m,) indices of the stored outputs.
        expected: (16, m) float32, network outputs at those indices.
        layers: (n_out,) the layer of each output, for the sums; empty when all are stored.
        sums: (16, n_layers) float64.
    """

    inputs: Float32
    cells: Integers
    expected: Float32
    layers: Integers
    sums: Float64

    def select(self, outputs: Array) -> tuple[Array, Array]:
        """Return the stored cells and the layer sums of outputs (n, n_out)."""
        cells = outputs[:, self.cells]
        sums = np.zeros((len(outputs), self.sums.shape[1]))
        for layer in range(self.sums.shape[1]):
            sums[:, layer] = outputs[:, self.layers == layer].sum(axis=1, dtype=np.float64)
        return cells, sums

    def to_arrays(self) -> dict[str, Array]:
        """Return the arrays to store (the layers follow from the mesh)."""
        return {
            "vectors.sums": self.sums,
            "vectors.cells": self.cells.astype(np.int64),
            "vectors.inputs": self.inputs,
            "vectors.expected": self.expected,
        }


def make_inputs(
    sampling: Sampling | None, width: int, categories: Mapping[int, int] | None = None
) -> Float32:
    """Return the sixteen inputs (16, width): fixed noise, conditions over the whole range.

    Args:
        sampling: None for a bare network, whose inputs are all drawn.
        width: of the input vector.
        categories: columns of a bare network that hold whole numbers below the given ones.
    """
    if sampling is None:
        drawn = NoiseLaw(width).draw(N_VECTORS, SEED)
        for column, count in (categories or {}).items():
            # 7 and most counts have no common factor: neighbouring columns differ
            drawn[:, column] = (np.arange(N_VECTORS) + 7 * column) % count
        return drawn
    conditions = {c.name: spread(c, k) for k, c in enumerate(sampling.conditions)}
    encoded = sampling.encoding.encode(conditions)
    return np.concatenate([sampling.noise.draw(N_VECTORS, SEED), encoded], axis=1)


def spread(condition: Condition, turn: int) -> Array:
    """Return sixteen values that cover a condition, both ends included.

    Args:
        condition: a number (spread evenly, in the logarithm when positive) or a category.
        turn: conditions of different turn are combined in a different order.
    """
    step = np.arange(N_VECTORS)
    if condition.categories:
        values: Array = np.array(condition.categories)[
            (step // (1 + turn)) % len(condition.categories)
        ]
        return values
    # 5 and 16 have no common factor: every value appears once, in another order per condition
    return at_fraction(condition, ((step * pow(5, turn, N_VECTORS)) % N_VECTORS) / (N_VECTORS - 1))


def at_fraction(condition: Condition, fraction: Array) -> Array:
    """Return the values of a number at fractions of its range, in the logarithm when positive.

    >>> at_fraction(Condition("energy_mev", 1.0, 100.0), np.array([0.0, 0.5, 1.0])).round(9)
    array([  1.,  10., 100.])
    """
    low = 0.0 if condition.low is None else condition.low
    high = 1.0 if condition.high is None else condition.high
    if low > 0:
        spread_values = low * (high / low) ** fraction
        return np.clip(spread_values, low, high)
    return low + (high - low) * fraction


def layers_of(sampling: Sampling | None, n_out: int) -> Integers:
    """Return the layer of each output: the mesh's, or a single one when nobody knows better."""
    if sampling is not None and np.prod(sampling.mesh.shape) == n_out:
        return sampling.mesh.indices()["z"]
    return np.zeros(n_out, dtype=np.int64)


def make_vectors(inputs: Float32, outputs: Array, sampling: Sampling | None) -> Vectors:
    """Return the vectors for inputs (16, n_in) and the reference's outputs (16, n_out)."""
    n_out = outputs.shape[1]
    if n_out <= WHOLE_LIMIT:
        cells, layers = np.arange(n_out), np.zeros(0, dtype=np.int64)
    else:
        cells, layers = _chosen_cells(n_out), layers_of(sampling, n_out)
    n_layers = int(layers.max()) + 1 if layers.size else 0
    empty = Vectors(inputs, cells, np.zeros((0, 0), np.float32), layers, np.zeros((0, n_layers)))
    expected, sums = empty.select(outputs)
    return Vectors(inputs, cells, expected.astype(np.float32), layers, sums)


def _chosen_cells(n_out: int) -> Integers:
    chosen: set[int] = set()
    step = 0
    while len(chosen) < N_CELLS:
        digest = hashlib.sha256(f"{n_out}:{step}".encode()).digest()
        chosen.add(int.from_bytes(digest[:8], "little") % n_out)
        step += 1
    return np.array(sorted(chosen), dtype=np.int64)


def vectors_from_arrays(
    arrays: Mapping[str, Array], sampling: Sampling | None, n_in: int, n_out: int, where: str
) -> Vectors:
    """Read the vectors of an artifact.

    Raises:
        InputFileError: they are missing or do not fit the network.
    """
    try:
        inputs, cells = arrays["vectors.inputs"], arrays["vectors.cells"]
        expected, sums = arrays["vectors.expected"], arrays["vectors.sums"]
    except KeyError as error:
        message = f"its test vectors are missing ({error.args[0]})"
        raise InputFileError(message, where=where) from None
    layers = layers_of(sampling, n_out) if n_out > WHOLE_LIMIT else np.zeros(0, dtype=np.int64)
    n_layers = int(layers.max()) + 1 if layers.size else 0
    fits = (
        (inputs.ndim, cells.ndim, expected.ndim, sums.ndim) == (2, 1, 2, 2)
        and [a.dtype.str for a in (inputs, expected, cells, sums)] == ["<f4", "<f4", "<i8", "<f8"]
        and min(len(inputs), len(cells)) > 0  # no vector would prove nothing
        and inputs.shape == (len(inputs), n_in)
        and expected.shape == (len(inputs), len(cells))
        and sums.shape == (len(inputs), n_layers)
        and bool(cells.min() >= 0 and cells.max() < n_out)
    )
    if not fits:
        message = f"its test vectors do not fit a network of {n_in} inputs and {n_out} outputs"
        raise InputFileError(message, where=where)
    return Vectors(inputs, cells, expected, layers, sums)
