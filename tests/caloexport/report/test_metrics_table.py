from __future__ import annotations

import io

import numpy as np
from rich.console import Console

from caloexport.report.metrics_table import metrics_table
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge


def test_a_number_that_is_far_too_large_is_told_short() -> None:
    """Energies in a wrong unit are what the table has to show, not a row of digits cut off."""
    random = np.random.default_rng(0)
    mesh, energy = CylinderMesh(2, 4, 3), {"energy_mev": np.full(16, 1e3)}
    cells = random.exponential(1.0, (16, *mesh.shape)).astype(np.float32)
    usual, found = (from_arrays(factor * cells, mesh, energy) for factor in (1, 1e30))
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(metrics_table(judge(usual, found, load_profile())))
    [row] = [line for line in console.export_text().splitlines() if "response ratio" in line]
    assert " 1e+30 " in row
