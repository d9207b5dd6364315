"""What is refused before a fast simulation starts."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.runtime import load
from caloexport.runtime.errors import InputFileError, OutOfRange, UnknownName, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import CylinderMesh
from caloexport.simulation.fast.planning import fast_provenance, fast_remarks, with_fast
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulators import simulators
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.fast.conftest import MESH, MakePlan
from tests.cpp.generators import layered
from tests.networks import decoder


def test_the_plan_names_the_artifact_by_its_hash(make_plan: MakePlan, artifact: Path) -> None:
    plan = with_fast(make_plan(settings={"cut_mm": 0.7}), artifact)
    fast = plan.settings["fast"]
    assert plan.settings["cut_mm"] == 0.7
    assert fast["artifact"] == str(artifact.resolve())
    assert fast["sha256"] == load(artifact).manifest.hash
    assert fast["threshold_mev"] == pytest.approx(995.0)
    assert Plan.from_json(plan.to_json()) == plan


def test_where_the_artifact_lies_does_not_matter(
    make_plan: MakePlan, artifact: Path, tmp_path: Path
) -> None:
    shutil.copy(artifact, tmp_path / "moved.safetensors")
    here, there = (with_fast(make_plan(), p) for p in (artifact, tmp_path / "moved.safetensors"))
    assert here.hash == there.hash != make_plan().hash
    other = _exported(decoder(CylinderMesh(4, 6, 5)), tmp_path)
    assert with_fast(make_plan(), other).hash != here.hash


def test_the_file_says_who_made_the_showers(make_plan: MakePlan, artifact: Path) -> None:
    assert fast_provenance(make_plan()) == {}
    told = fast_provenance(with_fast(make_plan(), artifact))
    assert told["generator"] == "fast simulation by toy in Geant4"
    assert told["fast_manifest_sha256"] == load(artifact).manifest.hash
    assert told["fast_cell_sizes"] == "the artifact"


@pytest.mark.parametrize(
    ("energies", "match"),
    [((100_000.0,), "up to 100 GeV"), ((100.0, 900.0), "up to 900 MeV")],
)
def test_energies_of_no_training(
    make_plan: MakePlan, artifact: Path, energies: tuple[float, ...], match: str
) -> None:
    with pytest.raises(OutOfRange, match=match):
        with_fast(make_plan(energy_mev=Spectrum("values", energies)), artifact)


def test_low_energies_of_a_wide_beam_stay_with_the_full_simulation(
    make_plan: MakePlan, artifact: Path
) -> None:
    wide = make_plan(energy_mev=Spectrum("log-uniform", (100.0, 64_000.0)))
    (remark,) = fast_remarks(with_fast(wide, artifact))
    assert remark == "particles below 995 MeV are simulated in full: 'toy' begins there"


def test_photons_of_a_generator_that_knows_no_particles(
    make_plan: MakePlan, artifact: Path
) -> None:
    assert fast_remarks(with_fast(make_plan(pdg=(11, -11)), artifact)) == []
    (remark,) = fast_remarks(with_fast(make_plan(pdg=(11, 22)), artifact))
    assert remark == "'toy' does not tell photons from electrons"


def test_angles_of_no_training(make_plan: MakePlan, artifact: Path) -> None:
    theta = Spectrum("uniform", (math.radians(50), math.pi / 2))
    with pytest.raises(OutOfRange, match=r"50° to 90°.*60° to 90°"):
        with_fast(make_plan(theta_rad=theta), artifact)


def test_a_detector_that_the_generator_does_not_know(make_plan: MakePlan, artifact: Path) -> None:
    with pytest.raises(UnknownName, match="known: pbwo4, scipb, siw"):
        with_fast(make_plan("odd-ecal"), artifact)


def test_a_particle_that_the_generator_does_not_know(make_plan: MakePlan, artifact: Path) -> None:
    with pytest.raises(UsageError, match="not trained on"):
        with_fast(make_plan(pdg=(13,)), artifact)


def test_other_cells(make_plan: MakePlan, artifact: Path) -> None:
    for mesh in ({"cells": [4, 6, 6]}, {"r_cell": "9mm"}, {"z_cell": "30.5mm"}):
        with pytest.raises(UsageError, match="choose the mesh"):
            with_fast(make_plan(mesh=mesh), artifact)


def test_several_meshes(make_plan: MakePlan, artifact: Path) -> None:
    plan = make_plan()
    twice = replace(plan, scorings=plan.scorings * 2)
    with pytest.raises(UsageError, match="give one --mesh"):
        with_fast(twice, artifact)


def _exported(generator: Generator, folder: Path) -> Path:
    export(generator, "numba", folder / "one.safetensors", verify=False)
    return folder / "one.safetensors"


def test_cell_sizes_that_the_artifact_does_not_tell(make_plan: MakePlan, tmp_path: Path) -> None:
    unsized = decoder(CylinderMesh(4, 6, 5))
    plan = with_fast(make_plan(), _exported(unsized, tmp_path))
    assert fast_remarks(plan) == ["'toy' does not tell its cell sizes: those of the mesh are taken"]
    assert fast_provenance(plan)["fast_cell_sizes"] == "the mesh; the artifact has none"


def test_cell_sizes_of_the_training_data(make_plan: MakePlan, tmp_path: Path) -> None:
    data = [{"geometry": ["siw"], "dr_mm": 10.0, "dz_mm": 30.6}]
    toy = decoder(CylinderMesh(4, 6, 5))
    told = Generator.from_network(toy.network, toy.sampling, provenance={"data": data})
    path = _exported(told, tmp_path)
    plan = with_fast(make_plan(), path)
    assert fast_provenance(plan)["fast_cell_sizes"] == "its training data"
    with pytest.raises(UsageError, match="Δr = 10 mm"):
        with_fast(make_plan(mesh={"r_cell": "9mm"}), path)


def test_cells_without_places(make_plan: MakePlan, tmp_path: Path) -> None:
    energy = Spectrum("values", (8192.0,))
    with pytest.raises(UsageError, match="cylinder on both sides"):
        with_fast(make_plan(energy_mev=energy), _exported(layered(), tmp_path))


def test_a_bare_network(make_plan: MakePlan, tmp_path: Path) -> None:
    bare = Generator.from_network(decoder().network)
    with pytest.raises(UsageError, match="bare network"):
        with_fast(make_plan(), _exported(bare, tmp_path))


def test_another_method(make_plan: MakePlan, artifact: Path) -> None:
    with pytest.raises(UsageError, match="option of geant4"):
        with_fast(make_plan(method="gflash"), artifact)


def test_an_artifact_that_went_away_starts_no_worker(make_plan: MakePlan, tmp_path: Path) -> None:
    path = _exported(decoder(MESH), tmp_path)
    plan = with_fast(make_plan(), path)
    simulators["geant4"].check(plan)
    path.unlink()
    with pytest.raises(InputFileError, match=r"one\.safetensors"):
        simulators["geant4"].check(plan)


def test_no_artifact(make_plan: MakePlan, tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        with_fast(make_plan(), tmp_path / "none.safetensors")
