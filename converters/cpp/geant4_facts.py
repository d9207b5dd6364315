"""What Geant4's snippets need beside the facts of a generator: mesh, gun, and what can be read."""

from __future__ import annotations

import math
from pathlib import Path

from caloexport.converters.contracts.par04_vae import MESH
from caloexport.converters.cpp.facts import Facts
from caloexport.converters.targets import targets
from caloexport.runtime.mesh import CylinderMesh

#: conditions that a track tells
OF_A_TRACK = ("energy_mev", "theta_rad", "phi_rad")
#: what a first run shoots, in MeV, where that was trained
GUN_MEV = 50_000.0


def par04_mesh(facts: Facts) -> CylinderMesh:
    """Return the mesh with the sizes of Par04's own cells where it does not tell them."""
    mesh = facts.sampling.mesh
    assert isinstance(mesh, CylinderMesh)  # of the contract, or not refused
    return CylinderMesh(
        mesh.n_r, mesh.n_phi, mesh.n_z, mesh.dr_mm or MESH.dr_mm, mesh.dz_mm or MESH.dz_mm
    )


def gun_gev(facts: Facts) -> str:
    """Return an energy in the trained range, for a first run."""
    energy = next((one for one in facts.conditions if one.name == "energy_mev"), None)
    if energy is None or energy.low is None or energy.high is None:
        return f"{GUN_MEV / 1000:g}"
    return f"{min(max(GUN_MEV, energy.low), energy.high) / 1000:g}"


def refusal_of_conditions(facts: Facts) -> str | None:
    """Say why a track does not tell a condition; None when it tells all."""
    for one in facts.conditions:
        if not one.categories and one.name not in OF_A_TRACK and one.low != one.high:
            known = ", ".join(OF_A_TRACK)
            return f"a Geant4 track does not tell '{one.name}', only {known}: fix it with --fix"
    return None


def refusal_of_mesh(facts: Facts) -> str | None:
    """Say why cells have no place in space; None when they have."""
    if isinstance(facts.sampling.mesh, CylinderMesh):
        return None
    return "the mesh has no depth: its cells cannot be placed along a track"


def refusal_of_sizes(facts: Facts) -> str | None:
    """Say that cells have no size; None when they have."""
    mesh = facts.sampling.mesh
    if isinstance(mesh, CylinderMesh) and mesh.dr_mm is not None:
        return None
    return "the mesh does not tell the size of its cells along the radius"


def low_mev(facts: Facts) -> float:
    """Return where the trained range of the energy begins; 0 where it is not told."""
    lows = [one.low for one in facts.conditions if one.name == "energy_mev"]
    return lows[0] if lows and lows[0] is not None else 0.0


def refusal_of_azimuth(facts: Facts) -> str | None:
    """Say why Par04 would turn the showers; None when its azimuth is the mesh's."""
    origin = facts.sampling.mesh.phi_origin_rad
    if math.isclose(origin, -math.pi):
        return None
    return f"Par04 counts azimuth from -π, the mesh from {origin:g}: use geant4-fast-simulation"


def weights_name(artifact: Path) -> str:
    """Return the name of the weights beside a generated decoder; nothing when they are inside."""
    return next((one.name for one in targets["cpp"].files(artifact) if one != artifact), "")
