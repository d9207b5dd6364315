"""Cells of a generated shower as steps, against numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.simulation.fast.incidence import depth_mm
from caloexport.simulation.frame import ShowerFrame, shower_frame
from caloexport.simulation.kernels.place_cells import place_cells
from tests.caloexport.simulation.fast.conftest import toy_plan

MESH = CylinderMesh(5, 7, 11, 8.0, 13.0)


def frame(theta_deg: float) -> ShowerFrame:
    return shower_frame(math.radians(theta_deg), (3.0, -2.0))


@pytest.mark.parametrize("radius", [None, "300mm"])
@pytest.mark.parametrize("theta_deg", [90.0, 50.0, 130.0])
def test_hit_cells_become_steps_in_the_slab_at_their_depth(
    radius: str | None, theta_deg: float
) -> None:
    detector = toy_plan(**({} if radius is None else {"inner_radius": radius})).detector
    random = np.random.default_rng(4)
    energies = random.exponential(3.0, math.prod(MESH.shape)).astype("f4")
    energies[random.random(energies.size) < 0.6] = 0
    centres = MESH.centres()
    r, phi = centres["r_mm"], centres["phi_rad"]
    local_mm = np.stack([r * np.cos(phi), r * np.sin(phi), centres["z_mm"]], axis=1)
    slabs = np.arange(len(detector.every_slab)) * 2
    where = frame(theta_deg)
    rows = np.empty((energies.size, 5))
    count = place_cells(
        energies, 4.0, local_mm, where.entry_mm, where.axes, detector.inner_radius_mm or 0.0,
        detector.edges_mm, slabs, rows,
    )  # fmt: skip
    hit = energies > 0
    assert count == hit.sum()
    points_mm = where.to_detector(local_mm[hit])
    assert rows[:count, 0] == pytest.approx(energies[hit] / 4.0)
    assert rows[:count, 1:4] == pytest.approx(points_mm)
    depths = depth_mm(detector, points_mm)
    within = np.searchsorted(detector.edges_mm, depths, side="right") - 1
    assert np.array_equal(rows[:count, 4], 2 * np.clip(within, 0, len(slabs) - 1))
