from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.output_maps import OutputMap, output_maps

MESH = CylinderMesh(1, 1, 2)
#: network output, unit in MeV, cells in MeV
CASES = [
    ([[0.5, 2.0]], 1000.0, [[500.0, 2000.0]]),  # CaloDiT writes GeV
    ([[0.5, 2.0], [0.0, 1.0]], 1, [[0.5, 2.0], [0.0, 1.0]]),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("outputs", "unit", "expected"), CASES)
def test_formula(
    outputs: list[list[float]], unit: float, expected: list[list[float]], dtype: str
) -> None:
    incident = np.full(len(outputs), 1e9)  # it does not matter
    given = np.array(outputs, dtype=dtype)
    cells = OutputMap("absolute", {"unit_mev": unit}).energies(given, incident, MESH)
    assert cells.dtype == dtype
    np.testing.assert_allclose(cells, expected, rtol=1e-6)


def test_it_reads_one_output_per_cell() -> None:
    assert output_maps["absolute"].n_outputs(MESH, {}) == 2
    assert output_maps["absolute"].parameters == ("unit_mev",)
