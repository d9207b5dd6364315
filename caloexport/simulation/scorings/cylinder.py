"""The regular (r, φ, z) cylinder along the particle's direction, as Geant4's Par04 scores it."""

from __future__ import annotations

from typing import Any, ClassVar

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.simulation.detector import Detector
from caloexport.simulation.scorings import Scoring, scorings


@scorings.register("cylinder")
class Cylinder(Scoring):
    """Score a cylinder: ir = ⌊ρ/Δr⌋, iφ = ⌊(φ + π)/Δφ⌋, iz = ⌊z/Δz⌋ in the frame of the shower.

    Source: Geant4 11.4, examples/extended/parameterisations/Par04, Par04SensitiveDetector.cc.
    """

    parameters: ClassVar = ("cells", "r_cell_mm", "z_cell_mm")
    mesh: CylinderMesh

    def make_mesh(self, detector: Detector) -> CylinderMesh:
        given: Any = self.plan.parameters or {}
        try:
            n_r, n_phi, n_z = (int(n) for n in given["cells"])
            dr_mm, dz_mm = float(given["r_cell_mm"]), float(given["z_cell_mm"])
        except (KeyError, TypeError, ValueError):
            message = f"mesh '{self.plan.name}' needs cells = [n_r, n_phi, n_z], r_cell and z_cell"
            raise UsageError(message, where=detector.name) from None
        return CylinderMesh(n_r, n_phi, n_z, dr_mm, dz_mm)

    def add(self, steps: Float64) -> None:
        from caloexport.simulation.kernels.cylinder import add_to_cylinder

        assert self.frame is not None
        mesh = self.mesh
        add_to_cylinder(
            steps, self.counts, self.frame.entry_mm, self.frame.axes,
            mesh.dr_mm, mesh.dz_mm, mesh.n_r, mesh.n_phi, mesh.n_z, self.cells,
        )  # fmt: skip

    def add_points(self, points: Float64) -> None:
        from caloexport.simulation.kernels.cylinder import add_points_to_cylinder

        mesh = self.mesh
        add_points_to_cylinder(
            points, self.counts,
            mesh.dr_mm, mesh.dz_mm, mesh.n_r, mesh.n_phi, mesh.n_z, self.cells,
        )  # fmt: skip
