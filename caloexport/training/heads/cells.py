"""Cells as fractions of the incident energy: one dense layer (DNNCaloSim, FastCaloGAN, Par04).

CaloShowerGAN normalizes its output before the activation, too (arXiv:2309.06515).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import UnknownName
from caloexport.runtime.extras import require
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.output_maps import OutputMap
from caloexport.training.heads import heads
from caloexport.training.hidden import check_initializer, initializer

#: those through which a positive factor can be pulled
HOMOGENEOUS = ("relu", "linear")
ACTIVATIONS = (*HOMOGENEOUS, "sigmoid", "silu")
LAST, NORMALIZATION = "fractions", "fractions_norm"


@heads.register("cells")
@dataclass(frozen=True)
class Cells:
    """Dense layer and activation.

    Attributes:
        activation: ``"relu"`` gives empty cells with their true frequency.
        normalization: whether batch normalization stands before the activation.
        initializer: of the kernel, see ``caloexport.training.hidden``.
    """

    activation: str = "relu"
    normalization: bool = False
    initializer: str = "glorot_uniform"

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            raise UnknownName("output activation", self.activation, ACTIVATIONS)
        check_initializer(self.initializer)

    def output_map(self, threshold_mev: float) -> OutputMap:
        return OutputMap("fraction_of_incident", {}, threshold_mev)

    def build(self, x: Any, mesh: Mesh, seeds: Iterator[int]) -> Any:
        keras = require("keras", extra="train")
        kernel = initializer(self.initializer, next(seeds))
        if not self.normalization:
            return keras.layers.Dense(
                n_cells(mesh), activation=self.activation, kernel_initializer=kernel, name=LAST
            )(x)
        x = keras.layers.Dense(n_cells(mesh), kernel_initializer=kernel, name="fractions_dense")(x)
        x = keras.layers.BatchNormalization(name=NORMALIZATION)(x)
        return keras.layers.Activation(self.activation, name=LAST)(x)

    def start(self, decoder: Any, mesh: Mesh, mean: Float32) -> None:
        """Do nothing: all weights start at random."""

    def fractions(self, outputs: Any, mesh: Mesh, scale: Float32) -> Any:
        return outputs * scale

    def targets(self, cells: Any, mesh: Mesh, scale: Float32) -> tuple[Any, Any]:
        tf = require("tensorflow", extra="train")
        return cells / scale, tf.ones_like(cells)

    def scale(self, typical: Float32) -> Float32:
        if self.activation not in HOMOGENEOUS:
            return np.ones_like(typical)
        return np.maximum(typical, 1e-6 * typical.max(initial=1e-30))

    def fold(self, decoder: Any, scale: Float32) -> None:
        if not self.normalization:
            layer = decoder.get_layer(LAST)
            layer.set_weights([weight * scale for weight in layer.get_weights()])
            return
        layer = decoder.get_layer(NORMALIZATION)
        slope, offset, mean, variance = layer.get_weights()
        layer.set_weights([slope * scale, offset * scale, mean, variance])
