"""Which set of the CaloChallenge showers could be of, and in what they differ from it.

Published numbers are of these sets alone. That the cells are the same makes a sample no part of the
set, but other cells or incident energies, another factor on the energies or another readout cut keep
it from being one.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.runtime.units import format_energy
from caloexport.showers.binning import read_binning, shipped_binnings
from caloexport.showers.facts import (
    ATLAS_VOXELS,
    CHALLENGE_SAMPLING_FRACTION,
    SCALED_VOXELS,
    unit_facts,
)
from caloexport.showers.showers import Showers
from caloexport.validation.observables.occupancy import THRESHOLD_MEV
from caloexport.validation.readout_cut import ATLAS_THRESHOLD_MEV, ReadoutCut
from caloexport.validation.same_samples import same_cells

#: ends of the incident energies of each set, MeV (CaloChallenge/homepage, README.md)
ENERGIES_MEV = {
    "calochallenge1-photons": (2.0**8, 2.0**22),
    "calochallenge1-pions": (2.0**8, 2.0**22),
    "calochallenge2": (1e3, 1e6),
    "calochallenge3": (1e3, 1e6),
}
#: part by which the ends of a sample's energies may differ from these
SLACK = 0.02


def mesh_of_set(name: str) -> Mesh:
    """Return the cells of a set.

    Raises:
        UnknownName: no such set.

    >>> mesh_of_set("calochallenge2").shape
    (45, 16, 9)
    """
    return read_binning(name)[0].mesh


def challenge_set(mesh: Mesh) -> str | None:
    """Name the set with these cells, in whatever order they are stored.

    >>> challenge_set(mesh_of_set("calochallenge1-pions"))
    'calochallenge1-pions'
    """
    for name in shipped_binnings():
        if same_cells(mesh_of_set(name), mesh):
            return name
    return None


def require_set(showers: Showers, name: str) -> None:
    """Refuse showers with other cells than a set's.

    Raises:
        UnknownName: no such set.
        UsageError: names the set that has these cells, if one has.
    """
    if same_cells(mesh_of_set(name), showers.mesh):
        return
    own = challenge_set(showers.mesh)
    message = f"has {'cells of no published set' if own is None else f'the cells of {own}'}, not of {name}"
    hint = "results on other cells do not compare" if own is None else f"--published {own}"
    raise UsageError(message, where=showers.name, hint=hint)


def set_departures(showers: Showers, cut: ReadoutCut) -> tuple[str, ...]:
    """Say in what a sample cannot be of the set with its cells; empty where it can."""
    name = challenge_set(showers.mesh)
    if name is None:
        return ("cells of no published set",)
    found = []
    scale = unit_facts(showers)["energy_scale"]
    usual = 1 / CHALLENGE_SAMPLING_FRACTION if n_cells(showers.mesh) in SCALED_VOXELS else None
    if scale is not None and usual and not math.isclose(float(scale), usual, rel_tol=1e-3):
        found.append(f"energies times {float(scale):.4g}, those of {name} times {usual:.4g}")
    if n_cells(showers.mesh) in ATLAS_VOXELS:
        threshold = ATLAS_THRESHOLD_MEV
    else:
        threshold = THRESHOLD_MEV / CHALLENGE_SAMPLING_FRACTION
    if not math.isclose(cut.threshold_mev, threshold, rel_tol=1e-3):
        text = f"cut at {1e3 * cut.threshold_mev:.4g} keV, that of {name} is {1e3 * threshold:.4g}"
        found.append(f"{text} keV")
    energy = np.asarray(showers.conditions["energy_mev"], dtype=np.float64)
    ends, usual_ends = (float(energy.min()), float(energy.max())), ENERGIES_MEV[name]
    if not np.allclose(ends, usual_ends, rtol=SLACK):
        own, theirs = (" to ".join(map(format_energy, both)) for both in (ends, usual_ends))
        found.append(f"incident energies of {own}, those of {name} {theirs}")
    return tuple(found)
