"""Fraction of the incident energy: E_cell = output · E_inc. Par04, FastCaloGAN, DNNCaloSim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.formula import Formula
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.output_maps import OutputMapKind, Scaling, output_maps, scaled_by


def factors(incident_mev: Float64, parameters: Mapping[str, Any]) -> Array:
    """Return the incident energies."""
    return incident_mev


def scaling(mesh: Mesh, parameters: Mapping[str, Any]) -> Scaling:
    """Return the map as numbers: the incident energy itself."""
    return Scaling(Formula())


output_maps.register("fraction_of_incident")(
    OutputMapKind(
        scaled_by(factors), lambda mesh, parameters: n_cells(mesh), factors, scaling=scaling
    )
)
