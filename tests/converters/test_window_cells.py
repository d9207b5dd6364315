"""Generators of a window of detector cells: kept in files, compared, and refused where r is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cell_positions import by_position
from caloexport.converters.contracts.fastcalosim_v2 import CELLS
from caloexport.converters.export import export
from caloexport.converters.fitting.cells import fit_cells
from caloexport.converters.fitting.publish import published_output
from caloexport.runtime import load
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.sampling import sample_to_file
from caloexport.showers import open_showers
from tests.converters.contracts.generators import log_ratio, trained

GENERATOR = trained((log_ratio(),), ATLAS_WINDOW, NoiseLaw(6))


def test_an_artifact_keeps_the_window_and_samples_it(tmp_path: Path) -> None:
    path = tmp_path / "photons.safetensors"
    export(GENERATOR, "numba", path)
    found = load(path).sampling
    assert found is not None
    assert found.mesh == ATLAS_WINDOW
    sample_to_file(
        path, tmp_path / "cells.h5", {"energy_mev": 25_000.0}, n=3, seed=1, backend="numpy",
        policy="error", format_name="calochallenge", report=lambda done: None,
    )  # fmt: skip
    with open_showers(tmp_path / "cells.h5") as showers:
        assert showers.mesh == ATLAS_WINDOW
        direct = GENERATOR.sample(3, seed=1, energy_mev=25_000.0)
        np.testing.assert_allclose(showers.read(), direct, rtol=1e-6)


def test_cells_are_compared_in_their_own_order() -> None:
    np.testing.assert_array_equal(by_position(ATLAS_WINDOW), np.arange(266))


def test_the_order_is_published_without_an_azimuth() -> None:
    told = published_output(GENERATOR.network, GENERATOR.sampling, {})
    assert told is not None
    assert told.endswith("cells in the order z, eta, phi")


def test_consumers_of_voxels_refuse_cells() -> None:
    assert GENERATOR.sampling is not None
    with pytest.raises(UnsupportedError, match="expects voxels in r and φ"):
        fit_cells(GENERATOR.network, GENERATOR.sampling, CELLS, None, "fastcalosim-v2")
