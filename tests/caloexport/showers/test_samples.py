from __future__ import annotations

import importlib.util
import math
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from caloexport.cli.main import exit_code
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
        told = showers.attributes
        assert "11.4.1" in told["physics"] + told.get("geant4_version", "")
        assert "BSD-3-Clause" in showers.attributes["license"]


def test_all_samples_fit_into_ten_megabytes() -> None:
    assert sum(sample(detector).stat().st_size for detector in SAMPLES) < 10e6


def test_other_names() -> None:
    with pytest.raises(UnknownName, match="unknown embedded sample 'sciw'"):
        sample("sciw")


@pytest.fixture
def make_samples() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / "make_samples.py"
    specification = importlib.util.spec_from_file_location("make_samples", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_script_makes_every_sample_with_a_command_that_exists(
    make_samples: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_samples.DETECTORS == SAMPLES
    assert sum(sample(detector).stat().st_size for detector in SAMPLES) < make_samples.MOST_BYTES
    for detector in SAMPLES:
        program, *arguments = make_samples.command(detector, tmp_path / "no" / "folder.h5")
        assert program == "caloexport"
        # as far as the check of the output, which is the last before Geant4 starts
        assert exit_code(arguments) == 3
        assert "make the folder" in capsys.readouterr().err


def test_the_license_becomes_a_part_of_the_file(make_samples: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    shutil.copy(sample("siw"), path)
    make_samples.add_license(path)
    with open_showers(path) as changed, open_showers(sample("siw")) as whole:
        assert changed.attributes["license"] == make_samples.LICENSE
        assert changed.conditions["energy_mev"].tolist() == whole.conditions["energy_mev"].tolist()
