"""Tables of shares give what sharing gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.cell_list import cells_of
from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.readout_file import readout_from_data
from caloexport.runtime.sharing import Sharing
from caloexport.runtime.sharing_table import SharingTable

MESH = CylinderMesh(6, 10, 12, 2.0, 3.0, order=("z", "phi", "r"))


@pytest.mark.parametrize("theta_rad", [math.pi / 2, 1.1, 2.4])
@pytest.mark.parametrize("cell", ["0.4mm", "5mm"])
def test_a_table_gives_the_hits_of_sharing(theta_rad: float, cell: str) -> None:
    random = np.random.default_rng(0)
    showers = random.exponential(10, (4, *MESH.shape)) * (random.random((4, *MESH.shape)) < 0.3)
    cells = showers.astype(np.float32)
    layer = {
        "depth": ["1mm", "3mm"], "repeat": 9, "pitch": "3.1mm", "cell": [cell, "4mm"],
        "gap": ["0.1mm", "0.2mm"], "cells": [50, 9],
    }  # fmt: skip
    sharing = Sharing(readout_from_data("test", {"layers": [layer]}), MESH)
    expected = sharing.share(cells, theta_rad, (1.0, 2.0))
    table = SharingTable(sharing, theta_rad, (1.0, 2.0))
    for given in (cells, cells_of(cells), cells):
        found = table.share(given)
        np.testing.assert_array_equal(found.offsets, expected.offsets)
        np.testing.assert_array_equal(found.cells, expected.cells)
        np.testing.assert_allclose(found.energies, expected.energies, rtol=3e-7, atol=1e-8)
        np.testing.assert_allclose(found.dead_mev, expected.dead_mev, rtol=1e-8)
        np.testing.assert_allclose(found.outside_mev, expected.outside_mev, rtol=1e-8)


def test_a_direction_along_the_layers_is_refused() -> None:
    layer = {"depth": ["0mm", "3mm"], "cell": ["4mm", "4mm"], "cells": [9, 9]}
    sharing = Sharing(readout_from_data("test", {"layers": [layer]}), MESH)
    with pytest.raises(UsageError, match="moves along the layers"):
        SharingTable(sharing, 0.0)
