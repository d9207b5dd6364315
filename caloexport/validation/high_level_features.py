"""High-level features of the CaloChallenge: what its histograms, classifier, FPD and KPD are made of.

Of every layer the energy, the centre and the width in η, φ and r and the share of empty cells, and
of the shower the total. Source: CaloChallenge, code/HighLevelFeatures.py and evaluate.py. An empty
layer has 0 for centres and widths and 1 for sparsity there, as here; the observables of the same
names (:mod:`caloexport.validation.observables`) say NaN. η and φ of layers with one azimuth cell
are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import LayeredMesh, Mesh
from caloexport.validation.layer_moments import Coordinate, extended, layer_moments
from caloexport.validation.observables import observables
from caloexport.validation.once_per_block import one_block
from caloexport.validation.projections import project

#: added to energies under a logarithm, MeV
LEAST_MEV = 1e-8


class Group(NamedTuple):
    """Features of one kind, one for each layer that has it.

    Attributes:
        symbol: as the challenge writes it.
        scaled: what stands in the matrix.
        azimuth: whether only layers with azimuth cells have it.
    """

    symbol: str
    scaled: Callable[[Float64], Float64]
    azimuth: bool = False


def _logarithm(energies_mev: Float64) -> Float64:
    return np.log10(energies_mev + LEAST_MEV)


def _hundredth(lengths_mm: Float64) -> Float64:
    return lengths_mm / 100


#: in the order of the matrix's columns, which begin with log10 of the incident energy
GROUPS: Mapping[str, Group] = {
    "layer_energy": Group("log10 E", _logarithm),
    "eta_centre": Group("EC_eta", _hundredth, azimuth=True),
    "phi_centre": Group("EC_phi", _hundredth, azimuth=True),
    "eta_width": Group("width_eta", _hundredth, azimuth=True),
    "phi_width": Group("width_phi", _hundredth, azimuth=True),
    "total_energy": Group("log10 E_tot", _logarithm),
    "sparsity": Group("sparsity", np.asarray),
    "radial_centre": Group("EC_r", _hundredth),
    "radial_width": Group("width_r", _hundredth),
}
#: what the challenge had before 27 November 2023: FPD values of older papers are of these
EARLY_GROUPS = tuple(GROUPS)[:5]


def high_level(energies: Array, mesh: Mesh) -> dict[str, Float64]:
    """Return the features of each group, as they are in the challenge before any scaling.

    Args:
        energies: (n, *mesh shape) MeV, after the readout cut.
        mesh: cells with a distance from the axis.

    Returns:
        by name of :data:`GROUPS`: ``total_energy`` (n, 1), the others (n, layers that have it);
        MeV and mm.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> found = high_level(np.zeros((1, 2, 4, 3)), CylinderMesh(2, 4, 3, 2.0, 3.0))
    >>> found["radial_width"].tolist(), found["sparsity"].tolist()
    ([[0.0, 0.0, 0.0]], [[1.0, 1.0, 1.0]])
    """
    with one_block(energies):
        return _high_level(energies, mesh)


def _high_level(energies: Array, mesh: Mesh) -> dict[str, Float64]:
    layer = project(energies, mesh, "z")
    found = {
        "layer_energy": layer,
        "total_energy": layer.sum(axis=1, keepdims=True),
        "sparsity": observables["sparsity"].compute(energies, mesh, {}),
    }
    moments: Mapping[Coordinate, str] = {"eta": "eta", "phi": "phi", "r": "radial"}
    for coordinate, name in moments.items():
        told = extended(mesh, coordinate)
        centre, width = layer_moments(energies, mesh, coordinate)
        empty = layer[:, told] == 0
        found[f"{name}_centre"] = np.where(empty, 0.0, centre[:, told])
        found[f"{name}_width"] = np.where(empty, 0.0, width[:, told])
    return found


def feature_matrix(
    found: Mapping[str, Float64], energy_mev: Array, groups: Sequence[str] = tuple(GROUPS)
) -> Float64:
    """Return the matrix that classifiers, FPD and KPD see, (n, columns of :func:`feature_names`).

    Args:
        found: of :func:`high_level`.
        energy_mev: incident energies (n,).
        groups: names of :data:`GROUPS`, in order.
    """
    columns = [GROUPS[name].scaled(found[name]) for name in groups]
    return np.concatenate([incident_logarithm(energy_mev), *columns], axis=1)


def incident_logarithm(energy_mev: Array) -> Float64:
    """Return log10 of incident energies (n,) as a column (n, 1); not finite where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(np.asarray(energy_mev, dtype=np.float64))[:, None]


def feature_names(mesh: Mesh, groups: Sequence[str] = tuple(GROUPS)) -> list[str]:
    """Name the columns of :func:`feature_matrix`; layers have the detector's own numbers.

    >>> from caloexport.showers.binning import read_binning
    >>> names = feature_names(read_binning("calochallenge1-photons")[0].mesh)
    >>> len(names), names[5:8]
    (30, ['log10 E 12', 'EC_eta 1', 'EC_eta 2'])
    """
    names = ["log10 E_inc"]
    for name in groups:
        symbol = GROUPS[name].symbol
        if name == "total_energy":
            names.append(symbol)
        else:
            told = layers_of(mesh, azimuth=GROUPS[name].azimuth)
            names.extend(f"{symbol} {number}" for number in told)
    return names


def layers_of(mesh: Mesh, *, azimuth: bool) -> list[int]:
    """Return the detector's numbers of the layers, or of those with azimuth cells."""
    if isinstance(mesh, LayeredMesh):
        numbers = [layer.id for layer in mesh.layers]
    else:
        numbers = list(range(mesh.n_layers))
    kept = extended(mesh, "eta") if azimuth else np.ones(mesh.n_layers, dtype=bool)
    return [number for number, one in zip(numbers, kept, strict=True) if one]
