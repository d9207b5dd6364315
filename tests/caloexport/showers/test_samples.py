from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import pytest

from caloexport.cli.main import exit_code
from caloexport.runtime.errors import UnknownName
from caloexport.showers import SAMPLES, open_showers, sample, write_showers
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


def test_packing_changes_nothing_but_the_license(make_samples: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "source.h5"
    with open_showers(sample("siw")) as whole:
        few = {name: values[:20] for name, values in whole.conditions.items()}
        cells, about = whole.read(slice(0, 20)), {"generator": "x"}
        write_showers(source, "par04", whole.mesh, few, [cells], about, dtype="float16")
    for name in ("a.h5", "b.h5"):
        make_samples.pack(source, tmp_path / name)
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()
    assert (tmp_path / "a.h5").stat().st_size < source.stat().st_size
    with open_showers(tmp_path / "a.h5") as packed, open_showers(source) as one:
        assert packed.attributes == {**one.attributes, "license": make_samples.LICENSE}
        assert packed.stored_dtype == "float16"
        assert packed.read().tobytes() == one.read().tobytes()
        for name, values in one.conditions.items():
            assert packed.conditions[name].tolist() == values.tolist()
