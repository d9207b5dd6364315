"""The cells of a generator in the mesh of a simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32, Float64, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.mesh import CylinderMesh, Mesh

#: relative difference of cell sizes, and turn in cells, that are none
CLOSE = 1e-6
#: source of the cell sizes when nothing but their numbers can be compared
UNTOLD = "the mesh; the artifact has none"


@dataclass(frozen=True)
class FastMesh:
    """How the cells of a generator lie in the mesh that a scoring fills.

    Attributes:
        source: for every cell of the scoring the one of the generator (n_cells,); None where both
            number their cells alike.
        centres_mm: (n_cells, 3) of the generator's cells in the frame of the shower.
        sizes_from: where the cell sizes are from.
    """

    source: Integers | None
    centres_mm: Float64
    sizes_from: str

    @classmethod
    def between(cls, manifest: Manifest, wanted: Mesh, detector: str) -> FastMesh:
        """Return how a generator's cells lie in the mesh of a scoring.

        Raises:
            UsageError: they are not the same cells.
        """
        assert manifest.sampling is not None
        own = manifest.sampling.mesh
        if not isinstance(own, CylinderMesh) or not isinstance(wanted, CylinderMesh):
            message = "fast simulation needs the (r, φ, z) cylinder on both sides"
            raise UsageError(message, hint="deposits are placed at the centres of its cells")
        sized, sizes_from = _with_sizes(own, wanted, manifest.provenance, detector)
        turn = (own.phi_origin_rad - wanted.phi_origin_rad) / (2 * math.pi) * own.n_phi
        if _differ(sized, wanted) or abs(turn - round(turn)) > CLOSE:
            message = f"the generator's cells are {_cells(sized)}, the mesh has {_cells(wanted)}"
            raise UsageError(message, hint="choose the mesh that it was trained on with --mesh")
        centres = sized.centres()
        r, phi = centres["r_mm"], centres["phi_rad"]
        centres_mm = np.stack([r * np.cos(phi), r * np.sin(phi), centres["z_mm"]], axis=1)
        return cls(_source(own, wanted, round(turn)), centres_mm, sizes_from)

    def to_scoring(self, energies: Float32) -> Float32:
        """Return the energies (n_cells,) of the generator's cells in the order of the scoring."""
        return energies if self.source is None else energies[self.source]


def _with_sizes(
    own: CylinderMesh, wanted: CylinderMesh, provenance: Mapping[str, Any], detector: str
) -> tuple[CylinderMesh, str]:
    if own.dr_mm is not None and own.dz_mm is not None:
        return own, "the artifact"
    for data in provenance.get("data", ()):
        if detector in data.get("geometry", ()) and data.get("dr_mm") and data.get("dz_mm"):
            return replace(own, dr_mm=data["dr_mm"], dz_mm=data["dz_mm"]), "its training data"
    return replace(own, dr_mm=wanted.dr_mm, dz_mm=wanted.dz_mm), UNTOLD


def _differ(one: CylinderMesh, other: CylinderMesh) -> bool:
    numbers, others = (
        np.array([mesh.n_r, mesh.n_phi, mesh.n_z, mesh.dr_mm or 0.0, mesh.dz_mm or 0.0])
        for mesh in (one, other)
    )
    return not np.allclose(numbers, others, rtol=CLOSE, atol=0)


def _cells(mesh: CylinderMesh) -> str:
    sizes = f"Δr = {mesh.dr_mm:g} mm, Δz = {mesh.dz_mm:g} mm"
    return f"{mesh.n_r} x {mesh.n_phi} x {mesh.n_z} with {sizes}"


def _source(own: CylinderMesh, wanted: CylinderMesh, turn: int) -> Integers | None:
    index = wanted.indices()
    index["phi"] = (index["phi"] - turn) % own.n_phi
    source: Integers = np.ravel_multi_index([index[axis] for axis in own.order], own.shape)
    return None if np.array_equal(source, np.arange(len(source))) else source
