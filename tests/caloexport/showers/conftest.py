from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import CylinderMesh

MESH = CylinderMesh(3, 4, 5, 2.0, 7.0)

Edit = Callable[[h5py.File], None]


def asymmetric(n: int, mesh: CylinderMesh = MESH) -> Array:
    """Energies that tell shower, r, phi and z of their cell: 1000 i + 100 r + 10 phi + z."""
    shower, r, phi, z = np.indices((n, mesh.n_r, mesh.n_phi, mesh.n_z))
    return np.asarray(1000 * shower + 100 * r + 10 * phi + z, dtype=np.float32)


@pytest.fixture
def par04_file(tmp_path: Path) -> Callable[..., Path]:
    """Make a small par04 file and let the test break it."""

    def make(edit: Edit = lambda file: None, n: int = 6) -> Path:
        path = tmp_path / "showers.h5"
        with h5py.File(path, "w") as file:
            file["incident_energy"] = np.arange(1, n + 1) * 1000.0
            file["incident_theta"] = np.full(n, np.pi / 2)
            file["showers"] = asymmetric(n)
            file.attrs.update({"geometry": "SiW", "r_cell_mm": 2.0, "z_cell_mm": 7.0})
            edit(file)
        return path

    return make
