from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.output_maps import OutputMap, output_maps

MESH = CylinderMesh(1, 1, 3)
#: network output, incident energies in MeV, threshold in MeV, cells in MeV
CASES = [
    ([[0.5, 0.25, 0.0], [1.0, 0.0, 0.1]], [1000.0, 20.0], 0.0, [[500, 250, 0], [20, 0, 2]]),
    # below the threshold is nothing, at it is kept
    ([[0.5, 0.25, 0.2]], [4.0], 1.0, [[2.0, 1.0, 0.0]]),
    # a negative energy is none
    ([[-0.5, 0.25, 0.25]], [4.0], 0.0, [[0.0, 1.0, 1.0]]),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("outputs", "incident", "threshold", "expected"), CASES)
def test_formula(
    outputs: list[list[float]],
    incident: list[float],
    threshold: float,
    expected: list[list[float]],
    dtype: str,
) -> None:
    given = np.array(outputs, dtype=dtype)
    chosen = OutputMap("fraction_of_incident", {}, threshold)
    cells = chosen.energies(given, np.array(incident), MESH)
    assert cells.dtype == dtype
    np.testing.assert_allclose(cells, expected, rtol=1e-6)


def test_a_nan_stays_visible() -> None:
    chosen = OutputMap("fraction_of_incident", {}, 1.0)
    cells = chosen.energies(np.full((1, 3), np.nan, dtype="f4"), np.array([1.0]), MESH)
    assert np.isnan(cells).all()


def test_it_reads_one_output_per_cell() -> None:
    assert output_maps["fraction_of_incident"].n_outputs(MESH, {}) == 3
