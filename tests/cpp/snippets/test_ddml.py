"""DDML's models: cells stand where training put them, with the energies of Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.cpp.references import SEED, STEPS
from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import spread
from tests.cpp.compiling import STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.onnxruntime_wheels import OnnxRuntime
from tests.cpp.showers import refusal

pytestmark = pytest.mark.system

PROGRAM = Path(__file__).parent.parent / "programs" / "ddml_showers.cc"
FRAMEWORK = (STANDINS / "geant4", STANDINS / "ddml")


@pytest.fixture(scope="module")
def onnx_program(
    any_compiler: Compiler, snippet_folder: SnippetFolder, onnxruntime: OnnxRuntime
) -> Path:
    """DDML's own example model with our inference."""
    folder = snippet_folder("ddml-par04", "onnx")
    return any_compiler.program(
        [PROGRAM, folder / "plugin.cc"], includes=[folder, *FRAMEWORK], **onnxruntime.options
    )


@pytest.fixture(scope="module")
def decoder_program(any_compiler: Compiler, snippet_folder: SnippetFolder) -> Path:
    """The generated decoder as a model of its own."""
    folder = snippet_folder("ddml-decoder", "cpp")
    return any_compiler.program([PROGRAM, folder / "plugin.cc"], includes=[folder, *FRAMEWORK])


def points(line: str) -> dict[tuple[int, float, float], float]:
    """Return MeV by layer and place in mm."""
    words = line.split()
    found = {}
    for k in range(0, len(words), 4):
        x, y, energy = (float.fromhex(word) for word in words[k + 1 : k + 4])
        found[int(words[k]), round(x, 2) + 0.0, round(y, 2) + 0.0] = energy
    return found


def same_as_python(generator: Generator, lines: list[str], threshold_mev: float) -> None:
    """Compare four showers, cell by cell at the place where training put it."""
    physics = generator.sampling
    assert physics is not None
    mesh = physics.mesh
    centres, layers = mesh.centres(), np.ravel(mesh.indices()["z"])
    r, phi = np.ravel(centres["r_mm"]), np.ravel(centres["phi_rad"])
    for number, line in enumerate(lines):
        given: dict[str, Any] = {
            one.name: spread(one, turn)[STEPS[number]]
            for turn, one in enumerate(physics.conditions)
        }
        if "geometry" in given:
            given["geometry"] = "siw"
        shower: Array = generator.sample(1, seed=SEED, first=number, **given).ravel()
        found = points(line)
        places = zip(layers, r * np.cos(phi), r * np.sin(phi), strict=True)
        ours = [
            found.pop((int(layer), round(x, 2) + 0.0, round(y, 2) + 0.0), 0.0)
            for layer, x, y in places
        ]
        assert all(energy <= threshold_mev for energy in found.values()), "cells elsewhere"
        difference = compare(np.array([ours]), shower[None], "float32")
        assert difference.equal, difference


def test_the_example_model_gives_the_showers_of_the_generator(
    onnx_program: Path, snippet_folder: SnippetFolder, cylinder_generator: Generator
) -> None:
    artifact = snippet_folder("ddml-par04", "onnx") / "generator.onnx"
    trigger, *lines = run(onnx_program, "CheckedPar04Barrel", "ModelPath", artifact).splitlines()
    assert trigger == "010"
    same_as_python(cylinder_generator.above(0.0005), lines, 0.0)


def test_the_decoder_gives_the_showers_of_the_generator(
    decoder_program: Path, snippet_folder: SnippetFolder, cylinder_generator: Generator
) -> None:
    weights = snippet_folder("ddml-decoder", "cpp") / "decoder.safetensors"
    command = ("GeneratedBarrel", "WeightsPath", weights)
    trigger, *lines = run(decoder_program, *command, "siw").splitlines()
    assert trigger == "010"
    same_as_python(cylinder_generator, lines, 0.0)
    assert refusal(decoder_program, *command, "cheese") == "Choose: geometry has no category cheese"
    assert refusal(decoder_program, *command) == "a category was not set, or is not a known one"


def test_other_artifacts_are_refused_in_one_line(
    onnx_program: Path, decoder_program: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    other = snippet_folder("par04-vae", "onnx") / "generator.onnx"
    line = refusal(onnx_program, "CheckedPar04Endcap", "ModelPath", other)
    assert line.startswith(f"{other}: belongs to manifest ")
    absent = tmp_path / "absent.safetensors"
    line = refusal(decoder_program, "GeneratedEndcap", "WeightsPath", absent, "siw")
    assert line.startswith(f"{absent}: ")


def test_the_steering_file_names_what_the_plugins_read(snippet_folder: SnippetFolder) -> None:
    text = (snippet_folder("ddml-par04", "onnx") / "steering.py").read_text()
    compile(text, "steering.py", "exec")
    for line in ('ModelPath = "generator.onnx"', "NCellsRho = 4", "NCellsZ = 5", "1000.0 * MeV"):
        assert line in text
    text = (snippet_folder("ddml-decoder", "cpp") / "steering.py").read_text()
    compile(text, "steering.py", "exec")
    assert 'WeightsPath = "decoder.safetensors"' in text
    assert '"geometry", "siw",  # scipb, siw' in text
