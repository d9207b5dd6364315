"""Energy conserved by construction: cell fractions within each layer, a total, layer shares.

After DalilaSalamani/ATLASDNNCaloSim (model.py): one softmax per layer over its cells, a sigmoid
for the total deposit over E_inc, a softmax over the layers. What the sum of a shower's cells is,
one unit decides; no cell can add to it. The output map ``layer_fractions`` multiplies them out.

Three places would divide nothing by nothing. A layer in which no training shower has energy gets
a share of exactly 0, and so it stays: the gradient of a softmax vanishes with its value. A layer
or a shower of which only some are empty has a target of zeros, which no softmax can reach: what
compares fractions must leave it out (:func:`decomposed` tells which). The fraction of a cell that
is alone in its layer is the constant 1.

A softmax is never 0, so all cells of a filled layer hold some energy, and only the readout cut of
the generator empties them. Detectors leave most cells of a faint shower empty: ``sparse`` does so,
by x -> max(x - sparse/n, 0) behind a softmax over n and a division by the new sum, which is at
least 1 - sparse. LWTNN has no division, so such a decoder cannot be written for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.mesh import CylinderMesh, Mesh, n_cells
from caloexport.runtime.output_maps import OutputMap
from caloexport.training.heads import heads
from caloexport.training.hidden import check_initializer, initializer

TOTALS = ("sigmoid", "softplus")
#: bias of a share that stays 0 in float32: others are within some hundreds; float16 holds it too
NEVER = -1e4
#: a cell that no training shower hits starts at this part of the least of its layer
LEAST = 1e-3


@heads.register("layer-fractions")
@dataclass(frozen=True)
class LayerFractions:
    """Softmax within each layer, total over E_inc, softmax over the layers.

    Attributes:
        total: activation of the total: ``"sigmoid"`` keeps it below ``total_scale``,
            ``"softplus"`` only above 0.
        total_scale: what its activation is multiplied with to be ΣE/E_inc.
        joint_slope: of a LeakyReLU behind one more dense layer as wide as the output, in front
            (DNNCaloSim has it); 0 leaves both out.
        sparse: what is taken off softmaxes, in units of their mean value, to make small ones 0;
            below 1. It is for losses without logarithms, as those of a GAN.
        initializer: of the kernels, see ``caloexport.training.hidden``.
    """

    total: str = "sigmoid"
    total_scale: float = 1.0
    joint_slope: float = 0.0
    sparse: float = 0.0
    initializer: str = "glorot_uniform"

    def __post_init__(self) -> None:
        if self.total not in TOTALS:
            raise UnknownName("activation of the total", self.total, TOTALS)
        check_initializer(self.initializer)
        if not (self.total_scale > 0 and 0 <= self.joint_slope < 1 and 0 <= self.sparse < 1):
            message = (
                f"total_scale, joint_slope, sparse are {self.total_scale:g}, "
                f"{self.joint_slope:g}, {self.sparse:g}, expected a positive number and two from "
                "0 to below 1"
            )
            raise UsageError(message)

    def output_map(self, threshold_mev: float) -> OutputMap:
        return OutputMap("layer_fractions", {"total_scale": self.total_scale}, threshold_mev)

    def build(self, x: Any, mesh: Mesh, seeds: Iterator[int]) -> Any:
        keras = require("keras", extra="train")
        if self.joint_slope:
            x = self._dense(n_cells(mesh) + 1 + mesh.n_layers, "joint", seeds)(x)
            x = keras.layers.LeakyReLU(negative_slope=self.joint_slope, name="joint_leaky")(x)
        parts = self._cells(x, mesh, seeds)
        parts.append(self._dense(1, "total", seeds, self.total)(x))
        parts.append(self._simplex(x, mesh.n_layers, "shares", seeds))
        return keras.layers.Concatenate(name="cells_total_shares")(parts)  # (batch, outputs)

    def _dense(self, units: int, name: str, seeds: Iterator[int], function: str = "linear") -> Any:
        keras = require("keras", extra="train")
        kernel = initializer(self.initializer, next(seeds))
        return keras.layers.Dense(units, activation=function, kernel_initializer=kernel, name=name)

    def _simplex(self, x: Any, units: int, name: str, seeds: Iterator[int]) -> Any:
        """Return numbers that add up to 1, (batch, units)."""
        if units > 1:
            return self._emptied(self._dense(units, name, seeds, "softmax")(x), name)
        layers = require("keras", extra="train").layers
        one = layers.Dense(
            1, kernel_initializer="zeros", bias_initializer="ones", trainable=False, name=name
        )
        return one(x)

    def _emptied(self, x: Any, name: str) -> Any:
        """Return softmaxes over the last axis, the small ones 0 and the others adding up to 1."""
        if not self.sparse:
            return x
        keras = require("keras", extra="train")
        threshold = self.sparse / x.shape[-1]
        x = keras.layers.Rescaling(1.0, offset=-threshold, name=f"{name}_lowered")(x)
        x = keras.layers.ReLU(name=f"{name}_above")(x)
        return x / keras.ops.sum(x, axis=-1, keepdims=True)

    def _cells(self, x: Any, mesh: Mesh, seeds: Iterator[int]) -> list[Any]:
        """Return the fractions within layers, side by side (batch, cells)."""
        edges = layer_edges(mesh)
        if edges is not None:
            sizes = enumerate(stop - start for start, stop in pairwise(edges))
            return [self._simplex(x, size, f"cells_{i}", seeds) for i, size in sizes]
        assert isinstance(mesh, CylinderMesh)  # the only mesh whose layers lie between each other
        layers, cells = require("keras", extra="train").layers, n_cells(mesh)
        deep = ("z", *(axis for axis in mesh.order if axis != "z"))
        back = [deep.index(axis) + 1 for axis in mesh.order]
        x = self._dense(cells, "cells", seeds)(x)
        # Keras' softmax over two axes is not exact for large x: one axis, (layers, cells in each)
        x = layers.Reshape((mesh.n_z, cells // mesh.n_z), name="layer_by_layer")(x)
        x = self._emptied(layers.Softmax(name="fractions_in_layers")(x), "cells")
        x = layers.Reshape(mesh.in_order(deep).shape, name="on_mesh")(x)
        x = layers.Permute(back, name="in_order_of_mesh")(x)
        return [layers.Reshape((cells,), name="fractions_flat")(x)]

    def start(self, decoder: Any, mesh: Mesh, mean: Float32) -> None:
        layer, layers = mesh.indices()["z"], mesh.n_layers
        in_layer: Float64 = np.bincount(layer, mean, layers).astype(np.float64)  # (layers,)
        total = float(in_layer.sum() / self.total_scale)
        if not 0 < total < (1 if self.total == "sigmoid" else np.inf):
            message = (
                f"the showers hold {in_layer.sum():.3g} of E_inc on average, the output reaches "
                f"from 0 to {self.total_scale:g}"
            )
            raise UsageError(message, hint="set total_scale in [output]")
        inverse = total / (1 - total) if self.total == "sigmoid" else np.expm1(total)
        decoder.get_layer("total").bias.assign([np.log(inverse)])
        cells = self._log_within(mean, layer, in_layer)
        edges = layer_edges(mesh)
        if edges is None:
            decoder.get_layer("cells").bias.assign(cells[np.argsort(layer, kind="stable")])
        else:
            for i, (start, stop) in enumerate(pairwise(edges)):
                if stop - start > 1:
                    decoder.get_layer(f"cells_{i}").bias.assign(cells[start:stop])
        if layers > 1:
            empty = in_layer == 0
            shares = decoder.get_layer("shares")
            logs = self._logits(in_layer / in_layer.sum())
            shares.bias.assign(np.where(empty, NEVER, logs))
            # whatever comes in must not lift an empty layer above its bias
            shares.kernel.assign(np.where(empty, 0, shares.kernel.numpy()))

    def _log_within(self, mean: Float32, layer: Array, in_layer: Float64) -> Float32:
        """Return logits of the mean fractions in their layers, (cells,); 0 in empty layers."""
        logs = np.zeros(len(mean))
        for i in np.flatnonzero(in_layer):
            logs[layer == i] = self._logits(mean[layer == i] / in_layer[i])
        return logs.astype(np.float32)

    def _logits(self, wanted: Float64) -> Float64:
        """Return logits that give some numbers which add up to 1; zeros become very small."""
        filled, threshold = wanted > 0, self.sparse / len(wanted)
        left = 1 - filled.sum() * threshold
        least = LEAST * wanted[filled].min()
        before = left * np.where(filled, wanted, least) + np.where(filled, threshold, 0)
        logs: Float64 = np.log(before)
        return logs

    def fractions(self, outputs: Any, mesh: Mesh, scale: Float32) -> Any:
        tf = require("tensorflow", extra="train")
        cells, layers = n_cells(mesh), mesh.n_layers
        within, total, shares = tf.split(outputs, [cells, 1, layers], axis=1)
        in_layer = shares * (total * self.total_scale)  # (batch, layers)
        # a product with ones and zeros, exact: it puts each layer's energy at all its cells
        return within * tf.matmul(in_layer, membership(mesh))  # (batch, cells)

    def targets(self, cells: Any, mesh: Mesh, scale: Float32) -> tuple[Any, Any]:
        return decomposed(cells, mesh, self.total_scale)

    def scale(self, typical: Float32) -> Float32:
        return np.ones_like(typical)

    def fold(self, decoder: Any, scale: Float32) -> None:
        """Do nothing: nothing is scaled."""


def layer_edges(mesh: Mesh) -> list[int] | None:
    """Return where each layer's cells begin and the last's end; None if they are not together.

    >>> layer_edges(CylinderMesh(2, 3, 2, order=("z", "r", "phi")))
    [0, 6, 12]
    """
    layer = mesh.indices()["z"]
    if (np.diff(layer) < 0).any():
        return None
    return [int(edge) for edge in np.searchsorted(layer, np.arange(mesh.n_layers + 1))]


def decomposed(cells: Any, mesh: Mesh, total_scale: float) -> tuple[Any, Any]:
    """Decompose showers into what the head emits: targets, and 1 where one exists; in a graph.

    Args:
        cells: (n, cells) fractions of E_inc, a TensorFlow tensor.
        mesh: the cells.
        total_scale: of the head.

    Returns:
        Two tensors (n, cells + 1 + layers). Cells of an empty layer, and the shares of an empty
        shower, have the target 0 and exist 0.

    >>> import tensorflow as tf
    >>> mesh = CylinderMesh(1, 2, 2, order=("z", "r", "phi"))
    >>> targets, exist = decomposed(tf.constant([[0.1, 0.3, 0.0, 0.0]]), mesh, 1.0)
    >>> targets.numpy().round(3).tolist()[0][:4], exist.numpy().tolist()[0]
    ([0.25, 0.75, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    """
    tf = require("tensorflow", extra="train")
    member = membership(mesh)
    in_layer = tf.matmul(cells, member, transpose_b=True)  # (n, layers)
    total = tf.reduce_sum(in_layer, axis=1, keepdims=True)  # (n, 1)
    at_cells = tf.matmul(in_layer, member)  # (n, cells)
    within = tf.math.divide_no_nan(cells, at_cells)
    shares = tf.math.divide_no_nan(in_layer, total)
    filled, hit = tf.cast(at_cells > 0, tf.float32), tf.cast(total > 0, tf.float32)
    targets = tf.concat([within, total / total_scale, shares], axis=1)
    exist = tf.concat([filled, tf.ones_like(total), tf.repeat(hit, mesh.n_layers, axis=1)], axis=1)
    return targets, exist


def membership(mesh: Mesh) -> Float32:
    """Return (layers, cells): 1 where a cell belongs to a layer."""
    return np.eye(mesh.n_layers, dtype=np.float32)[:, mesh.indices()["z"]]
