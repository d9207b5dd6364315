"""Layer fractions: cell fractions within each layer, a total, and each layer's share of it.

The network emits (cells | total | layers): the fraction of a cell in its layer, the total
deposit over E_inc divided by ``total_scale``, and each layer's fraction of the total. Energy is
conserved by construction. DNNCaloSim's VAE for CaloChallenge pions: 533 + 1 + 7 = 541 outputs,
``total_scale`` 6 (repository DalilaSalamani/ATLASDNNCaloSim).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.formula import Formula
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.output_maps import OutputMapKind, Scaling, output_maps


def apply(
    outputs: Array, incident_mev: Float64, mesh: Mesh, parameters: Mapping[str, Any]
) -> Array:
    """Return E_inc · total_scale · total · layer share · cell fraction."""
    cells = n_cells(mesh)
    total = outputs[:, cells] * parameters["total_scale"] * incident_mev.astype(outputs.dtype)
    shares = outputs[:, cells + 1 : cells + 1 + mesh.n_layers] * total[:, None]  # (n, layers) MeV
    energies: Array = outputs[:, :cells] * shares[:, mesh.indices()["z"]]
    return energies.astype(outputs.dtype, copy=False)


def scaling(mesh: Mesh, parameters: Mapping[str, Any]) -> Scaling:
    """Return the map as numbers: the groups are the layers."""
    return Scaling(Formula(), mesh.indices()["z"], float(parameters["total_scale"]))


output_maps.register("layer_fractions")(
    OutputMapKind(
        apply,
        lambda mesh, parameters: n_cells(mesh) + 1 + mesh.n_layers,
        None,
        ("total_scale",),
        scaling,
    )
)
