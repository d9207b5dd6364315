"""Where particles start."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.simulation.detector_file import detector_from_data
from caloexport.simulation.frame import direction
from caloexport.simulation.geant4.gun import GAP_MM, start_point
from caloexport.simulation.primary import Primary


@pytest.mark.parametrize("radius", [None, "100mm"])
@pytest.mark.parametrize("theta_deg", [90, 60, 130])
@pytest.mark.parametrize("entry", [(0.0, 0.0), (3.0, -20.0)])
def test_particles_cross_the_front_face_where_they_should(
    radius: str | None, theta_deg: float, entry: tuple[float, float]
) -> None:
    wanted = {} if radius is None else {"inner_radius": radius}
    tungsten = {"slabs": [{"material": "G4_W", "thickness": "5mm"}]}
    mesh = {"kind": "cylinder", "cells": [1, 1, 1], "r_cell": "1m", "z_cell": "5mm"}
    data = {"stack": [tungsten], "upstream": [tungsten], "meshes": {"one": mesh}, **wanted}
    detector = detector_from_data("one", data)
    theta = math.radians(theta_deg)
    start = np.array(start_point(detector, Primary(11, 1e3, theta, entry), door_mm=0.5))
    along = direction(theta)
    np.testing.assert_allclose(start - along * start[2] / along[2], [*entry, 0.0], atol=1e-9)
    first_slab = -5.5 - GAP_MM
    if radius is None:
        assert start[2] == first_slab
    else:
        assert math.hypot(start[1], start[2] + 100) == pytest.approx(100 + first_slab, abs=1e-9)
