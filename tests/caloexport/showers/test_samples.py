from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import h5py
import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName
from caloexport.showers import SAMPLES, open_showers, sample
from caloexport.showers.facts import unit_facts


@pytest.mark.parametrize("detector", SAMPLES)
def test_each_sample_is_what_it_says(detector: str) -> None:
    """Deposit and depth as Geant4 gives them at 90°: see the PDG review on cascades."""
    with open_showers(sample(detector)) as showers:
        assert (showers.n, showers.mesh.shape) == (256, (18, 50, 45))
        assert set(showers.conditions["geometry"]) == {detector}
        assert set(showers.conditions["pdg"]) == {11}
        assert showers.conditions["theta_rad"] == pytest.approx(math.pi / 2, abs=1e-6)
        energy_mev = showers.conditions["energy_mev"]
        assert 1000 <= energy_mev.min() < 1100
        assert 58_000 < energy_mev.max() <= 64_000
        response = showers.read().sum(axis=(1, 2, 3)) / energy_mev
        assert 0.97 < response.mean() < 0.992
        facts = unit_facts(showers)
        assert facts["energy_scale"] == 1.0
        assert facts["threshold_mev"] == 0.0005
        assert "Geant4 11.4.1" in showers.attributes["physics"]
        assert "BSD-3-Clause" in showers.attributes["license"]


def test_all_samples_fit_into_ten_megabytes() -> None:
    assert sum(sample(detector).stat().st_size for detector in SAMPLES) < 10e6


def test_other_names() -> None:
    with pytest.raises(UnknownName, match="unknown embedded sample 'sciw'"):
        sample("sciw")


@pytest.fixture
def cut_sample() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / "cut_sample.py"
    specification = importlib.util.spec_from_file_location("cut_sample", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_cutting_twice_gives_the_same_bytes(tmp_path: Path, cut_sample: ModuleType) -> None:
    source = tmp_path / "siw.h5"
    with h5py.File(source, "w") as file:
        for key in cut_sample.COLUMNS:
            file[key] = np.arange(300.0)
        file["showers"] = np.random.default_rng(0).random((300, 2, 3, 4)).astype(np.float16)
        for key in cut_sample.KEPT:
            file.attrs[key] = "x"
    for name in ("a", "b"):
        cut_sample.cut(source, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with h5py.File(tmp_path / "a") as part, h5py.File(source) as whole:
        assert np.array_equal(part["showers"][:], whole["showers"][:256])


def test_the_samples_are_the_first_showers_of_the_full_files(shower_folder: Path) -> None:
    for detector in SAMPLES:
        with (
            open_showers(sample(detector)) as part,
            open_showers(shower_folder / f"{detector}.h5") as whole,
        ):
            assert np.array_equal(part.read(slice(0, 20)), whole.read(slice(0, 20)))
            assert whole.conditions["energy_mev"][:256].tolist() == (
                part.conditions["energy_mev"].tolist()
            )
