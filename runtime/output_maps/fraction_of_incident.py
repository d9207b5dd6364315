"""Fraction of the incident energy: E_cell = output · E_inc. Par04, FastCaloGAN, DNNCaloSim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.output_maps import OutputMapKind, output_maps


def apply(
    outputs: Array, incident_mev: Float64, mesh: Mesh, parameters: Mapping[str, Any]
) -> Array:
    """Return output · E_inc, in place."""
    return np.multiply(outputs, incident_mev.astype(outputs.dtype)[:, None], out=outputs)


output_maps.register("fraction_of_incident")(
    OutputMapKind(apply, lambda mesh, parameters: n_cells(mesh))
)
