"""The energy-width guard: an objective on the distribution of energy sums at each energy.

An adversary or a reconstruction loss hardly feels whether ΣE of a shower is too wide by a tenth.
The energy score does: for one true value y and two values x, x' generated under y's conditions,

    ½(|x - y| + |x' - y|) - ½|x - x'|

has the smallest expectation when x is distributed as y *given the conditions*, mean and width
and all (a strictly proper score: Gneiting and Raftery, J. Am. Stat. Assoc. 102 (2007) 359). It
needs no second showers of the same condition, so continuous energies are no obstacle. Sums are
standardised by :class:`caloexport.training.energy_law.EnergyLaw` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.mesh import Mesh
from caloexport.training.energy_law import energy_law


@dataclass(frozen=True)
class Guard:
    """Weights of the guard in a loss; section [guard].

    Attributes:
        total: weight of the total energy.
        layers: weight of the energies of the layers, all together.
    """

    total: float = 0.0
    layers: float = 0.0

    def __post_init__(self) -> None:
        if min(self.total, self.layers) < 0:
            message = f"total and layers are {self.total:g} and {self.layers:g}, expected 0 or more"
            raise UsageError(message)

    @property
    def used(self) -> bool:
        """Whether it has a weight at all."""
        return self.total + self.layers > 0

    def weights(self, n_layers: int) -> Float32:
        """Return the weights of total and layers, (1 + n_layers,)."""
        return np.array([self.total, *[self.layers / n_layers] * n_layers], dtype=np.float32)


def sum_matrix(mesh: Mesh) -> Float32:
    """Return (cells, 1 + layers): cells times it are the total, then the sum of each layer."""
    layer = np.eye(mesh.n_layers, dtype=np.float32)[mesh.indices()["z"]]
    return np.concatenate([np.ones((len(layer), 1), dtype=np.float32), layer], axis=1)


def standards(energy_mev: Array, sums: Array, chosen: Array) -> tuple[Float32, Float32]:
    """Return mean and spread (n, quantities) of sums under the conditions of every shower.

    Args:
        energy_mev: (n,) of all showers.
        sums: (n, quantities) of all showers, as fractions of E_inc.
        chosen: which of them to learn from: the training showers.
    """
    return energy_law(np.asarray(energy_mev)[chosen], np.asarray(sums)[chosen]).at(energy_mev)


def energy_score(truth: Any, first: Any, second: Any) -> Any:
    """Return the energy score of each quantity, mean over the batch; in a graph.

    Args:
        truth: (batch, quantities), standardised.
        first, second: generated under the same conditions, likewise.

    Returns:
        (quantities,)

    >>> import tensorflow as tf
    >>> y, x = tf.constant([[0.0]]), tf.constant([[2.0]])
    >>> energy_score(y, x, -x).numpy().tolist()
    [0.0]
    """
    tf = require("tensorflow", extra="train")
    near = 0.5 * (tf.abs(first - truth) + tf.abs(second - truth))
    return tf.reduce_mean(near - 0.5 * tf.abs(first - second), axis=0)
