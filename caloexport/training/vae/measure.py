"""What of the cells a VAE reads and compares: their fractions, or roots of their energies.

The energy that a sampling calorimeter sees in a cell fluctuates as its root. The root of the energy
therefore fluctuates alike in a cell of 1 MeV and in one of 1 GeV, so that a squared error of roots
counts small cells for what they tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.extras import require
from caloexport.training.energy_law import EnergyLaw, energy_law


class Measure:
    """A measure of the cells, in units of its spread at the energy of a shower.

    Args:
        scale: (cells,) unit of the fractions.
        roots: whether it is the root of the energy instead.
        round_mev: see ``caloexport.training.vae.settings.Loss``.
    """

    def __init__(self, scale: Float32, *, roots: bool, round_mev: float) -> None:
        self.scale, self.roots, self.round_mev = scale, roots, np.float32(round_mev)

    def _plain(self, library: Any, fractions: Any, energy_mev: Any) -> Any:
        if self.roots:
            return library.sqrt(fractions * energy_mev + self.round_mev)
        return fractions / self.scale

    def units(self, fractions: Array, energy_mev: Array, wanted_mev: Array) -> Float32:
        """Return the unit (n, 1) at some energies.

        Args:
            fractions: (k, cells) of the showers to learn from.
            energy_mev: (k,) their energies.
            wanted_mev: (n,) energies.
        """
        energy = np.asarray(energy_mev, dtype=np.float32)[:, None]
        law = energy_law(energy_mev, self._plain(np, fractions, energy))
        squares = (law.spread**2).mean(axis=1, keepdims=True)
        return EnergyLaw(law.log_energy, squares, np.sqrt(squares)).at(wanted_mev)[1]

    def __call__(self, fractions: Any, batch: Mapping[str, Any]) -> Any:
        """Return the measure (batch, cells) in a graph.

        Args:
            fractions: (batch, cells) of E_inc; negative ones count as 0 in a root.
            batch: ``energy_mev`` and ``unit`` (batch, 1).
        """
        tf = require("tensorflow", extra="train")
        held = tf.nn.relu(fractions) if self.roots else fractions
        return self._plain(tf, held, batch["energy_mev"]) / batch["unit"]
