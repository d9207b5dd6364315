"""The fast-simulation model: what it deposits and where, against Python."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cpp.references import SEED, STEPS
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.generator import Generator
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import spread
from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.showers import refusal

pytestmark = pytest.mark.system

PROGRAMS = Path(__file__).parent.parent / "programs"
ENTRY_MM = np.array([1.0, 2.0, 0.0])
AZIMUTH_RAD = 0.3


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    """What ``caloexport snippets`` writes."""
    return snippet_folder("geant4-fast-simulation", "cpp")


@pytest.fixture(scope="module")
def printed(any_compiler: Compiler, folder: Path) -> list[str]:
    """What the model did in a stand-in of Geant4, under the sanitizers."""
    program = any_compiler.program(
        [PROGRAMS / "geant4_showers.cc"],
        includes=[folder, STANDINS / "geant4"],
        flags=["-pthread", *SANITIZED],
    )
    return run(program, folder / "decoder.safetensors").splitlines()


def reference(generator: Generator, number: int) -> tuple[Float64, float]:
    """Return a reference shower of silicon-tungsten, flat in MeV, and its polar angle."""
    assert generator.sampling is not None
    given = {
        one.name: spread(one, turn)[STEPS[number]]
        for turn, one in enumerate(generator.sampling.conditions)
    }
    given["geometry"] = "siw"
    shower = generator.sample(1, seed=SEED, first=number, **given)
    return shower.ravel().astype(np.float64), float(given["theta_rad"])


def expected_places(generator: Generator, theta_rad: float) -> Float64:
    """Return the centre of each cell in the envelope's frame, (cells, 3) in mm."""
    assert generator.sampling is not None
    centres = generator.sampling.mesh.centres()
    r, phi, z = (np.ravel(centres[name]) for name in ("r_mm", "phi_rad", "z_mm"))
    local = np.stack([r * np.cos(phi), r * np.sin(phi), z])
    sine, cosine = math.sin(theta_rad), math.cos(theta_rad)
    about_y = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    sine, cosine = math.sin(AZIMUTH_RAD), math.cos(AZIMUTH_RAD)
    about_z = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    places: Float64 = ENTRY_MM + (about_z @ about_y @ local).T
    return places


def deposits(line: str) -> Array:
    """Return what was deposited: place in mm, MeV, and how far off its volume was looked for."""
    return np.array([float.fromhex(word) for word in line.split()]).reshape(-1, 5)


@pytest.mark.parametrize("number", range(4))
def test_cells_lie_along_the_track_with_the_energies_of_python(
    number: int, printed: list[str], cylinder_generator: Generator
) -> None:
    energies, theta_rad = reference(cylinder_generator, number)
    nothing, *cells = deposits(printed[number])
    np.testing.assert_allclose(nothing[:3], ENTRY_MM)
    assert 0 < nothing[3] < 1e-300
    hit = np.flatnonzero(energies)
    found = np.array(cells)
    assert len(found) == len(hit)
    places = expected_places(cylinder_generator, theta_rad)[hit]
    np.testing.assert_allclose(found[:, :3], places, rtol=0, atol=1e-9)
    difference = compare(found[None, :, 3], energies[None, hit], "float32")
    assert difference.equal, difference
    assert not found[:, 4].any(), "a deposit went to another volume"


def test_the_model_takes_what_it_was_trained_on(printed: list[str]) -> None:
    shared, trigger, particles, category, size = printed[4:]
    assert shared == "one decoder for all: 1"
    # both ends of the range; below and above; too flat and backwards; made inside; leaving
    assert trigger == "trigger: 11 00 00 00"
    assert particles == "particles: 1110"
    assert category == "cylinder: a category was not set, or is not a known one"
    assert size == "cylinder: its mesh does not tell the size of a cell"


def test_the_check_proves_the_decoder_and_refuses_other_weights(
    compiler: Compiler, folder: Path, tmp_path: Path
) -> None:
    program = compiler.program([folder / "check_decoder.cc"], includes=[folder])
    line = "4 of 4 reference showers agree (cylinder)\n"
    assert run(program, folder=folder) == line
    weights = bytearray((folder / "decoder.safetensors").read_bytes())
    weights[-1] ^= 1
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(weights)
    assert refusal(program, damaged).startswith(f"{damaged}: ")
    absent = tmp_path / "absent.safetensors"
    assert refusal(program, absent).startswith(f"{absent}: ")


def test_two_generators_live_in_one_program(
    any_compiler: Compiler, folder: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    other = snippet_folder("geant4-fast-simulation", "cpp", "fractions")
    for name, place in (("first", folder), ("second", other)):
        shutil.copytree(place, tmp_path / name)
    source = """
#include <cstdio>
#include "first/shower_model.h"
#include "second/shower_model.h"
template <class Model, class Decoder, class Conditions>
void tell(const char* weights, Conditions chosen) {
  Model model("model", nullptr, std::make_shared<const Decoder>(weights), chosen, {1.0, 2.0});
  std::printf("%d", model.IsApplicable(*G4Gamma::Definition()));
}
int main(int, char** words) {
  caloexport::cylinder::Conditions chosen;
  chosen.geometry = caloexport::cylinder::Geometry::siw;
  tell<caloexport::cylinder::ShowerModel, caloexport::cylinder::Decoder>(words[1], chosen);
  tell<caloexport::layer_fractions::ShowerModel, caloexport::layer_fractions::Decoder>(
      words[2], caloexport::layer_fractions::Conditions());
}
"""
    program = any_compiler.text(source, includes=[tmp_path, STANDINS / "geant4"])
    weights = [tmp_path / name / "decoder.safetensors" for name in ("first", "second")]
    assert run(program, *weights) == "11"


def test_the_application_prints_a_line_for_each_event(
    compiler: Compiler, folder: Path, tmp_path: Path
) -> None:
    program = compiler.program(
        [folder / "main.cc", PROGRAMS / "geant4_run.cc"],
        includes=[folder, STANDINS / "geant4"],
    )
    lines = run(program, "run.mac", folder=folder).splitlines()
    assert [line.split(":")[0] for line in lines] == [f"event {k}" for k in range(5)]
    deposited_gev = [float(line.split()[2]) for line in lines]
    assert all(1 < energy < 100 for energy in deposited_gev)
    assert len(set(deposited_gev)) == 5
    outside = tmp_path / "outside.mac"
    outside.write_text("/run/initialize\n/gun/energy 2000 GeV\n/run/beamOn 1\n")
    assert run(program, outside, folder=folder) == "event 0: 0 GeV in 0 deposits\n"
