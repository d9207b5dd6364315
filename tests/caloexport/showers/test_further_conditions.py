from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers import open_showers, write_showers
from caloexport.showers.write import convert_showers

N = 5
GIVEN = {
    "energy_mev": np.full(N, 1024.0),
    "theta_rad": np.full(N, 1.5),
    "ripos_eta": np.linspace(-0.0125, 0.0125, N),
    "pconfig": np.array([0, 1, 2, 3, 0]),
    "material": np.array(["a", "b", "a", "b", "c"]),
}


def written(path: Path, **change: Any) -> Path:
    cells = np.random.default_rng(1).exponential(1.0, (N, 266)).astype(np.float32)
    write_showers(path, "calochallenge", ATLAS_WINDOW, {**GIVEN, **change}, [cells])
    return path


def test_numbers_codes_and_text_come_back(tmp_path: Path) -> None:
    with open_showers(written(tmp_path / "cells.h5")) as showers:
        assert showers.mesh == ATLAS_WINDOW
        assert list(showers.conditions) == list(GIVEN)
        for name, values in GIVEN.items():
            np.testing.assert_array_equal(showers.conditions[name], values)
        assert showers.conditions["pconfig"].dtype.kind == "i"


def test_they_survive_a_conversion(tmp_path: Path) -> None:
    with open_showers(written(tmp_path / "cells.h5")) as showers:
        convert_showers(showers, tmp_path / "again.h5", "calochallenge")
        with open_showers(tmp_path / "again.h5") as again:
            np.testing.assert_array_equal(again.conditions["pconfig"], GIVEN["pconfig"])
            np.testing.assert_array_equal(again.read(), showers.read())


def test_files_of_atlas_photons_without_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "photons.h5"
    with h5py.File(path, "w") as file:
        file["incident_energies"] = np.full((N, 1), 1000.0, np.float32)
        file["showers"] = np.ones((N, 266), np.float32)
        file["impact_phi"] = np.full((N, 1), 0.01, np.float32)
        file["eta_config"] = np.ones(N, np.int8)
    with open_showers(path) as showers:
        assert showers.mesh == ATLAS_WINDOW
        assert showers.conditions["ripos_phi"].tolist() == [float(np.float32(0.01))] * N
        assert showers.conditions["econfig"].tolist() == [1] * N


def test_a_name_without_dataset_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "cells.h5")
    with h5py.File(path, "a") as file:
        del file["pconfig"]
    with pytest.raises(InputFileError, match="condition 'pconfig', for which it has no dataset"):
        open_showers(path)


@pytest.mark.parametrize("name", ["showers", "two words", "../x"])
def test_names_that_files_cannot_hold_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedError, match="cannot be stored"):
        written(tmp_path / "cells.h5", **{name: np.zeros(N)})
    assert not list(tmp_path.iterdir())


def test_cells_have_one_order(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="the order z, r, phi"):
        open_showers(written(tmp_path / "cells.h5"), order=("z", "r", "phi"))
